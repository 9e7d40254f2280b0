from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cyberweek.knowledge.core.groups import ALPHABET, TeamFigure, code_sha256, group_code, rank_teams


def test_a_code_is_the_same_every_time_and_another_for_whatever_differs():
    code = group_code("secret", "school", "class-1", 1)
    assert code == group_code("secret", "school", "class-1", 1)
    others = [("other", "school", "class-1", 1), ("secret", "s", "class-1", 1), ("secret", "school", "class-2", 1), ("secret", "school", "class-1", 2)]  # fmt: skip
    assert len({code, *[group_code(*other) for other in others]}) == 5


@given(st.text(max_size=20), st.integers(1, 9))
def test_a_code_has_ten_letters_none_of_which_is_taken_for_another(group, generation):
    left, _, right = group_code("secret", "school", group, generation).partition("-")
    assert (len(left), len(right)) == (5, 5)
    assert set(left + right) <= set(ALPHABET)
    assert not set(ALPHABET) & set("01ILOU")


@pytest.mark.parametrize("typed", ["ab2cd ef3gh", "AB2CD-EF3GH", "ＡＢ２ＣＤ－ＥＦ３ＧＨ", " Ab2Cd–Ef3Gh "])
def test_however_a_code_is_typed_it_is_the_same(typed):
    assert code_sha256(typed) == code_sha256("AB2CD-EF3GH")


def test_teams_are_ranked_by_exact_averages_ties_by_time_and_shared_when_both_are_equal():
    figures = [
        TeamFigure("thirds", 3, 250, 300),
        TeamFigure("faster", 3, 250, 297),
        TeamFigure("double", 6, 500, 600),
        TeamFigure("best", 2, 180, 900),
        TeamFigure("small", 1, 100, 1),
    ]
    assert [(row.place, row.team) for row in rank_teams(figures, 2)] == [
        (1, "best"), (2, "faster"), (3, "double"), (3, "thirds"), (None, "small"),
    ]  # fmt: skip
    assert rank_teams(figures, 1)[0].average == Fraction(100)


@given(st.lists(st.builds(TeamFigure, st.text(max_size=3), st.integers(0, 5), st.integers(0, 50), st.integers(0, 50))))
def test_every_team_is_told_once_and_small_ones_have_no_place(figures):
    rows = rank_teams(figures, 3)
    assert len(rows) == len(figures)
    assert all((row.place is None) == (row.members < 3) for row in rows)
