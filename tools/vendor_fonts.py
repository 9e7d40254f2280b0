"""Cuts the fonts of the PDFs from Noto Sans S Chinese as npm brings it: python tools/vendor_fonts.py FOLDER INTO

Regular keeps every character of the first CJK block, bold those of GB 2312 and of Big5's first plane; both keep Latin,
Greek, Cyrillic, kana and symbols. Hints, vertical writing and what old shapes need are left out, and the family gets a
name of its own, so that no font on a machine is mistaken for it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FAMILY = "Cyberweek Hans"
SMALL_BYTES = [*range(0x40, 0x7F), *range(0xA1, 0xFF)]
EVERYWHERE = {*range(0x20, 0x3100), *range(0xFF00, 0xFFF0), ord("䶮")}
UNUSED = ("vhea", "vmtx", "VORG", "DSIG", "BASE")


def _plane(encoding: str, first: Iterable[int], second: Iterable[int]) -> Iterator[int]:
    trail = list(second)
    for high in first:
        for low in trail:
            try:
                yield ord(bytes([high, low]).decode(encoding))
            except (UnicodeDecodeError, TypeError):
                continue


def _cut(source: Path, target: Path, *, weight: str, keep: set[int]) -> None:
    font = TTFont(source, recalcTimestamp=False)
    options = Options()
    options.layout_features = ["kern", "halt", "palt", "liga", "locl", "ccmp"]
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = ["*"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=keep)
    subsetter.subset(font)
    for table in UNUSED:
        if table in font:
            del font[table]
    for number, text in {1: FAMILY, 2: weight, 3: f"{FAMILY} {weight} 1", 4: f"{FAMILY} {weight}", 16: FAMILY}.items():
        font["name"].removeNames(nameID=number)
        font["name"].setName(text, number, 3, 1, 0x409)
    font["name"].setName(f"{FAMILY} {weight}".replace(" ", ""), 6, 3, 1, 0x409)
    font["CFF "].cff.fontNames = [f"{FAMILY} {weight}".replace(" ", "")]
    font.save(target)


def main(folder: Path, into: Path) -> None:
    into.mkdir(parents=True, exist_ok=True)
    every = EVERYWHERE | set(range(0x4E00, 0xA000))
    common = EVERYWHERE | {
        *_plane("gb2312", range(0xA1, 0xF8), range(0xA1, 0xFF)),
        *_plane("big5", range(0xA4, 0xC7), SMALL_BYTES),
    }
    _cut(folder / "NotoSansHans-Regular.otf", into / "CyberweekHans-Regular.otf", weight="Regular", keep=every)
    _cut(folder / "NotoSansHans-Bold.otf", into / "CyberweekHans-Bold.otf", weight="Bold", keep=common)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
