"""Moderation as a table: which step leads from which state to which, and what one must be allowed to take it.

    draft ─ submit ─▶ submitted ─ approve ─▶ approved ─ publish ─▶ published
                       │    ▲                    any of these and returned ─ cancel ─▶ cancelled
                    return submit
                       ▼    │
                      returned

States are the values of `programme.enums.Status`; a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Act(StrEnum):
    """A step that somebody takes."""

    SUBMIT = "submit"
    APPROVE = "approve"
    RETURN = "return"
    PUBLISH = "publish"
    CANCEL = "cancel"


class Leave(StrEnum):
    """What the scope rule grants over an activity: to change it, to decide on it."""

    CHANGE = "change"
    DECIDE = "decide"


@dataclass(frozen=True)
class Rule:
    """One row of the table: any one of `leave` is enough."""

    sources: frozenset[str]
    target: str
    leave: frozenset[Leave]
    wants_reason: bool = False


LIVE: Final = frozenset({"draft", "submitted", "returned", "approved", "published"})

RULES: Final[dict[Act, Rule]] = {
    Act.SUBMIT: Rule(frozenset({"draft", "returned"}), "submitted", frozenset({Leave.CHANGE})),
    Act.APPROVE: Rule(frozenset({"submitted"}), "approved", frozenset({Leave.DECIDE})),
    Act.RETURN: Rule(frozenset({"submitted"}), "returned", frozenset({Leave.DECIDE}), wants_reason=True),
    Act.PUBLISH: Rule(frozenset({"approved"}), "published", frozenset({Leave.DECIDE})),
    Act.CANCEL: Rule(LIVE, "cancelled", frozenset({Leave.CHANGE, Leave.DECIDE}), wants_reason=True),
}

# Until somebody has approved it, who may change it edits it; after that an edit is a decision too.
_EDITED_FREELY: Final = frozenset({"draft", "submitted", "returned"})
_EDITED_BY_DECIDERS: Final = frozenset({"approved", "published"})


def follows(status: str, act: Act) -> bool:
    """True when `act` may be taken in the state `status`, by whoever has leave."""
    return status in RULES[act].sources


def after(act: Act) -> str:
    """The state in which `act` ends."""
    return RULES[act].target


def granted(act: Act, leave: frozenset[Leave]) -> bool:
    """True when what one holds over an activity is enough for `act`."""
    return bool(RULES[act].leave & leave)


def open_acts(status: str, leave: frozenset[Leave]) -> list[Act]:
    """The steps open from `status` to somebody with `leave`, in the order of the table."""
    return [act for act in Act if follows(status, act) and granted(act, leave)]


def editable(status: str, leave: frozenset[Leave]) -> bool:
    """True when somebody with `leave` may edit an activity in the state `status`."""
    if status in _EDITED_BY_DECIDERS:
        return leave == {Leave.CHANGE, Leave.DECIDE}
    return status in _EDITED_FREELY and Leave.CHANGE in leave
