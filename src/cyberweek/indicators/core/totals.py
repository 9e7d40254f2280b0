"""Amounts know what they are amounts of: people are never added to person-times."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal


class UnlikeUnitsError(TypeError):
    """Two amounts of different things were to become one."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(f"{one} and {other} cannot be added")
        self.one, self.other = one, other


class NotAddableError(TypeError):
    """Figures of this kind stand each for itself."""


@dataclass(frozen=True, slots=True)
class Amount:
    """So many of something: `count` is the unit of count (`enums.Count`)."""

    value: Decimal
    count: str

    def _like(self, other: Amount) -> None:
        if self.count != other.count:
            raise UnlikeUnitsError(self.count, other.count)

    def __add__(self, other: Amount) -> Amount:
        self._like(other)
        return Amount(self.value + other.value, self.count)

    def __sub__(self, other: Amount) -> Amount:
        self._like(other)
        return Amount(self.value - other.value, self.count)

    def __lt__(self, other: Amount) -> bool:
        self._like(other)
        return self.value < other.value


def combined(amounts: Iterable[Amount], adding: str) -> Amount | None:
    """What several amounts come to by a way of adding ("sum", "max"); None of none. Raises where units differ, and for
    ways that numbers alone do not have: a union wants sketches, and "none" is never put together."""
    result: Amount | None = None
    if adding not in {"sum", "max"}:
        raise NotAddableError(adding)
    for amount in amounts:
        if result is None:
            result = amount
        elif adding == "sum":
            result = result + amount
        else:
            result = max(result, amount)
    return result
