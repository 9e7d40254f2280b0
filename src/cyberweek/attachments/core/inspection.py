"""What a file is by its content, whatever it is called, and whether it may be kept. Bytes in, a finding out.

The name decides one thing only: text has no signature, so plain text is kept under the endings of plain text alone.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Final

import puremagic

from . import names, offices, pdfs, pictures, texts, videos
from .faults import Fault, UnfitError

_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True)
class Fit:
    """A file that may be kept: its true name and type, and the bytes to keep (of pictures and videos: without places)."""

    name: str
    kind: str  # a value of enums.Kind
    media_type: str
    body: bytes
    thumbnail: bytes = b""
    width: int | None = None
    height: int | None = None


ENDINGS: Final[dict[str, tuple[str, ...]]] = {
    "image": ("jpg", "jpeg", "png", "webp", "jfif", "jpe"),
    "video": ("mp4", "m4v"),
    "pdf": ("pdf",),
    "document": ("docx", "odt"),
    "sheet": ("xlsx", "ods"),
    "slides": ("pptx", "odp"),
    "text": texts.ENDINGS,
}
KNOWN: Final = frozenset(ending for endings in ENDINGS.values() for ending in endings) | {"heic", "gif", "svg", "exe"}

_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADS: Final[tuple[tuple[Fault, tuple[bytes, ...]], ...]] = (
    (
        Fault.PROGRAM,
        (
            b"\x7fELF", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe",
            b"\xca\xfe\xba\xbe", b"dex\n", b"\x00asm", b"!<arch>\n", b"\x4c\x00\x00\x00\x01\x14\x02\x00",
        ),
    ),
    (
        Fault.ARCHIVE,
        (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd", b"MSCF"),
    ),
    (Fault.OLD_OFFICE, (_OFFICE, b"{\\rtf")),
    (Fault.OTHER_PICTURE, (b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*", b"BM", b"8BPS")),
    (Fault.SOUND, (b"ID3", b"OggS", b"fLaC", b"#!AMR", b"\xff\xfb", b"\xff\xf1", b"\xff\xf9")),
    (Fault.SCRIPT, (b"#!", b"%!PS", b"<?php")),
)  # fmt: skip
_HEIC: Final = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"})


def inspected(content: bytes, name: str) -> Fit:
    """The file as it may be kept. Raises `UnfitError`; nothing else escapes, whatever the bytes are."""
    if not content:
        raise UnfitError(Fault.EMPTY)
    try:
        return _inspected(content, name)
    except UnfitError:
        raise
    except Exception as error:  # libraries that read strangers' bytes fail in ways that nobody lists
        _log.warning("a file of %d bytes was taken for damaged", len(content), exc_info=True)
        raise UnfitError(Fault.DAMAGED) from error


def claimed(name: str) -> str:
    """The kind that a name claims, by its ending; empty where it claims none."""
    ending = names.ending_of(names.cleaned(name))
    return next((kind for kind, endings in ENDINGS.items() if ending in endings), "")


def _inspected(content: bytes, name: str) -> Fit:
    refuse_by_head(content)
    if (form := pictures.form_of(content)) is not None:
        picture = pictures.redrawn(content, form)
        return Fit(
            _true(name, (picture.ending, *(("jpeg",) if picture.ending == "jpg" else ()))), "image",
            picture.media_type, picture.body, picture.thumbnail, picture.width, picture.height,
        )  # fmt: skip
    if content.startswith(b"%PDF-"):
        pdfs.look_through(content)
        return Fit(_true(name, ("pdf",)), "pdf", "application/pdf", content)
    if content.startswith(b"PK\x03\x04"):
        found = offices.look_through(content)
        return Fit(_true(name, (found.ending,)), found.kind, found.media_type, content)
    if content[4:8] == b"ftyp":
        return Fit(_true(name, ENDINGS["video"]), "video", "video/mp4", videos.without_places(content))
    ending = names.ending_of(names.cleaned(name))
    text = texts.look_through(content, ending)
    if text is None:
        raise UnfitError(Fault.UNKNOWN, looks=_looks(content))
    return Fit(_true(name, texts.ENDINGS), "text", text, content)


def refuse_by_head(content: bytes) -> None:
    """Name what is refused by its first bytes. Raises `UnfitError`."""
    if _is_windows_program(content):
        raise UnfitError(Fault.PROGRAM)
    for fault, heads in _HEADS:
        if content.startswith(heads) and not (
            fault is Fault.OTHER_PICTURE and content[:2] == b"BM" and texts.is_text(content)
        ):
            raise UnfitError(fault)
    if content[257:262] == b"ustar" or content[32769:32774] == b"CD001":
        raise UnfitError(Fault.ARCHIVE)
    if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
        raise UnfitError(Fault.SOUND)
    if content[4:8] == b"ftyp":
        brand = content[8:12]
        if brand in _HEIC:
            raise UnfitError(Fault.HEIC)
        if brand == b"qt  ":
            raise UnfitError(Fault.MOV)
        if brand in {b"M4A ", b"M4B "}:
            raise UnfitError(Fault.SOUND)


def _is_windows_program(content: bytes) -> bool:
    """MZ begins a program; a table may begin with the same two letters, and is text to its end."""
    return content[:2] in {b"MZ", b"ZM"} and not texts.is_text(content)


def _true(name: str, endings: tuple[str, ...]) -> str:
    return names.renamed(name, endings, known=KNOWN, otherwise="file")


def _looks(content: bytes) -> str:
    """What a library of signatures takes the file for; empty where it does not know."""
    try:
        best = puremagic.magic_string(content[:65536])[0]
    except (puremagic.PureError, ValueError, IndexError):
        return ""
    return best.name if best.confidence >= 0.4 else ""
