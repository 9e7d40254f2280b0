"""Which counts of people may be shown: a small group is withheld, and so is what would give it away.

The pages and the arena's live figures both go through here, so that no reader gets what another is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SMALLEST_GROUP: Final = 10


def withhold(people: Mapping[str, int], *, smallest: int = SMALLEST_GROUP) -> dict[str, int | None]:
    """The counts by name, None for those withheld.

    A group of 1 to `smallest` - 1 is withheld. When only one is, the total beside it would give it away, so the next
    smallest group goes too. Nobody (0) is no group.
    """
    small = [name for name, count in people.items() if 0 < count < smallest]
    if len(small) == 1:
        others = sorted((count, name) for name, count in people.items() if count >= smallest)
        small += [name for _count, name in others[:1]]
    return {name: None if name in small else count for name, count in people.items()}
