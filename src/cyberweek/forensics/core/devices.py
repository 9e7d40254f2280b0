"""Many passports from one device: more than a family shares.

Flagged: more than MOST_PASSPORTS participants who took their passports on one device and handed in papers on the same
day. A school's computers are many devices; a phone that goes round a class is one, so a flag is a question, no verdict.
"""

from collections.abc import Iterable
from typing import Final

MOST_PASSPORTS: Final = 6


def is_crowded(participants: Iterable[str]) -> bool:
    return len(set(participants)) > MOST_PASSPORTS
