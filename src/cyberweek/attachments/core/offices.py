"""DOCX, XLSX, PPTX and OpenDocument: archives, opened with limits and read to their end.

Refused: macros, foreign objects, calls of other programs, templates fetched from elsewhere, parts whose paths climb,
archives that unpack to more than their limit (counted while unpacking, whatever they declare), other archives.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
from dataclasses import dataclass
from typing import Final

from .faults import Fault, UnfitError

ENTRIES: Final = 5000
UNPACKED: Final = 100 * 1024 * 1024
_RATIO: Final = 200  # unpacked to packed, above _SMALL: text with much repetition reaches 50
_SMALL: Final = 10 * 1024 * 1024
_DEEPEST: Final = 2  # a table in a slide in a document
_PIECE: Final = 1024 * 1024

_OOXML: Final = "application/vnd.openxmlformats-officedocument."
_ODF: Final = "application/vnd.oasis.opendocument."


@dataclass(frozen=True)
class Office:
    """What the archive is."""

    kind: str
    ending: str
    media_type: str


_MAIN: Final = {
    b"wordprocessingml.document.main+xml": Office("document", "docx", f"{_OOXML}wordprocessingml.document"),
    b"spreadsheetml.sheet.main+xml": Office("sheet", "xlsx", f"{_OOXML}spreadsheetml.sheet"),
    b"presentationml.presentation.main+xml": Office("slides", "pptx", f"{_OOXML}presentationml.presentation"),
    b"presentationml.slideshow.main+xml": Office("slides", "pptx", f"{_OOXML}presentationml.presentation"),
}
_OPEN: Final = {
    f"{_ODF}text".encode(): Office("document", "odt", f"{_ODF}text"),
    f"{_ODF}spreadsheet".encode(): Office("sheet", "ods", f"{_ODF}spreadsheet"),
    f"{_ODF}presentation".encode(): Office("slides", "odp", f"{_ODF}presentation"),
}
_PROGRAMS: Final = (
    b"MZ",
    b"\x7fELF",
    b"\xca\xfe\xba\xbe",
    b"#!",
    b"dex\n",
    b"Rar!",
    b"7z\xbc\xaf",
    b"MSCF",
    b"\x1f\x8b",
)
_OLE: Final = b"\xd0\xcf\x11\xe0"
_ZIP: Final = b"PK\x03\x04"
_END: Final = b"PK\x05\x06"
_MACROS: Final = re.compile(r"(^|/)(vba\w*\.(bin|xml)|macrosheets/.*|activex/.*|basic/.*|scripts/.*)$", re.IGNORECASE)
_RELATION: Final = re.compile(rb"<Relationship\b[^>]*>")
_FETCHED: Final = re.compile(rb"/(attachedTemplate|oleObject|frame|subDocument)[\"']")
_ELSEWHERE: Final = re.compile(
    rb"Target\s*=\s*[\"'](https?:|ftp:|mhtml:|\\\\|//|file:(//)?(?!/)|file:/{4,}|file:///\\)", re.IGNORECASE
)
_FIELD: Final = re.compile(rb"<w:instrText[^>]*>([^<]*)|<w:fldSimple[^>]*w:instr\s*=\s*[\"']([^\"']*)")
_CALL: Final = re.compile(rb"\bDDE(AUTO)?\b")
_ENTITIES: Final = (b"<!ENTITY", "<!ENTITY".encode("utf-16-le"), "<!ENTITY".encode("utf-16-be"))


class _Budget:
    """How much may still be unpacked, of the file and of what lies in it."""

    def __init__(self) -> None:
        self.left = UNPACKED

    def spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise UnfitError(Fault.UNPACKS)


def look_through(content: bytes) -> Office:
    """What office file this is. Raises `UnfitError`."""
    return _look_through(content, _Budget(), depth=0)


def _look_through(content: bytes, budget: _Budget, *, depth: int) -> Office:
    if content[-22:-18] != _END:  # no comment, and nothing behind
        raise UnfitError(Fault.TWO_IN_ONE if _END in content else Fault.DAMAGED)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            _refuse_bad_index(packed, len(content))
            return _parts(packed, budget, depth=depth)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise UnfitError(Fault.DAMAGED) from error


def _refuse_bad_index(packed: zipfile.ZipFile, size: int) -> None:
    parts = packed.infolist()
    if len(parts) > ENTRIES:
        raise UnfitError(Fault.UNPACKS)
    declared = sum(part.file_size for part in parts)
    if declared > UNPACKED or (declared > _SMALL and declared > size * _RATIO):
        raise UnfitError(Fault.UNPACKS)
    if not parts or min(part.header_offset for part in parts) != 0:
        raise UnfitError(Fault.TWO_IN_ONE)
    if len({part.filename.lower() for part in parts}) != len(parts):
        raise UnfitError(Fault.DAMAGED)
    for part in parts:
        if part.flag_bits & 0x1:
            raise UnfitError(Fault.OLD_OFFICE)
        path = part.orig_filename
        if path.startswith("/") or "\\" in path or "\0" in path or ":" in path or ".." in path.split("/"):
            raise UnfitError(Fault.CLIMBS)
        if stat.S_ISLNK(part.external_attr >> 16):
            raise UnfitError(Fault.CLIMBS)


def _parts(packed: zipfile.ZipFile, budget: _Budget, *, depth: int) -> Office:
    office: Office | None = None
    outright: Fault | None = None
    for number, part in enumerate(packed.infolist()):
        name = part.filename
        body = _unpacked(packed, part, budget)
        if number == 0 and name == "mimetype":
            office = _OPEN.get(body.strip())
        elif name == "[Content_Types].xml":
            outright = Fault.MACROS if b"macroEnabled" in body else outright
            office = next((kind for main, kind in _MAIN.items() if main in body), None)
        if _MACROS.search(name):
            outright = Fault.MACROS
        elif name.lower() in {"classes.dex", "androidmanifest.xml", "meta-inf/manifest.mf"}:
            raise UnfitError(Fault.PROGRAM)
        outright = outright or _fault_of(name, body)
        if body.startswith(_ZIP):
            if depth == _DEEPEST:
                raise UnfitError(Fault.OBJECTS)
            _look_through(body, budget, depth=depth + 1)
    if office is None:
        raise UnfitError(Fault.ARCHIVE if depth == 0 else Fault.OBJECTS)
    if outright is not None:
        raise UnfitError(outright)
    return office


def _fault_of(name: str, body: bytes) -> Fault | None:
    """What is wrong with one part of an office file."""
    ending = name.rsplit(".", 1)[-1].lower()
    if body.startswith((*_PROGRAMS, _OLE)):
        return Fault.OBJECTS
    if ending == "rels" and any(
        _FETCHED.search(relation) and _ELSEWHERE.search(relation) for relation in _RELATION.findall(body)
    ):
        return Fault.FETCHES
    if ending in {"xml", "rels"} or "." not in name:
        if any(entity in body for entity in _ENTITIES):
            return Fault.UNPACKS
        if b"<ddeLink" in body or b":dde-connection-decl" in body:
            return Fault.CALLS
        fields = b"".join(first or second for first, second in _FIELD.findall(body))
        if _CALL.search(fields):
            return Fault.CALLS
    return None


def _unpacked(packed: zipfile.ZipFile, part: zipfile.ZipInfo, budget: _Budget) -> bytes:
    """The part, whole; its checksum is compared at the end."""
    pieces = []
    with packed.open(part) as file:
        while piece := file.read(_PIECE):
            budget.spend(len(piece))
            pieces.append(piece)
    return b"".join(pieces)
