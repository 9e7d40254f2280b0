"""The letters of a PDF: ours first, then any font of the machine that has what ours lack, then a sign that says so."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import typst

from cyberweek.documents.core.glyphs import covered

FOLDER: Final = Path(__file__).resolve().parent.parent / "data" / "fonts"
FAMILY: Final = "Cyberweek Hans"
LATIN: Final = "Cyberweek Latin"  # the same letters, with quotes as narrow as English wants them; before it in English
GETA: Final = "〓"  # what printers of Chinese set where they lacked a letter
_UNSEEN: Final = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})


@dataclass(frozen=True)
class Letters:
    """`families` in the order in which they are asked; `lacking`: what none of them has."""

    families: tuple[str, ...]
    book: typst.Fonts
    lacking: frozenset[str]


def letters_for(text: set[str], *, machine: bool = True) -> Letters:
    """Fonts that draw these characters. The machine's own are looked at only for what ours lack, and if `machine`."""
    if not machine:
        return Letters((FAMILY,), _our_book(), frozenset(text - ours() - {sign for sign in text if _is_unseen(sign)}))
    lacking = {sign for sign in text - ours() if not _is_unseen(sign) and not unicodedata.combining(sign)}
    if not lacking:
        return Letters((FAMILY,), _our_book(), frozenset())
    chosen: list[tuple[str, Path]] = []
    for family, path, index in _machine():
        mine = {sign for sign in lacking if ord(sign) in _covered_by(path, index)}
        if mine:
            chosen.append((family, path))
            lacking -= mine
        if not lacking:
            break
    if not chosen:
        return Letters((FAMILY,), _our_book(), frozenset(lacking))
    families = tuple(dict.fromkeys([FAMILY, *(family for family, _ in chosen)]))
    return Letters(families, _machine_book(), frozenset(lacking))


def _is_unseen(sign: str) -> bool:
    return unicodedata.category(sign) in _UNSEEN or "\ufe00" <= sign <= "\ufe0f"


@lru_cache(maxsize=1)
def ours() -> frozenset[str]:
    """Every character that our regular font draws."""
    return frozenset(map(chr, covered((FOLDER / "CyberweekHans-Regular.otf").read_bytes())))


@lru_cache(maxsize=1)
def _our_book() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FOLDER])


@lru_cache(maxsize=1)
def _machine_book() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True, font_paths=[FOLDER])


@lru_cache(maxsize=1)
def _machine() -> tuple[tuple[str, Path, int], ...]:
    """Upright regular fonts of the machine, those made for Chinese first, otherwise by name: the same order every time."""
    found = {
        (font.family, Path(font.path), font.index)
        for font in _machine_book().fonts()
        if font.path and font.style == "normal" and font.weight == 400 and font.family not in {FAMILY, LATIN}
    }
    return tuple(
        sorted(found, key=lambda one: (not any(w in one[0] for w in (" SC", "Hei", "Song")), one[0], str(one[1])))
    )


@lru_cache(maxsize=32)
def _covered_by(path: Path, index: int) -> frozenset[int]:
    try:
        return covered(path.read_bytes(), index)
    except OSError:
        return frozenset()
