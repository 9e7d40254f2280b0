"""Text of people made fit for a page: what no format can hold is taken out, what runs too long may be broken."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

from cyberweek.documents.core.parts import Cell, Number, Run, State, Text

NOTHING: Final = "—"  # not known
_LOST: Final = "�"
_WIDE: Final = Context(prec=400)  # the largest float has 309 figures before its point
# Control signs that XML refuses, and those that turn the rest of a page about when they are not closed.
_NOWHERE: Final = "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
_UNFIT: Final = re.compile(
    f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufeff{_NOWHERE}]"
)
_HALF: Final = re.compile("[\ud800-\udfff]")
_LINES: Final = re.compile("\r\n|[\r\x85\u2028\u2029]")
_LONG: Final = re.compile(r"[!-~\u00a1-\u2fff]{18,}")
_PIECE: Final = re.compile(r"[^/._?&=+,;:%@-]{1,16}[/._?&=+,;:%@-]?|.")
_SAFE: Final = re.compile(r"(?:https?://|mailto:|tel:)[^\s]+|#[A-Za-z0-9-]+", re.IGNORECASE)


def printable(text: str) -> str:
    """The text without control signs, turning marks, non-characters; half a surrogate pair becomes �. Lines end in \\n."""
    if text.isprintable():  # most is, and a list has millions
        return text
    return _HALF.sub(_LOST, _UNFIT.sub("", _LINES.sub("\n", text)))


def breakable(text: str) -> str:
    """The same with places to break (ZERO WIDTH SPACE) in what has none for a line or so: addresses, hashes, nonsense."""
    return _LONG.sub(lambda found: "\u200b".join(_PIECE.findall(found.group())), text)


def address(href: str, base: str = "") -> str:
    """The address if a reader may follow it, else nothing. One that begins with / is put behind `base`; a base of "/"
    leaves it as it is, for pages of our own.
    """
    href = href.strip()
    if printable(href) != href:
        return ""
    if href.startswith("/") and not href.startswith(("//", "/\\")):
        href = base.rstrip("/") + href if base else ""
        if base == "/" and not re.search(r"\s", href):
            return href
    return href if _SAFE.fullmatch(href) else ""


def runs(text: Text, base: str = "") -> tuple[Run, ...]:
    """A text as clean runs with addresses that may be followed; empty ones are left out."""
    given = (Run(text),) if isinstance(text, str) else text
    return tuple(
        Run(printable(run.text), strong=run.strong, href=address(run.href, base))
        for run in given
        if printable(run.text)
    )


def plain(text: Text) -> str:
    return "".join(run.text for run in runs(text))


def figure(value: float | Decimal | None, digits: int = 0) -> str:
    """12,345.6 and −3; nothing known is a dash. Halves go up."""
    if value is None or not Decimal(value).is_finite():
        return NOTHING
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP, _WIDE)
    text = f"{abs(rounded):,f}"
    return f"−{text}" if rounded < 0 else text


def percentage(share: float | Decimal | None) -> str:
    """A share of 0 to 1 in whole per cent; 100% is said of all and 0% of none."""
    if share is None or not Decimal(share).is_finite():
        return NOTHING
    whole = int(Decimal(str(share)).scaleb(2).quantize(Decimal(1), ROUND_HALF_UP, _WIDE))
    if (whole >= 100 and share < 1) or (whole <= 0 and share > 0):
        whole = 99 if share < 1 and whole >= 100 else 1
    return f"{whole}%"


def shown(cell: Cell, base: str = "") -> tuple[Run, ...]:
    """What stands in a cell, whatever it is."""
    if cell is None:
        return (Run(NOTHING),)
    if isinstance(cell, State):
        return runs(cell.text, base)
    if isinstance(cell, Number):
        text = figure(cell.value, cell.digits) + (cell.suffix if cell.value is not None else "")
        return runs((Run(text, href=cell.href),), base)
    if isinstance(cell, Decimal):
        exponent = cell.as_tuple().exponent
        return (Run(figure(cell, max(0, -exponent) if isinstance(exponent, int) else 0)),)
    if isinstance(cell, int | float):
        return (Run(figure(cell, 0 if float(cell).is_integer() else 1)),)
    return runs(cell, base)
