"""False alarms, measured on players who were made up honest. `python -m cyberweek.forensics.core.rates` measures again."""

import sys
from typing import Final, NamedTuple

from cyberweek.forensics.core.simulation import PAPERS_EACH, false_alarms

PLAYERS: Final = 6000
SEED: Final = 2022


class Measured(NamedTuple):
    """How many honest players there were, how many papers each, and the findings by rule."""

    players: int
    papers_each: int
    fast: int
    alike: int
    burst: int
    device: int

    @property
    def bound(self) -> int:
        """Where nothing was found: fewer than one in so many, with 95 % confidence (rule of three)."""
        return self.players // 3


MEASURED: Final = Measured(PLAYERS, PAPERS_EACH, fast=0, alike=0, burst=0, device=60)


if __name__ == "__main__":
    sys.stdout.write(f"{Measured(PLAYERS, PAPERS_EACH, **false_alarms(PLAYERS, SEED))}\n")
