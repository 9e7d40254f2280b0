"""Text with places for figures: `{figure:attendance}` stands for whatever the attendance is when it is read.

There is no other markup: a line that begins with "- " is an item of a list, an empty line ends a paragraph, everything
else is text as it was typed, whatever it looks like.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    FIGURE = "figure"  # within a sentence
    RATE = "rate"  # within a sentence: per 10,000 people
    CHART = "chart"  # on a line of its own: regions compared
    TABLE = "table"  # on a line of its own: figures, days, cases, lessons, below


INLINE: Final = frozenset({Kind.FIGURE, Kind.RATE})
_TOKEN: Final = re.compile(r"\{(figure|rate|chart|table):([a-z0-9][a-z0-9-]{0,39})\}")
_NUMBER: Final = re.compile(r"(?<![A-Za-z0-9_{:.,-])(?:\d(?:[\d,，.]*\d)?\s?[万亿]|\d[\d,，.]*\d)")
_BASES: Final = frozenset({"100", "1,000", "1000", "10,000", "10000", "100,000"})  # of rates
_YEAR: Final = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Token:
    kind: Kind
    code: str

    def __str__(self) -> str:
        return f"{{{self.kind}:{self.code}}}"

    @property
    def key(self) -> str:
        """Of the figure that it stands for."""
        return f"{self.kind}:{self.code}"


Piece = str | Token


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, an item of a list, or a chart or table that stands alone."""

    kind: str  # "paragraph", "item", "alone"
    pieces: tuple[Piece, ...]


def pieces_of(text: str) -> tuple[Piece, ...]:
    """The text cut at its tokens; joined again they are the text."""
    pieces: list[Piece] = []
    at = 0
    for found in _TOKEN.finditer(text):
        if found.start() > at:
            pieces.append(text[at : found.start()])
        pieces.append(Token(Kind(found[1]), found[2]))
        at = found.end()
    if at < len(text):
        pieces.append(text[at:])
    return tuple(pieces)


def tokens_of(text: str) -> list[Token]:
    """Every token once, in the order of first use."""
    return list(dict.fromkeys(piece for piece in pieces_of(text) if isinstance(piece, Token)))


def blocks_of(text: str) -> list[Block]:
    """The text as blocks. A chart or table in the middle of a paragraph cuts it in two."""
    blocks: list[Block] = []
    for paragraph in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        held: list[str] = []
        for line in paragraph.split("\n"):
            if line.lstrip().startswith("- "):
                blocks += _paragraphs("\n".join(held))
                held = []
                blocks += [
                    Block("item" if block.kind == "paragraph" else block.kind, block.pieces)
                    for block in _paragraphs(line.lstrip()[2:])
                ]
            else:
                held.append(line)
        blocks += _paragraphs("\n".join(held))
    return blocks


def _paragraphs(text: str) -> Iterator[Block]:
    run: list[Piece] = []
    for piece in pieces_of(text.strip()):
        if isinstance(piece, Token) and piece.kind not in INLINE:
            if _says_something(run):
                yield Block("paragraph", tuple(run))
            run = []
            yield Block("alone", (piece,))
        else:
            run.append(piece)
    if _says_something(run):
        yield Block("paragraph", tuple(run))


def _says_something(run: list[Piece]) -> bool:
    return any(isinstance(piece, Token) or piece.strip() for piece in run)


def typed_numbers(text: str) -> list[str]:
    """Numbers of two figures and more that somebody typed where a figure would stay true; years are let pass."""
    bare = _TOKEN.sub("", text)
    found = (match.group() for match in _NUMBER.finditer(bare))
    return list(dict.fromkeys(one for one in found if one not in _BASES and not _YEAR.fullmatch(one)))[:10]
