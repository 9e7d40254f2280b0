"""How wide the columns of a table are, from what stands in them. Widths in em of the table's letters."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

from cyberweek.documents.core.parts import Column, Kind, State, Table
from cyberweek.documents.core.text import plain, shown

LINE: Final = 54.0  # em that stand beside each other on a page
_WIDEST: Final = 26.0
_METER: Final = 9.0
_SAMPLE: Final = 400  # rows that are looked at


class Layout(NamedTuple):
    """`widths`: shares that add up to 1. `scale`: of the letters' size, under 1 where columns are many."""

    widths: tuple[float, ...]
    scale: float


def extent(text: str) -> float:
    """Rough length of a text in em."""
    return sum(1.0 if unicodedata.east_asian_width(sign) in "WF" else 0.56 for sign in text)


def _longest_word(text: str) -> float:
    """The longest piece that cannot be broken; Han characters part anywhere, pairs are kept for the eye."""
    pieces = re.split(r"[\s/\-]+|(?<=[\u2e80-\u9fff\uff00-\uffef]{2})", text[:2000])
    return min(max(map(extent, pieces), default=0.0), 12.0)


def _need(table: Table, index: int, column: Column) -> tuple[float, float]:
    """The least and the wished-for width of a column."""
    head = plain(column.title)
    least = _longest_word(head) * 1.1 + 0.3  # heads are bold
    if column.kind is Kind.METER:
        return _METER, _METER
    cells = [row[index] for row in table.rows[:_SAMPLE]]
    texts = ["●" if isinstance(cell, State) and cell.terse else plain(shown(cell)) for cell in cells]
    longest = max((extent(line) for text in texts for line in text.split("\n")), default=0.0)
    if column.kind is Kind.STATE:
        longest += 0 if all(isinstance(cell, State) and cell.terse for cell in cells) else 1.6
    if column.kind is not Kind.TEXT:
        return max(least, min(longest, 14.0)), max(least, min(longest, 14.0), min(extent(head) * 1.1 + 0.4, 9.0))
    return max(least, *map(_longest_word, texts), 3.0) if texts else max(least, 3.0), max(
        least, min(extent(head), 12.0), min(longest, _WIDEST)
    )


def layout(table: Table) -> Layout:
    """Columns with a `width` keep their share; the others get what they need, and what is left goes to texts."""
    needs = [_need(table, i, column) for i, column in enumerate(table.columns)]
    padded = [(least + 1.0, wish + 1.0) for least, wish in needs]
    least_sum, wish_sum = sum(least for least, _ in padded), sum(wish for _, wish in padded)
    scale = 1.0 if least_sum <= LINE else max(0.78, LINE / least_sum)
    room = LINE / scale
    if wish_sum <= room:
        widths = [wish for _, wish in padded]
        grows = [i for i, column in enumerate(table.columns) if column.kind is Kind.TEXT] or list(range(len(widths)))
        whole = sum(widths[i] for i in grows)
        widths = [w + (room - wish_sum) * w / whole if i in grows else w for i, w in enumerate(widths)]
    elif least_sum < room:
        share = (room - least_sum) / (wish_sum - least_sum)
        widths = [least + (wish - least) * share for least, wish in padded]
    else:
        widths = [least for least, _ in padded]
    given = [column.width for column in table.columns]
    if all(given):
        widths = given
    total = sum(widths)
    return Layout(tuple(width / total for width in widths), scale)
