"""Cuts the fonts of the PDFs from Noto Sans S Chinese as npm brings it: python tools/vendor_fonts.py FOLDER INTO

Regular keeps every character of the first CJK block, bold those of GB 2312 and of Big5's first plane; both keep Latin,
Greek, Cyrillic, kana and symbols. Hints, vertical writing and what old shapes need are left out, and the family gets a
name of its own, so that no font on a machine is mistaken for it. A third and a fourth file hold Latin alone, with quotes,
dots and signs as wide as they are: in the source they are as wide as a Chinese character, which parts English words.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.transformPen import TransformPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

HANS, LATIN = "Cyberweek Hans", "Cyberweek Latin"
LETTERS = {*range(0x20, 0x250), *range(0x2010, 0x2028), *range(0x2030, 0x203B), 0x20AC, 0x2122}
BEARING = 62  # beside a narrowed sign, in thousandths of its size
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


def _cut(source: Path, target: Path, *, family: str, weight: str, keep: set[int]) -> None:
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
    for number, text in {1: family, 2: weight, 3: f"{family} {weight} 1", 4: f"{family} {weight}", 16: family}.items():
        font["name"].removeNames(nameID=number)
        font["name"].setName(text, number, 3, 1, 0x409)
    font["name"].setName(f"{family} {weight}".replace(" ", ""), 6, 3, 1, 0x409)
    font["CFF "].cff.fontNames = [f"{family} {weight}".replace(" ", "")]
    if family == LATIN:
        _narrow(font)
    font.save(target)


def _narrow(font: TTFont) -> None:
    """Signs that stand in the middle of a square get the room that they need; dots go down to the line."""
    glyphs, names, widths = font.getGlyphSet(), font.getBestCmap(), font["hmtx"]
    full_stop, step = names[ord(".")], widths[names[ord(".")]][0]
    drawn = {}
    for code in {code for code in names if widths[names[code]][0] == 1000}:
        bounds = BoundsPen(glyphs)
        glyphs[names[code]].draw(bounds)
        if bounds.bounds is None:
            continue
        left, _, right, _ = bounds.bounds
        width = 3 * step if code == ord("…") else round(right - left) + 2 * BEARING
        pen = T2CharStringPen(width, glyphs)
        if code == ord("…"):
            for dot in range(3):
                glyphs[full_stop].draw(TransformPen(pen, (1, 0, 0, 1, dot * step, 0)))
        else:
            glyphs[names[code]].draw(TransformPen(pen, (1, 0, 0, 1, BEARING - left, 0)))
        drawn[names[code]] = (width, pen)
    strings = font["CFF "].cff.topDictIndex[0].CharStrings
    for name, (width, pen) in drawn.items():
        old = strings[name]
        strings[name] = pen.getCharString(private=old.private, globalSubrs=old.globalSubrs)
        widths[name] = (width, BEARING)


def main(folder: Path, into: Path) -> None:
    into.mkdir(parents=True, exist_ok=True)
    every = EVERYWHERE | set(range(0x4E00, 0xA000))
    common = EVERYWHERE | {
        *_plane("gb2312", range(0xA1, 0xF8), range(0xA1, 0xFF)),
        *_plane("big5", range(0xA4, 0xC7), SMALL_BYTES),
    }
    for weight, keep in (("Regular", every), ("Bold", common)):
        source = folder / f"NotoSansHans-{weight}.otf"
        _cut(source, into / f"CyberweekHans-{weight}.otf", family=HANS, weight=weight, keep=keep)
        _cut(source, into / f"CyberweekLatin-{weight}.otf", family=LATIN, weight=weight, keep=LETTERS)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
