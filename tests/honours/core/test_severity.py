from __future__ import annotations

import random
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cyberweek.honours.core.assignment import assign
from cyberweek.honours.core.severity import Sheet, corrected

totals = st.integers(0, 100).map(float)
tables = st.integers(2, 6).flatmap(
    lambda jurors: st.lists(st.lists(totals, min_size=jurors, max_size=jurors), min_size=2, max_size=8)
)


def sheets_of(table):
    return [Sheet(entry, juror, total) for entry, row in enumerate(table) for juror, total in enumerate(row)]


def by_entry(outcome):
    return {one.entry: one for one in outcome.standings}


@given(tables, st.floats(-40, 40))
def test_where_all_read_all_a_jurors_shift_changes_no_difference_between_entries(table, shift):
    shifted = [[row[0] + shift, *row[1:]] for row in table]
    one, other = by_entry(corrected(sheets_of(table))), by_entry(corrected(sheets_of(shifted)))
    first = one[0].corrected - other[0].corrected
    for entry in one:
        assert one[entry].corrected - other[entry].corrected == pytest.approx(first, abs=1e-3)


@given(tables)
def test_where_all_read_all_the_order_is_that_of_the_plain_means(table):
    found = by_entry(corrected(sheets_of(table)))
    for one in found.values():
        for other in found.values():
            if one.raw > other.raw + 1e-9:
                assert one.corrected >= other.corrected - 1e-6


@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_the_sheets_does_not_matter(table, dice):
    sheets = sheets_of(table)
    mixed = sheets[:]
    dice.shuffle(mixed)
    one, other = by_entry(corrected(sheets)), by_entry(corrected(mixed))
    assert {k: v.rank for k, v in one.items()} == {k: v.rank for k, v in other.items()}


def test_an_entry_read_by_strict_jurors_is_lifted_above_one_with_a_higher_plain_mean():
    quality = {0: 80, 1: 70, 2: 60, 3: 50, 4: 75, 5: 65}
    severity = {0: -15, 1: 0, 2: 12}
    readers = {0: (0, 1), 1: (1, 2), 2: (0, 2), 3: (0, 1), 4: (0, 1), 5: (1, 2)}
    sheets = [Sheet(e, j, quality[e] + severity[j] + 0.1 * e * j) for e, jurors in readers.items() for j in jurors]
    found = by_entry(corrected(sheets))
    assert found[4].raw < found[1].raw
    assert found[4].corrected > found[1].corrected
    assert [one.juror for one in corrected(sheets).severities] == [0, 1, 2]


def _spearman(one, other):
    def ranks(values):
        order = sorted(range(len(values)), key=values.__getitem__)
        return {index: rank for rank, index in enumerate(order)}

    a, b, n = ranks(one), ranks(other), len(one)
    return 1 - 6 * sum((a[i] - b[i]) ** 2 for i in range(n)) / (n * (n * n - 1))


def test_on_simulated_juries_corrected_ranks_beat_plain_means():
    """40 juries: 40 entries, 10 jurors of whom each reads 12; quality sd 10, severity sd 10, chance sd 6."""
    gains = []
    for seed in range(40):
        dice = random.Random(seed)
        entries, jurors = list(range(40)), list(range(10))
        plan = assign(entries=entries, jurors=jurors, conflicts=set(), readers=3, seed=seed)
        quality = [dice.gauss(60, 10) for _ in entries]
        severity = [dice.gauss(0, 10) for _ in jurors]
        sheets = [Sheet(e, j, min(100, max(0, quality[e] + severity[j] + dice.gauss(0, 6)))) for e, j in plan.added]
        found = by_entry(corrected(sheets))
        raw = _spearman([found[e].raw for e in entries], quality)
        better = _spearman([found[e].corrected for e in entries], quality)
        gains.append((raw, better))
    assert mean(better for _, better in gains) > mean(raw for raw, _ in gains) + 0.08
    assert sum(better > raw for raw, better in gains) >= 36


def test_the_standard_error_covers_the_truth():
    """Of 40 simulated juries' entries about 95 of 100 lie within two errors of what they are among the entries."""
    within = []
    for seed in range(40):
        dice = random.Random(seed)
        plan = assign(entries=list(range(30)), jurors=list(range(8)), conflicts=set(), readers=3, seed=seed)
        quality = [dice.gauss(60, 8) for _ in range(30)]
        severity = [dice.gauss(0, 8) for _ in range(8)]
        outcome = corrected([Sheet(e, j, quality[e] + severity[j] + dice.gauss(0, 6)) for e, j in plan.added])
        found = by_entry(outcome)
        centre = mean(quality) - mean(one.corrected for one in found.values())
        within += [abs(found[e].corrected + centre - quality[e]) <= 2 * found[e].error for e in range(30)]
    assert 0.9 <= mean(within) <= 0.99


def test_sets_of_jurors_who_share_no_entry_are_not_ranked():
    outcome = corrected([Sheet(1, 1, 90), Sheet(2, 1, 80), Sheet(3, 2, 50), Sheet(4, 2, 40)])
    assert outcome.sets == 2
    assert {one.rank for one in outcome.standings} == {None}
    assert len({one.set for one in outcome.standings}) == 2


def test_a_juror_who_gives_all_the_same_is_pointed_out():
    outcome = corrected([Sheet(e, j, 60 if j == 1 else 50 + 10 * e) for e in range(4) for j in (1, 2)])
    assert {one.juror: one.flat for one in outcome.severities} == {1: True, 2: False}


def test_equal_scores_share_a_rank_and_are_called_tied():
    outcome = corrected([Sheet(e, j, total) for e, total in enumerate((80, 70, 70, 60)) for j in (1, 2)])
    assert sorted((one.rank, one.tied) for one in outcome.standings) == [(1, False), (2, True), (2, True), (4, False)]


@pytest.mark.parametrize("sheets", [[], [Sheet(1, 1, 50)], [Sheet(1, 1, 50), Sheet(2, 1, 50)]])
def test_too_few_sheets_are_no_error(sheets):
    outcome = corrected(sheets)
    assert len(outcome.standings) == len(sheets)
    assert outcome.reliability is None
