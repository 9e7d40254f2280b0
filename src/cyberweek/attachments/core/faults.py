"""Why a file is not kept."""

from __future__ import annotations

from enum import StrEnum


class Fault(StrEnum):
    """What is wrong with a file; the words are those of `attachments.actions`."""

    EMPTY = "empty"
    TOO_LARGE = "too-large"
    PROGRAM = "program"
    SCRIPT = "script"
    WEB_PAGE = "web-page"
    DRAWING = "drawing"  # SVG: a picture that may run scripts
    ARCHIVE = "archive"
    OLD_OFFICE = "old-office"  # DOC, XLS, PPT, RTF, or locked with a password: all one container
    HEIC = "heic"
    MOV = "mov"
    OTHER_PICTURE = "other-picture"
    SOUND = "sound"
    UNKNOWN = "unknown"
    DAMAGED = "damaged"
    PIXELS = "pixels"
    TWO_IN_ONE = "two-in-one"
    UNPACKS = "unpacks"
    CLIMBS = "climbs"
    MACROS = "macros"
    OBJECTS = "objects"
    FETCHES = "fetches"
    CALLS = "calls"
    PDF_SCRIPT = "pdf-script"
    PDF_FILES = "pdf-files"
    PDF_LOCKED = "pdf-locked"
    PDF_UNUSUAL = "pdf-unusual"
    ENCODING = "encoding"
    TEXT_NAME = "text-name"
    POSITIONS = "positions"


class UnfitError(Exception):
    """The file is not kept. `values` go into the sentence."""

    def __init__(self, fault: Fault, **values: str | int) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.values = values
