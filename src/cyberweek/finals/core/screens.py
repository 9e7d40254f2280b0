"""What each screen is told: the whole small state, every time. A lost message costs nothing.

No screen but the host's is told the key, or another team's answer, before the item is judged; items to come are told to
nobody. Texts go out in both languages, the page shows its own.
"""

from __future__ import annotations

from typing import Any

from cyberweek.knowledge.core.release import Item

from .state import State

LETTERS = "ABCDEFGH"


def shared(state: State) -> dict[str, Any]:
    """What everybody may know."""
    judged = state.item is not None and state.stage in {"judged", "done"}
    return {
        "stage": state.stage,
        "screen": state.screen,
        "round": _round(state),
        "inTurn": state.in_turn if state.stage in {"idle", "judged"} and not state.round_is_through else None,
        "choice": state.choice,
        "taken": sorted(state.taken.get(state.round, ())),
        "stake": state.stake,
        "item": None if state.item is None else _item(state.setup.items[state.item], with_key=judged),
        "responders": list(state.responders),
        "until": state.until if state.stage in {"armed", "answering"} else 0,
        "seconds": state.rule.seconds,
        "answered": sorted(state.answers),
        "answers": {str(team): list(given) for team, given in state.answers.items()} if judged else {},
        "locked": _locks(state),
        "out": sorted(state.out),
        "drawn": list(state.drawn),
        "results": _results(state) if judged else _given(state),
        "group": list(state.group),
        "teams": _teams(state),
    }


def for_team(state: State, team: int) -> dict[str, Any]:
    """A team's phone: what everybody knows, and its own answer."""
    mine = state.answers.get(team)
    return shared(state) | {"me": team, "mine": list(mine) if mine else None, "may": _may(state, team)}


def for_host(state: State) -> dict[str, Any]:
    """The host's screen: all of it, the key and every buzz with its raw and corrected time included."""
    told = shared(state)
    if state.item is not None:
        told["item"] = _item(state.setup.items[state.item], with_key=True)
    if state.opening:
        start = state.armed_at
        told["buzzes"] = [
            {
                "team": buzz.press.team, "raw": buzz.press.arrived - start, "credit": buzz.press.credit,
                "corrected": buzz.press.at - start, "verdict": buzz.verdict,
            }
            for buzz in sorted(state.buzzes, key=lambda buzz: buzz.press.at)
        ]  # fmt: skip
    told["answers"] = {str(team): list(given) for team, given in state.answers.items()}
    told["marks"] = [
        {
            "item": mark.item, "code": state.setup.items[mark.item].id, "team": mark.team, "right": mark.right,
            "points": mark.points, "reason": mark.reason, "open": mark.item < state.first_spare,
        }
        for mark in state.marks
    ]  # fmt: skip
    told["next"] = _next(state)
    return told


def _next(state: State) -> list[str]:
    """What the host can do now, the usual first."""
    if state.stage == "before":
        return []
    steps = {
        "reading": ["armed", *(["judged"] if state.opening else [])],
        "armed": [] if state.counted() else ["judged"],
        "answering": ["judged"],
        "done": (["shown"] if state.group and state.item_to_come() is not None else [])
        + (["tiebreak"] if state.ties() and not state.group and _has_spares(state) else [])
        + ["finished"],
        "over": [],
    }.get(state.stage)
    if steps is None:
        steps = ["shown"] if state.item_to_come() is not None else []
        if not state.round_is_through and state.rule.kind in {"choose", "risk"} and state.choice is None:
            steps = ["chosen"]
        steps = [*steps, "closed"]
    return steps


def _has_spares(state: State) -> bool:
    return state.spares_used < state.setup.rules.spares


def _round(state: State) -> dict[str, Any]:
    rule, count = state.rule, len(state.setup.names)
    return {
        "number": min(state.round + 1, len(state.setup.rules.rounds)),
        "of": len(state.setup.rules.rounds),
        "kind": "tiebreak" if state.group else rule.kind,
        "together": rule.together,
        "turn": min(state.turn + 1, rule.sittings(count)),
        "done": state.turn,
        "turns": rule.sittings(count),
        "items": rule.items,
        "right": rule.right,
        "wrong": rule.wrong,
        "values": list(rule.values),
        "lockout": rule.lockout,
    }


def _item(item: Item, *, with_key: bool) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": item.id,
        "kind": item.kind,
        "stem": dict(item.stem),
        "options": [
            {"id": option.id, "letter": letter, "text": dict(option.text)}
            for letter, option in zip(LETTERS, item.options, strict=False)
        ],
    }
    return told | {"key": list(item.key), "why": dict(item.explanation)} if with_key else told


def _locks(state: State) -> dict[str, int]:
    """Until when (ms) each locked team is locked; -1: for the whole item, 0: it pressed before the opening."""
    return {str(team): until for team, until in state.locked.items()} | {str(team): 0 for team in state.early}


def _results(state: State) -> list[dict[str, Any]]:
    return [
        {"team": mark.team, "right": mark.right, "points": mark.points, "reason": mark.reason}
        for mark in state.marks
        if mark.item == state.item
    ]


def _given(state: State) -> list[dict[str, Any]]:
    """Wrong answers of an item that has gone back to the others: that they were wrong, not what they were."""
    return [one for one in _results(state) if state.stage in {"reading", "armed", "answering"}]


def _teams(state: State) -> list[dict[str, Any]]:
    scores, places = state.scores, dict(state.places())
    return [
        {"seat": seat, "name": name, "score": scores[seat], "place": places[seat]}
        for seat, name in enumerate(state.setup.names, 1)
    ]


def _may(state: State, team: int) -> str:
    """What this team's phone offers now: buzz, answer, choose or nothing."""
    if state.stage == "answering" and team in state.responders and team not in state.answers:
        return "answer"
    if state.stage in {"reading", "armed"} and team in state.eligible():
        return "buzz"
    waiting = state.stage in {"idle", "judged"} and not state.round_is_through and state.choice is None
    if waiting and state.in_turn == team and state.rule.kind in {"choose", "risk"}:
        return "choose"
    return ""
