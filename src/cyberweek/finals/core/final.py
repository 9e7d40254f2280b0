"""A final as a fold over its events: `state_of` gives where it stands, and refuses an event that may not follow.

Data of each kind: opened {rules, seed}; chosen {team, number | value}; shown {item}; armed {}; buzz {team, arrived,
credit, wait}; awarded {team, drawn}; answer {team, options, arrived, credit, spoken}; judged {results: [[team, right,
points]]}; overruled {item, team, right, points, reason}; undone {target}; screen {show}; closed {round}; tiebreak
{teams}; finished {}. Teams are seats from 1, items are places in the frozen list from 0, times are milliseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from cyberweek.knowledge.core.grading import AnswersRefusedError, Question

from .buzzers import Press
from .events import Event, effective, last_step
from .state import Buzz, Duel, Mark, Setup, State, points_by_item

SCREENS: Final = ("item", "scores", "break")
ALL_ITEM: Final = -1
MAX_REASON: Final = 300


class EventRefusedError(ValueError):
    """This may not happen now; `reason` is a slug of `enums.Refusal`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def state_of(setup: Setup, events: Sequence[Event]) -> State:
    """Where the final stands. Raises EventRefusedError when the last event may not follow those before it."""
    if events and events[-1].kind == "undone":
        _check_undo(events)
    state = State(setup)
    for event in effective(events):
        _APPLY[event.kind](state, event)
    return state


def _check_undo(events: Sequence[Event]) -> None:
    step = last_step(events[:-1])
    _need(step is not None, "nothing-to-undo")
    assert step is not None
    _need(events[-1].data["target"] == step.number, "not-the-last")


def _need(condition: bool, reason: str) -> None:  # noqa: FBT001 -- reads as a sentence
    if not condition:
        raise EventRefusedError(reason)


# -- The host's steps --


def _opened(state: State, _event: Event) -> None:
    _need(state.stage == "before", "open-already")
    state.stage = "idle"


def _chosen(state: State, event: Event) -> None:
    _need(state.stage in {"idle", "judged"} and not state.round_is_through, "not-now")
    _need(state.rule.kind in {"choose", "risk"} and state.choice is None, "not-now")
    _need(event.data["team"] == state.in_turn, "not-your-turn")
    _clear(state)
    if state.rule.kind == "choose":
        number = event.data["number"]
        _need(1 <= number <= state.rule.items, "no-such-number")
        taken = state.taken.setdefault(state.round, set())
        _need(number not in taken, "number-taken")
        taken.add(number)
        state.choice = number
    else:
        value = event.data["value"]
        _need(value == 0 or value in state.rule.values, "no-such-value")
        if value:
            state.choice = value
        else:
            state.turn += 1  # the team passes: it neither wins nor loses
    state.screen = "item"


def _shown(state: State, event: Event) -> None:
    _need(state.stage in {"idle", "judged"} or (state.stage == "done" and bool(state.group)), "not-now")
    item = state.item_to_come()
    _need(item is not None, "nothing-to-show")
    _need(event.data["item"] == item, "not-now")
    choice = state.choice
    _clear(state)
    state.item = item
    state.stake = choice if not state.group and state.rule.kind == "risk" else None
    if state.group:
        state.spares_used += 1
    if state.rule.kind == "buzzer":
        state.stage = "reading"
    else:
        everybody = tuple(state.teams)
        state.responders = everybody if state.in_turn is None else (state.in_turn,)
        state.stage, state.until = "answering", event.at + state.rule.seconds * 1000
    state.screen = "item"


def _armed(state: State, event: Event) -> None:
    _need(state.stage == "reading", "not-now")
    _need(bool(state.eligible()), "nobody-left")
    state.stage, state.opening, state.armed_at = "armed", event.number, event.at
    state.until = event.at + state.rule.seconds * 1000
    state.buzzes = [buzz for buzz in state.buzzes if buzz.verdict == "early" and buzz.press.team in state.early]
    for team in state.early:
        _lock(state, team)
    state.early = set()
    state.screen = "item"


def _lock(state: State, team: int) -> None:
    state.locked[team] = state.armed_at + state.rule.lockout * 1000 if state.rule.lockout else ALL_ITEM


def _judged(state: State, event: Event) -> None:
    opened = state.opening and state.stage in {"armed", "reading"}
    _need(bool(opened) or state.stage == "answering", "not-now")
    _need(not state.counted() or state.stage != "armed", "buzz-pending")
    answered = all(team in state.answers for team in state.responders)
    _need(state.stage != "answering" or answered or event.at >= state.until, "still-answering")
    results = state.verdict() if state.stage == "answering" else []
    _need(event.data["results"] == results, "not-now")
    assert state.item is not None
    for team, right, points in results:
        state.marks.append(Mark(state.item, team, right, points))
    if state.group:
        _decide_duel(state, results)
    elif state.rule.kind == "buzzer" and results and not results[0][1] and _others_may(state):
        return
    if state.group:
        state.stage, state.group = "done", _still_tied(state)
    else:
        state.stage, state.turn, state.choice = "judged", state.turn + 1, None


def _others_may(state: State) -> bool:
    """After a wrong answer: true when the item goes back to the others."""
    state.out |= set(state.responders)
    unlocked = [team for team in state.eligible() if state.locked.get(team) != ALL_ITEM]
    if not state.rule.rebound or not unlocked:
        return False
    state.stage, state.responders, state.drawn = "reading", (), ()
    return True


def _decide_duel(state: State, results: list[list[Any]]) -> None:
    for team, right, _points in results:
        order = {one: int((one == team) != right) for one in state.group}
        state.duels.append(Duel(frozenset(state.group), order))


