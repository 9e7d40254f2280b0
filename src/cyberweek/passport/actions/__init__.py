"""Writes of the passport app, a file a noun."""

from .claims import (
    ClaimClosedError,
    ContactGoneError,
    NotYoursError,
    confirm_name,
    invite_to_claim,
    leave_contact,
    open_contact,
    withdraw_contact,
)
from .forgetting import forget_due, sweep_challenges
from .names import Asked, NameNotConfirmedError, ask_for_name, read_name

__all__ = [
    "Asked",
    "ClaimClosedError",
    "ContactGoneError",
    "NameNotConfirmedError",
    "NotYoursError",
    "ask_for_name",
    "confirm_name",
    "forget_due",
    "invite_to_claim",
    "leave_contact",
    "open_contact",
    "read_name",
    "sweep_challenges",
    "withdraw_contact",
]
