"""Numbers as people type them on a phone."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Final

_SIZES: Final = {"": 1, "千": 10**3, "k": 10**3, "万": 10**4, "萬": 10**4, "m": 10**6, "亿": 10**8, "億": 10**8}
_SHAPE: Final = re.compile(
    r"(?P<sign>[-+]?)(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<size>[千万萬亿億km]?)"
)
_COUNTED: Final = {
    "人次": "person-times", "person-times": "person-times", "人": "people", "people": "people", "persons": "people",
    "小时": "hours", "hours": "hours", "份": "items", "件": "items", "items": "items",
}  # fmt: skip
LARGEST: Final = Decimal(10) ** 13


class NoNumberError(ValueError):
    """What was typed is no number, a negative one, or one that is no figure of this world. `why` says which."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why  # "shape", "negative", "large", "parts"


def counted_in(text: str) -> tuple[str, str]:
    """What was typed without the unit of count behind it, and that unit: "300人次" is "300" person-times, "300" of none."""
    bare = unicodedata.normalize("NFKC", text).strip().lower()
    for word, unit in _COUNTED.items():  # 人次 before 人
        if bare.endswith(word):
            return bare.removesuffix(word), unit
    return text, ""


def read_number(text: str, *, whole: bool = True) -> Decimal:
    """Read what was typed: "3,000", "３０００", "1.2万" and "3 000" are numbers. Raises `NoNumberError`."""
    plain = re.sub(r"[\s_']", "", unicodedata.normalize("NFKC", text)).replace("，", ",").replace("−", "-").lower()
    found = _SHAPE.fullmatch(plain)
    if found is None:
        raise NoNumberError("shape")
    value = Decimal(found["number"].replace(",", "")) * _SIZES[found["size"]]
    if found["sign"] == "-" and value:
        raise NoNumberError("negative")
    if value >= LARGEST:
        raise NoNumberError("large")
    if value != value.quantize(Decimal(1) if whole else Decimal("0.01")):
        raise NoNumberError("parts")
    return value


def plain(value: Decimal) -> int | Decimal:
    """A figure without the noughts behind its point."""
    return int(value) if value == value.to_integral_value() else value.normalize()
