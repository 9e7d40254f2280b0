"""Wrong rules are refused, each with its reason beside its field."""

from __future__ import annotations

import pytest

from cyberweek.finals.core.rules import Round, Rules, faults_of
from cyberweek.finals.enums import FinalFault

SIX = [f"Team {n}" for n in range(1, 7)]
ZIYANG = Rules(
    rounds=(
        Round(kind="must", items=18), Round(kind="choose", items=8, right=20), Round(kind="buzzer", items=20, wrong=10),
        Round(kind="risk", items=6, values=(30, 50)),
    ),
)  # fmt: skip


def faults(*rounds, teams=SIX, spares=0, ready=200):
    found = faults_of(Rules(rounds=rounds, spares=spares), teams, ready)
    for fault in found:
        assert FinalFault.say(fault.reason, fault.params)
    return [(fault.field, fault.reason) for fault in found]


def test_the_model_case_of_six_teams_can_be_held():
    assert faults_of(ZIYANG, SIX, 55) == []
    assert ZIYANG.items == 18 + 8 + 20 + 6 + 3


@pytest.mark.parametrize(
    ("one", "fault"),
    [
        (Round(kind="must", items=20), ("round:0:items", "uneven")),
        (Round(kind="must", items=0), ("round:0:items", "items")),
        (Round(kind="must", items=6, seconds=-1), ("round:0:seconds", "seconds")),
        (Round(kind="must", items=6, right=0), ("round:0:right", "right")),
        (Round(kind="must", items=6, wrong=-5), ("round:0:wrong", "wrong")),
        (Round(kind="choose", items=5), ("round:0:items", "few-items")),
        (Round(kind="choose", items=6, turns=0), ("round:0:turns", "turns")),
        (Round(kind="buzzer", items=6, lockout=61), ("round:0:lockout", "lockout")),
        (Round(kind="risk", items=6), ("round:0:values", "values")),
        (Round(kind="risk", items=6, values=(0, 10)), ("round:0:values", "value")),
        (Round(kind="risk", items=6, values=(50, 30)), ("round:0:values", "unsorted-values")),
        (Round(kind="risk", items=6, values=(30, 30)), ("round:0:values", "unsorted-values")),
    ],
)
def test_a_round_that_cannot_be_held_is_refused_with_the_reason(one, fault):
    assert faults(one) == [fault]


def test_items_for_all_teams_together_need_not_be_shared():
    assert faults(Round(kind="must", items=20, together=True)) == []


def test_a_thirteenth_team_and_a_single_one_are_refused():
    assert faults(Round(kind="buzzer", items=1), teams=[str(n) for n in range(13)]) == [("teams", "teams")]
    assert faults(Round(kind="buzzer", items=1), teams=["alone"]) == [("teams", "teams")]


def test_two_teams_of_one_name_are_refused_whatever_their_case():
    assert faults(Round(kind="buzzer", items=1), teams=["Red", "red"]) == [("teams", "same-team")] * 2


def test_more_items_than_are_ready_are_refused_the_tie_breaks_included():
    assert faults(Round(kind="buzzer", items=5), spares=3, ready=7) == [("rounds", "short-of-items")]
    assert faults(Round(kind="buzzer", items=5), spares=3, ready=8) == []


def test_a_final_has_one_to_eight_rounds():
    assert faults() == [("rounds", "no-rounds")]
    assert faults(*[Round(kind="buzzer", items=1)] * 9) == [("rounds", "many-rounds")]
