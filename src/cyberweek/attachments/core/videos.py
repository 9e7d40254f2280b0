"""MP4: a walk over its boxes. Where it was recorded and on what is overwritten in place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .faults import Fault, UnfitError

_TOP: Final = frozenset(
    {b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"uuid", b"udta", b"meta", b"moof", b"mfra", b"sidx", b"styp",
     b"pdin", b"prft", b"emsg"}
)  # fmt: skip
_TELLING: Final = frozenset({b"udta", b"meta", b"uuid"})  # places, devices, names
_SHOWN: Final = frozenset({b"vide", b"soun", b"hint", b"subt", b"text", b"sbtl"})
_BOXES: Final = 10_000


def without_places(content: bytes) -> bytes:
    """The same video, of the same length, with the boxes that tell of place and device made empty. Raises `UnfitError`."""
    video = bytearray(content)
    top = list(_boxes(video, 0, len(video)))
    kinds = [kind for kind, _start, _end in top]
    if kinds[:1] != [b"ftyp"] or b"moov" not in kinds or not set(kinds) <= _TOP:
        raise UnfitError(Fault.DAMAGED)
    for kind, start, end in top:
        if kind == b"moov":
            _clear_within(video, start, end)
        elif kind in _TELLING:
            _clear(video, start, end)
    return bytes(video)


def _clear_within(video: bytearray, start: int, end: int) -> None:
    for kind, inner, until in list(_boxes(video, start, end)):
        if kind in _TELLING:
            _clear(video, inner, until)
        elif kind == b"trak":
            _refuse_hidden_track(video, inner, until)
            _clear_within(video, inner, until)


def _refuse_hidden_track(video: bytearray, start: int, end: int) -> None:
    """A track that is neither seen nor heard: cameras write positions there, second by second."""
    for kind, inner, until in _boxes(video, start, end):
        if kind != b"mdia":
            continue
        for name, at, _until in _boxes(video, inner, until):
            if name == b"hdlr" and bytes(video[at + 8 : at + 12]) not in _SHOWN:
                raise UnfitError(Fault.POSITIONS)


def _clear(video: bytearray, start: int, end: int) -> None:
    """Make the box, whose content is from `start` to `end`, a free one. Its type stands in the header before it."""
    head = start - 4 if bytes(video[start - 4 : start]) in _TELLING else start - 12  # after a length of 64 bits
    video[head : head + 4] = b"free"
    video[start:end] = bytes(end - start)


def _boxes(video: bytearray, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Type, start and end of the content of every box. Raises `UnfitError` where they do not fill the space exactly."""
    at, seen = start, 0
    while at < end:
        seen += 1
        size, head = int.from_bytes(video[at : at + 4], "big"), 8
        kind = bytes(video[at + 4 : at + 8])
        if size == 1:
            size, head = int.from_bytes(video[at + 8 : at + 16], "big"), 16
        elif size == 0:
            size = end - at
        if size < head or at + size > end or seen > _BOXES:
            raise UnfitError(Fault.DAMAGED)
        yield kind, at + head, at + size
        at += size
