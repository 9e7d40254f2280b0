"""Only like is added to like."""

from __future__ import annotations

from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cyberweek.indicators.core.totals import Amount, NotAddableError, UnlikeUnitsError, combined
from cyberweek.indicators.enums import Count

KINDS = st.sampled_from(list(Count.values))


@given(KINDS, KINDS, st.integers(0, 10**9), st.integers(0, 10**9))
def test_people_are_never_added_to_person_times_nor_anything_to_what_it_is_not(one, other, a, b):
    left, right = Amount(Decimal(a), one), Amount(Decimal(b), other)
    if one == other:
        assert (left + right).value == a + b
        assert ((left + right) - right).value == a
        return
    for put_together in (lambda: left + right, lambda: left - right, lambda: combined([left, right], "max")):
        with pytest.raises(UnlikeUnitsError):
            put_together()


def test_a_union_is_not_made_of_numbers_and_what_is_not_added_is_not_added():
    for adding in ("union", "none"):
        with pytest.raises(NotAddableError):
            combined([Amount(Decimal(1), "people")], adding)


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=5), st.sampled_from(["sum", "max"]))
def test_the_order_changes_nothing(values, adding):
    amounts = [Amount(Decimal(value), "items") for value in values]
    assert len({combined(order, adding) for order in permutations(amounts)}) == 1


def test_nothing_comes_to_nothing():
    assert combined([], "sum") is None
