from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cyberweek.programme.core.moderation import LIVE, RULES, Act, Leave, after, editable, follows, granted, open_acts
from cyberweek.programme.enums import Status

BOTH = frozenset({Leave.CHANGE, Leave.DECIDE})
leaves = st.frozensets(st.sampled_from(list(Leave)))


def test_the_table_speaks_of_exactly_the_states_that_there_are():
    named = set().union(*(rule.sources | {rule.target} for rule in RULES.values()))
    assert named == set(Status.values)
    assert set(Status.values) - LIVE == {"cancelled"}


@pytest.mark.parametrize(
    ("status", "acts"),
    [
        ("draft", ["submit", "cancel"]),
        ("submitted", ["approve", "return", "cancel"]),
        ("returned", ["submit", "cancel"]),
        ("approved", ["publish", "cancel"]),
        ("published", ["cancel"]),
        ("cancelled", []),
    ],
)
def test_what_follows_from_each_state_for_a_coordinator(status, acts):
    assert open_acts(status, BOTH) == acts


@pytest.mark.parametrize(
    ("leave", "acts"),
    [
        (set(), set()),
        ({Leave.CHANGE}, {"submit", "cancel"}),
        ({Leave.DECIDE}, {"approve", "return", "publish", "cancel"}),
    ],
)
def test_editors_do_not_decide_and_reviewers_do_not_enter(leave, acts):
    assert {act for act in Act if granted(act, frozenset(leave))} == acts


@given(st.lists(st.sampled_from(list(Act)), max_size=12), leaves)
def test_no_path_of_open_steps_leaves_the_states_or_publishes_what_nobody_approved(wanted, leave):
    status, path = "draft", ["draft"]
    for act in wanted:
        if act in open_acts(status, leave):
            assert follows(status, act)
            status = after(act)
            path.append(status)
    assert set(path) <= set(Status.values)
    if "published" in path:
        assert path[path.index("published") - 1] == "approved"
    if "cancelled" in path:
        assert path[-1] == "cancelled"


@pytest.mark.parametrize(
    ("status", "leave"), list(itertools.product(Status.values, [set(), {Leave.CHANGE}, {Leave.DECIDE}, BOTH]))
)
def test_what_is_approved_is_edited_only_by_those_who_could_approve_it(status, leave):
    expected = {
        "draft": Leave.CHANGE in leave, "submitted": Leave.CHANGE in leave, "returned": Leave.CHANGE in leave,
        "approved": leave == BOTH, "published": leave == BOTH, "cancelled": False,
    }  # fmt: skip
    assert editable(status, frozenset(leave)) is expected[status]
