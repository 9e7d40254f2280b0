from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from cyberweek.honours.core.assignment import assign, sets_of


@given(st.integers(1, 30), st.integers(2, 10), st.integers(2, 4), st.integers(0, 5), st.data())
def test_every_entry_is_read_often_enough_and_never_by_a_juror_with_a_conflict(n, jurors, readers, seed, data):
    pairs = st.tuples(st.integers(1, n), st.integers(1, jurors))
    conflicts = data.draw(st.sets(pairs, max_size=10))
    plan = assign(entries=range(1, n + 1), jurors=range(1, jurors + 1), conflicts=conflicts, readers=readers, seed=seed)
    read = Counter(entry for entry, _juror in plan.added)
    assert len(set(plan.added)) == len(plan.added)
    assert not set(plan.added) & conflicts
    for entry in range(1, n + 1):
        free = jurors - sum(one == entry for one, _ in conflicts)
        assert read[entry] >= min(readers, free)
        assert (entry in plan.short) == (free < readers)


@given(st.integers(1, 40), st.integers(3, 10), st.integers(2, 3), st.integers(0, 9))
def test_without_conflicts_the_load_is_even_and_all_hangs_together(n, jurors, readers, seed):
    plan = assign(entries=range(n), jurors=range(jurors), conflicts=set(), readers=readers, seed=seed)
    load = Counter(juror for _entry, juror in plan.added)
    assert max(load.values()) - min(load[juror] for juror in range(jurors)) <= 2
    assert plan.sets == len(sets_of(plan.added)) == 1


def test_one_reader_each_is_tied_together_by_readings_more():
    plan = assign(entries=range(4), jurors=range(2), conflicts=set(), readers=1)
    assert plan.sets == 1
    assert len(plan.added) == 5


def test_what_conflicts_divide_is_said():
    conflicts = {(1, 3), (1, 4), (2, 3), (2, 4), (3, 1), (3, 2), (4, 1), (4, 2)}
    plan = assign(entries=[1, 2, 3, 4], jurors=[1, 2, 3, 4], conflicts=conflicts, readers=2)
    assert (plan.short, plan.sets) == ([], 2)


def test_readings_that_are_kept_count_and_the_same_seed_gives_the_same_plan():
    kept = [(1, 1), (2, 2)]
    one = assign(entries=[1, 2, 3], jurors=[1, 2, 3], conflicts=set(), readers=2, kept=kept, seed=7)
    assert one == assign(entries=[1, 2, 3], jurors=[1, 2, 3], conflicts=set(), readers=2, kept=kept, seed=7)
    assert len(one.added) == 4
    assert not set(one.added) & set(kept)
