"""PDF: what would run, start or carry something else is refused, in the open and in compressed object streams."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import Final

from .faults import Fault, UnfitError

_UNPACKED: Final = 100 * 1024 * 1024
_ESCAPED: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_END: Final = rb"(?=[\s/<>\[\]()%]|$)"
_RUNS: Final = re.compile(rb"/(JavaScript|Launch|RichMedia|Rendition|ImportData|XFA|SubmitForm)" + _END)
_CARRIES: Final = re.compile(rb"/(EmbeddedFiles?|FileAttachment)" + _END)
_LOCKED: Final = re.compile(rb"/Encrypt" + _END)
_PACKED: Final = re.compile(rb"/ObjStm" + _END)
_STREAM: Final = re.compile(rb"stream\r?\n")
_FILTER: Final = re.compile(rb"/Filter\s*(?:\[\s*)?/FlateDecode\s*\]?")
_OTHER_FILTER: Final = re.compile(
    rb"/(ASCIIHexDecode|ASCII85Decode|LZWDecode|RunLengthDecode|AHx|A85|LZW|RL|Crypt)" + _END
)


def look_through(content: bytes) -> None:
    """Raise `UnfitError` for a PDF that does more than to be read."""
    if b"%%EOF" not in content[-2048:]:
        raise UnfitError(Fault.DAMAGED)
    if zipfile.is_zipfile(io.BytesIO(content)):
        raise UnfitError(Fault.TWO_IN_ONE)
    plain = _unescaped(content)
    if _LOCKED.search(plain):
        raise UnfitError(Fault.PDF_LOCKED)
    _refuse_acts(plain)
    left = _UNPACKED
    packed = 0
    for found in _STREAM.finditer(content):
        if content[max(0, found.start() - 3) : found.start()] == b"end":
            continue
        head = _unescaped(_head(content, found.start()))
        times = len(_PACKED.findall(head))
        if not times:
            continue
        packed += times
        objects = _objects(content[found.end() : content.find(b"endstream", found.end())], head, left)
        left -= len(objects)
        _refuse_acts(_unescaped(objects))
    # A packed part that stands where this reader does not look for it would be read by another.
    if packed != len(_PACKED.findall(plain)):
        raise UnfitError(Fault.PDF_UNUSUAL)


def _head(content: bytes, stream: int) -> bytes:
    """What describes the stream: from the end of what stood before it."""
    start = max(content.rfind(b"endobj", 0, stream), content.rfind(b"endstream", 0, stream), 0)
    return content[start:stream]


def _objects(stream: bytes, head: bytes, most: int) -> bytes:
    """The objects of a packed stream, whole. Raises `UnfitError` where they are packed in an unusual way, or too many."""
    if not _FILTER.search(head) or _OTHER_FILTER.search(head) or b"/DecodeParms" in head:
        raise UnfitError(Fault.PDF_UNUSUAL)
    unpacker = zlib.decompressobj()
    try:
        objects = unpacker.decompress(stream, most)
    except zlib.error as error:
        raise UnfitError(Fault.PDF_UNUSUAL) from error
    if not unpacker.eof:
        raise UnfitError(Fault.UNPACKS if unpacker.unconsumed_tail else Fault.DAMAGED)
    return objects


def _refuse_acts(plain: bytes) -> None:
    if _RUNS.search(plain):
        raise UnfitError(Fault.PDF_SCRIPT)
    if _CARRIES.search(plain):
        raise UnfitError(Fault.PDF_FILES)


def _unescaped(content: bytes) -> bytes:
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), content) if b"#" in content else content
