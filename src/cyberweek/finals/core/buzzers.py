"""Who buzzed first, when the phones are unequally far away.

A phone's round trip is measured by the server: it sends a signed nonce that holds the moment of sending, the phone
sends it back at once, and the server takes the difference on its own clock. The median of the last few is the phone's
round trip. A buzz is dated half a round trip before its arrival, by at most MAX_CREDIT_MS. Decided is only when no
buzz that could be dated earlier can still be on its way.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from statistics import median
from typing import Final, NamedTuple

MAX_CREDIT_MS: Final = 300
MARGIN_MS: Final = 20
"""How much longer than the largest credit a decision waits: networks are never quite even."""
SAMPLES: Final = 9
STALE_MS: Final = 5_000
"""An echo that comes later than this measures a sleeping phone, not a network."""


class Press(NamedTuple):
    """A buzz that counts. `at` is when it was pressed, as far as we know; `wait` the largest credit of the others."""

    team: int
    arrived: int
    credit: int
    wait: int

    @property
    def at(self) -> int:
        return self.arrived - self.credit


def credit_of(round_trips: Sequence[int]) -> int:
    """By how many milliseconds a buzz of this phone is dated back; 0 while nothing was measured."""
    return min(MAX_CREDIT_MS, round(median(round_trips) / 2)) if round_trips else 0


def with_sample(round_trips: Sequence[int], *, sent: int, received: int, last_sent: int) -> list[int] | None:
    """The samples with one more, newest last; None for an echo that proves nothing.

    Refused are echoes that come before their nonce was sent, after STALE_MS, a second time or out of order (`last_sent`
    is the moment of sending of the last one taken): holding back or repeating echoes must not lengthen the round trip.
    """
    if not 0 <= received - sent <= STALE_MS or sent <= last_sent:
        return None
    return [*round_trips, received - sent][-SAMPLES:]


def decided_at(presses: Sequence[Press]) -> int:
    """The moment (server's clock) from which nobody can come before the first of these."""
    first = min(presses, key=lambda press: press.at)
    return first.at + max(first.wait, first.credit) + MARGIN_MS


def first_of(presses: Sequence[Press], *, draw: str) -> tuple[int, list[int]]:
    """The team that was first, and the teams it was drawn from (more than one after a tie on the millisecond).

    `draw` is the seed of this draw: the same seed and teams give the same winner on any machine.
    """
    best = min(press.at for press in presses)
    tied = sorted(press.team for press in presses if press.at == best)
    return min(tied, key=lambda team: hashlib.sha256(f"{draw} {team}".encode()).digest()), tied
