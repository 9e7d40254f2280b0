from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cyberweek.kernel.core.withholding import SMALLEST_GROUP, withhold

people = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=3), st.integers(0, 60), max_size=8)


def test_small_groups_are_withheld_and_nobody_is_no_group():
    assert withhold({"a": 9, "b": 3, "c": 10, "d": 0}) == {"a": None, "b": None, "c": 10, "d": 0}


def test_a_single_small_group_takes_the_next_smallest_with_it():
    assert withhold({"a": 9, "b": 300, "c": 12}) == {"a": None, "b": 300, "c": None}


@given(people)
def test_no_small_group_can_be_seen_or_worked_out_from_the_total(counts):
    shown = withhold(counts)
    hidden = [name for name, count in shown.items() if count is None]
    assert not [name for name, count in shown.items() if count and count < SMALLEST_GROUP]
    assert len(hidden) != 1 or not [name for name, count in counts.items() if count >= SMALLEST_GROUP]
    assert all(shown[name] == counts[name] for name in counts if name not in hidden)