def _still_tied(state: State) -> tuple[int, ...]:
    """What is left of the group: the tie-break goes on among these by itself."""
    return next((group for group in state.ties() if set(group) <= set(state.group)), ())


def _overruled(state: State, event: Event) -> None:
    data = event.data
    index = next((i for i, mark in enumerate(state.marks) if mark[:2] == (data["item"], data["team"])), None)
    _need(index is not None, "not-judged")
    assert index is not None
    mark = state.marks[index]
    _need(state.stage != "over", "over")
    _need(mark.right != data["right"], "nothing-to-change")
    _need(data["points"] == points_of(state, mark, right=data["right"]), "not-now")
    _need(0 < len(data["reason"].strip()) <= MAX_REASON, "no-reason")
    state.marks[index] = mark._replace(right=data["right"], points=data["points"], reason=data["reason"])


def points_of(state: State, mark: Mark, *, right: bool) -> int:
    """What an item would have given a team, had it been judged the other way. Not for items of the tie-break."""
    _need(mark.item < state.first_spare, "undo-instead")
    return points_by_item(state.setup.rules, mark, right=right)


def _screen(state: State, event: Event) -> None:
    _need(state.stage not in {"before", "over"}, "not-now")
    _need(state.stage not in {"armed", "answering"}, "not-now")
    _need(event.data["show"] in SCREENS and event.data["show"] != state.screen, "not-now")
    state.screen = event.data["show"]


def _closed(state: State, event: Event) -> None:
    _need(state.stage in {"idle", "judged"} and not state.group, "not-now")
    _need(event.data["round"] == state.round, "not-now")
    _clear(state)
    state.round, state.turn = state.round + 1, 0
    state.stage = "done" if state.round == len(state.setup.rules.rounds) else "idle"
    state.screen = "scores"


def _tiebreak(state: State, event: Event) -> None:
    _need(state.stage == "done", "not-now")
    group = tuple(event.data["teams"])
    _need(group in state.ties(), "no-tie")
    _need(state.spares_used < state.setup.rules.spares, "no-spares")
    _clear(state)
    state.group, state.stage, state.screen = group, "done", "item"


def _finished(state: State, _event: Event) -> None:
    _need(state.stage == "done", "not-now")
    _clear(state)
    state.group, state.stage, state.screen = (), "over", "scores"


def _clear(state: State) -> None:
    """Take the item off the table."""
    state.item = state.stake = state.choice = None
    state.responders, state.drawn, state.until, state.opening, state.armed_at = (), (), 0, 0, 0
    state.buzzes, state.locked, state.early, state.out, state.answers = [], {}, set(), set(), {}
    state.stage = "idle" if state.stage == "judged" else state.stage


# -- What teams do, and the server's decision --


def _buzz(state: State, event: Event) -> None:
    data = event.data
    press = Press(data["team"], data["arrived"], data["credit"], data["wait"])
    team = press.team
    _need(state.rule.kind == "buzzer" and state.stage in {"reading", "armed", "answering"}, "closed")
    _need(team in state.eligible(), "out")
    if state.stage == "answering":
        _need(all(buzz.press.team != team for buzz in state.buzzes), "pressed")
        state.buzzes.append(Buzz(press, "after"))
    elif state.stage == "reading":
        _need(team not in state.early, "locked")
        state.early.add(team)
        state.buzzes.append(Buzz(press, "early"))
    else:
        _buzz_in_time(state, press)


def _buzz_in_time(state: State, press: Press) -> None:
    _need(press.at < state.until, "late")
    _need(all(one.team != press.team for one in state.counted()), "pressed")
    lock = state.locked.get(press.team)
    if press.at < state.armed_at:
        _need(lock is None, "locked")
        _lock(state, press.team)
        state.buzzes.append(Buzz(press, "early"))
    elif lock is not None and (lock == ALL_ITEM or press.at < lock):
        logged = any(buzz.press.team == press.team and buzz.verdict == "locked" for buzz in state.buzzes)
        _need(not logged, "locked")
        state.buzzes.append(Buzz(press, "locked"))
    else:
        state.buzzes.append(Buzz(press, "counts"))


def _awarded(state: State, event: Event) -> None:
    due = state.award_due()
    _need(due is not None and event.at >= due, "not-now")
    team, tied = state.winner()
    _need(event.data == {"team": team, "drawn": tied if len(tied) > 1 else []}, "not-now")
    state.responders, state.drawn = (team,), tuple(event.data["drawn"])
    state.stage, state.until = "answering", event.at + state.rule.seconds * 1000


def _answer(state: State, event: Event) -> None:
    data = event.data
    _need(state.stage == "answering", "closed")
    _need(data["team"] in state.responders, "not-your-turn")
    _need(data["team"] not in state.answers, "answered")
    _need(data["spoken"] or data["arrived"] - data["credit"] <= state.until, "late")
    assert state.item is not None
    options = tuple(data["options"])
    _need(bool(options), "no-option")
    try:
        Question(state.setup.items[state.item]).mark(options)
    except AnswersRefusedError as refused:
        raise EventRefusedError("no-option") from refused
    state.answers[data["team"]] = options


_APPLY: Final = {
    "opened": _opened, "chosen": _chosen, "shown": _shown, "armed": _armed, "buzz": _buzz, "awarded": _awarded,
    "answer": _answer, "judged": _judged, "overruled": _overruled, "screen": _screen, "closed": _closed,
    "tiebreak": _tiebreak, "finished": _finished,
}  # fmt: skip
