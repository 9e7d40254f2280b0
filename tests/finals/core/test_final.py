"""A final follows from its events: what may come next, what it gives, and what undoing takes back."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cyberweek.finals.core.events import Event, effective, head_of, last_step
from cyberweek.finals.core.final import EventRefusedError, state_of
from cyberweek.finals.core.rules import Round
from cyberweek.finals.core.state import points_by_item
from tests.factories.finals import Play, setup

MUST = Round(kind="must", items=3, right=10, wrong=5)
BUZZER = Round(kind="buzzer", items=3, right=10, wrong=10, seconds=20)
RISK = Round(kind="risk", items=3, values=(30, 50), seconds=60)
CHOOSE = Round(kind="choose", items=5, right=20)


def refused(reason: str):
    return pytest.raises(EventRefusedError, match=f"^{reason}$")


# -- Rounds --


def test_in_a_must_answer_round_teams_answer_in_turn_and_are_judged_by_the_key():
    play = Play(setup(MUST)).take(1, "a").take(2, "b")
    assert play.state.scores == {1: 10, 2: -5, 3: 0}
    with refused("not-your-turn"):
        play.show().answer(2, "a")
    play.answer(3, "a").judge()
    assert play.state.round_is_through
    assert play.close().state.stage == "done"


def test_nobody_answers_after_the_time_and_silence_is_wrong():
    play = Play(setup(MUST)).show()
    with refused("still-answering"):
        play.judge()
    play.wait(31)
    with refused("late"):
        play.answer(1, "a")
    assert play.judge().state.scores[1] == -5


def test_an_answer_under_way_when_the_time_ended_is_in_time_by_its_credit():
    play = Play(setup(MUST)).show().wait(30.1)
    play.add("answer", team=1, options=["a"], arrived=play.now, credit=150, spoken=False)
    assert play.judge().state.scores[1] == 10


def test_all_teams_answer_an_item_of_a_round_together_and_each_once():
    play = Play(setup(Round(kind="must", items=2, together=True))).show().answer(1, "a").answer(3, "b")
    with refused("answered"):
        play.answer(1, "b")
    play.answer(2, "a").judge()
    assert play.state.scores == {1: 10, 2: 10, 3: 0}


@pytest.mark.parametrize("options", [(), ("nothing",), ("a", "b"), ("a", "a")])
def test_what_cannot_be_an_answer_is_refused(options):
    with refused("no-option"):
        Play(setup(MUST)).show().answer(1, *options)


def test_a_team_chooses_a_number_that_nobody_has_taken():
    play = Play(setup(CHOOSE)).add("chosen", team=1, number=4)
    assert play.state.item_to_come() == 3
    play.take(1, "a")
    with refused("number-taken"):
        play.add("chosen", team=2, number=4)
    with refused("no-such-number"):
        play.add("chosen", team=2, number=6)
    with refused("not-your-turn"):
        play.add("chosen", team=3, number=1)
    with refused("nothing-to-show"):
        play.show()
    assert play.state.scores[1] == 20


def test_a_stake_is_won_or_lost_and_a_team_may_pass():
    play = Play(setup(RISK)).add("chosen", team=1, value=50).take(1, "b")
    play.add("chosen", team=2, value=0)
    play.add("chosen", team=3, value=30).take(3, "a")
    assert play.state.scores == {1: -50, 2: 0, 3: 30}
    assert play.state.round_is_through
    with refused("no-such-value"):
        Play(setup(RISK)).add("chosen", team=1, value=40)


# -- The buzzer --


def test_whoever_is_dated_first_answers_though_it_arrived_later():
    play = Play(setup(BUZZER)).show().add("armed").wait(1)
    play.buzz(1, credit=10, wait=200).wait(0.05).buzz(2, credit=200, wait=10)
    with refused("buzz-pending"):
        play.judge()
    play.award().answer(2, "a").judge()
    assert play.state.scores == {1: 0, 2: 10, 3: 0}


def test_the_winner_is_not_told_before_the_slowest_phone_could_have_come():
    play = Play(setup(BUZZER)).show().add("armed").wait(1).buzz(1, wait=200)
    with refused("not-now"):
        play.wait(0.1).add("awarded", team=1, drawn=[])
    with refused("not-now"):
        play.wait(1).add("awarded", team=2, drawn=[])
    assert play.award().state.responders == (1,)


def test_pressing_before_the_opening_locks_out_for_the_item():
    play = Play(setup(BUZZER)).show().buzz(1)
    with refused("locked"):
        play.buzz(1)
    play.add("armed").wait(1).buzz(1)
    assert [buzz.verdict for buzz in play.state.buzzes] == ["early", "locked"]
    assert play.state.award_due() is None
    assert play.buzz(2).award().state.responders == (2,)


def test_a_lock_of_some_seconds_ends_and_the_next_item_begins_without_any():
    play = Play(setup(Round(kind="buzzer", items=2, lockout=3))).show().buzz(1).add("armed")
    play.wait(1).buzz(1).wait(2.5).buzz(1).award().answer(1, "a").judge()
    assert play.state.scores[1] == 10
    assert play.show().state.locked == {}


def test_a_buzz_dated_before_the_opening_is_early_wherever_it_arrives():
    play = Play(setup(BUZZER)).show().add("armed").wait(0.1).buzz(1, credit=200)
    assert [buzz.verdict for buzz in play.state.buzzes] == ["early"]
    assert 1 in play.state.locked


def test_after_a_wrong_answer_the_others_may_buzz_and_the_key_stays_hidden():
    play = Play(setup(BUZZER)).duel(1, "b")
    assert (play.state.stage, play.state.scores[1]) == ("reading", -10)
    with refused("out"):
        play.buzz(1)
    play.add("armed").buzz(2).award().answer(2, "a").judge()
    assert play.state.scores == {1: -10, 2: 10, 3: 0}
    assert play.state.turn == 1


def test_nobody_buzzes_and_the_host_goes_on():
    play = Play(setup(BUZZER)).show()
    with refused("not-now"):
        play.judge()
    play.add("armed").wait(21)
    with refused("late"):
        play.buzz(1)
    assert play.judge().state.stage == "judged"
    with refused("closed"):
        play.buzz(1)


# -- Overruling and undoing --


def test_the_scorer_overrules_with_a_reason_and_only_what_was_judged():
    play = Play(setup(MUST)).take(1, "b")
    for bad, reason in (({"reason": " "}, "no-reason"), ({"team": 2}, "not-judged"), ({"points": 99}, "not-now")):
        with refused(reason):
            play.add(
                "overruled", **{"item": 0, "team": 1, "right": True, "points": 10, "reason": "heard wrongly", **bad}
            )
    play.add("overruled", item=0, team=1, right=True, points=10, reason="heard wrongly")
    assert play.state.scores[1] == 10
    assert play.state.marks[0].reason == "heard wrongly"
    with refused("nothing-to-change"):
        play.add("overruled", item=0, team=1, right=True, points=10, reason="again")


def test_undoing_takes_a_step_back_with_all_that_came_of_it_and_deletes_nothing():
    play = Play(setup(MUST)).show()
    before = play.state
    play.answer(1, "a").judge()
    assert play.state.scores[1] == 10
    with refused("not-the-last"):
        play.add("undone", target=2)
    play.add("undone", target=last_step(play.events).number)
    assert play.state.scores[1] == 0
    assert play.state.answers == {1: ("a",)}
    play.add("undone", target=2)
    assert play.state.stage == "idle"
    assert before.stage == "answering"
    with refused("nothing-to-undo"):
        play.add("undone", target=1)
    assert [event.kind for event in play.events] == ["opened", "shown", "answer", "judged", "undone", "undone"]


# -- The end --


def test_a_tie_goes_on_until_one_is_right_and_gives_no_points():
    play = Play(setup(MUST)).take(1, "a").take(2, "a").take(3, "b").close()
    assert play.state.places() == [(1, 1), (2, 1), (3, 3)]
    with refused("no-tie"):
        play.add("tiebreak", teams=[1, 3])
    play.add("tiebreak", teams=[1, 2])
    with refused("out"):
        play.show().buzz(3)
    play.add("armed").buzz(2).award().answer(2, "a").judge()
    assert play.state.places() == [(2, 1), (1, 2), (3, 3)]
    assert play.state.scores == {1: 10, 2: 10, 3: -5}
    assert play.add("finished").state.stage == "over"


def test_a_wrong_answer_in_a_tie_break_puts_a_team_behind_and_the_rest_go_on():
    play = Play(setup(Round(kind="buzzer", items=1), spares=3)).close().add("tiebreak", teams=[1, 2, 3])
    play.duel(3, "b")
    assert play.state.places() == [(1, 1), (2, 1), (3, 3)]
    assert play.state.group == (1, 2)
    play.duel(2, "a")
    assert (play.state.places(), play.state.group) == ([(2, 1), (1, 2), (3, 3)], ())


def test_a_tie_break_is_void_when_the_scores_change_afterwards():
    play = Play(setup(MUST)).take(1, "a").take(2, "a").take(3, "b").close().add("tiebreak", teams=[1, 2]).duel(2, "a")
    play.add("overruled", item=1, team=2, right=False, points=-5, reason="misread")
    assert play.state.places() == [(1, 1), (2, 2), (3, 2)]


def test_nothing_follows_the_end_but_undoing_it():
    play = Play(setup(MUST)).close().add("finished")
    for kind, data in (("shown", {"item": 0}), ("screen", {"show": "break"}), ("finished", {})):
        with pytest.raises(EventRefusedError):
            play.add(kind, **data)
    play.add("undone", target=last_step(play.events).number)
    assert play.state.stage == "done"


# -- Laws --

ROUNDS = (MUST, BUZZER, CHOOSE, RISK)
KINDS = ("shown", "armed", "buzz", "awarded", "answer", "judged", "overruled", "undone", "screen", "closed", "chosen",
         "tiebreak", "finished")  # fmt: skip
Step = st.tuples(st.sampled_from(KINDS), st.integers(1, 3), st.sampled_from("ab"), st.integers(0, 40_000))


def _try(play: Play, kind: str, team: int, option: str, passed: int) -> None:
    """Do this step if it may be done now: what is refused changes nothing."""
    play.now += passed if kind in {"judged", "awarded"} else passed // 100
    state = play.state
    target = last_step(play.events)
    mark = state.marks[-1] if state.marks else None
    acts = {
        "shown": play.show, "armed": lambda: play.add("armed"), "buzz": lambda: play.buzz(team, credit=team * 20),
        "awarded": play.award, "answer": lambda: play.answer(team, option), "judged": play.judge,
        "undone": lambda: play.add("undone", target=target.number if target else 0),
        "screen": lambda: play.add("screen", show="break" if option == "a" else "scores"), "closed": play.close,
        "chosen": lambda: play.add(
            "chosen", team=team, **({"value": 30} if state.rule.kind == "risk" else {"number": passed % 6})
        ),
        "tiebreak": lambda: play.add("tiebreak", teams=list(state.ties()[0])),
        "finished": lambda: play.add("finished"),
        "overruled": lambda: play.add(
            "overruled", item=mark.item, team=mark.team, right=not mark.right,
            points=points_by_item(state.setup.rules, mark, right=not mark.right), reason="seen",
        ),
    }  # fmt: skip
    with suppress(EventRefusedError, TypeError, IndexError, AttributeError):
        acts[kind]()


@given(st.lists(Step, max_size=90))
@settings(max_examples=120, deadline=None)
def test_scores_are_the_sum_of_judged_points_whatever_is_accepted(steps):
    play = Play(setup(*ROUNDS))
    for step in steps:
        _try(play, *step)
    sums = dict.fromkeys((1, 2, 3), 0)
    given_for: dict[tuple[int, int], int] = {}
    item = None
    for event in effective(play.events):
        if event.kind == "shown":
            item = event.data["item"]
        if event.kind == "judged":
            given_for |= {(item, team): points for team, _right, points in event.data["results"]}
        if event.kind == "overruled":
            given_for[event.data["item"], event.data["team"]] = event.data["points"]
    for (_item, team), points in given_for.items():
        sums[team] += points
    assert play.state.scores == sums


@given(st.lists(Step, max_size=60))
@settings(max_examples=60, deadline=None)
def test_folding_again_gives_the_same_state_and_undoing_gives_an_earlier_one(steps):
    play = Play(setup(*ROUNDS))
    for step in steps:
        _try(play, *step)
    assert state_of(play.setup, list(play.events)) == play.state
    target = last_step(play.events)
    if target:
        before = state_of(play.setup, [event for event in effective(play.events) if event.number < target.number])
        assert play.add("undone", target=target.number).state == before


def test_the_hash_names_every_event_and_the_final():
    events = [Event(1, "opened", 5, {"b": 1, "a": "一"}), Event(2, "shown", 9, {"item": 0})]
    head = head_of("grand", events)
    assert head == head_of("grand", [Event(1, "opened", 5, {"a": "一", "b": 1}), events[1]])
    others = {
        head_of("other", events),
        head_of("grand", events[:1]),
        head_of("grand", [events[0], Event(2, "shown", 9, {"item": 1})]),
    }
    assert len({head, *others}) == 4
