"""Which characters a font has: the `cmap` of an OpenType font or collection, read directly."""

from __future__ import annotations

import struct
from typing import Final

_COLLECTION: Final = b"ttcf"


def covered(font: bytes, index: int = 0) -> frozenset[int]:
    """Code points that the font draws; `index` picks one of a collection. A font that cannot be read draws nothing."""
    try:
        return frozenset(_read(font, index))
    except (struct.error, IndexError):
        return frozenset()


def _read(font: bytes, index: int) -> set[int]:
    start = struct.unpack_from(">I", font, 12 + 4 * index)[0] if font.startswith(_COLLECTION) else 0
    (tables,) = struct.unpack_from(">H", font, start + 4)
    for number in range(tables):
        tag, _sum, offset, _length = struct.unpack_from(">4sIII", font, start + 12 + 16 * number)
        if tag == b"cmap":
            return _characters(font, offset)
    return set()


def _characters(font: bytes, cmap: int) -> set[int]:
    (count,) = struct.unpack_from(">H", font, cmap + 2)
    found: set[int] = set()
    for number in range(count):
        platform, encoding, offset = struct.unpack_from(">HHI", font, cmap + 4 + 8 * number)
        if (platform, encoding) in {(3, 10), (3, 1), (0, 3), (0, 4), (0, 6)}:
            table = cmap + offset
            (form,) = struct.unpack_from(">H", font, table)
            found |= _format_12(font, table) if form == 12 else _format_4(font, table) if form == 4 else set()
    return found


def _format_12(font: bytes, table: int) -> set[int]:
    (groups,) = struct.unpack_from(">I", font, table + 12)
    found: set[int] = set()
    for number in range(groups):
        first, last, glyph = struct.unpack_from(">III", font, table + 16 + 12 * number)
        if last > 0x10FFFF:
            raise IndexError
        found.update(range(first + (glyph == 0), last + 1))
    return found


def _format_4(font: bytes, table: int) -> set[int]:
    (double,) = struct.unpack_from(">H", font, table + 6)
    count = double // 2
    ends = struct.unpack_from(f">{count}H", font, table + 14)
    starts = struct.unpack_from(f">{count}H", font, table + 16 + double)
    deltas = struct.unpack_from(f">{count}H", font, table + 16 + 2 * double)
    places = table + 16 + 3 * double
    offsets = struct.unpack_from(f">{count}H", font, places)
    found: set[int] = set()
    for number, (first, last) in enumerate(zip(starts, ends, strict=True)):
        if offsets[number] == 0:
            found.update(code for code in range(first, last + 1) if (code + deltas[number]) & 0xFFFF)
            continue
        at = places + 2 * number + offsets[number]
        glyphs = struct.unpack_from(f">{last - first + 1}H", font, at)
        found.update(first + step for step, glyph in enumerate(glyphs) if glyph)
    return found - {0xFFFF}
