"""What a new release would change against the last one."""

from typing import NamedTuple

from cyberweek.knowledge.core.release import Item, Pack

_RULES = (
    "title", "opens", "closes", "zone", "minutes", "grace_seconds", "attempts_per_day", "points", "blueprint",
    "form", "attempts_in_all", "groups", "closed", "team_minimum", "stage", "admitted", "draw",
)  # fmt: skip


class Changes(NamedTuple):
    """Items by code, rules by name. From nothing, every item is added."""

    added: list[Item]
    changed: list[Item]
    removed: list[Item]
    rules: list[str]

    def __bool__(self) -> bool:
        return any(self)


def compare(before: Pack | None, after: Pack) -> Changes:
    """Numbers and salts differ from release to release without meaning anything, so they are not looked at."""
    if before is None:
        return Changes(list(after.bank), [], [], [])
    old = {item.id: item for item in before.bank}
    new = {item.id: item for item in after.bank}
    return Changes(
        added=[item for code, item in new.items() if code not in old],
        changed=[item for code, item in new.items() if code in old and old[code] != item],
        removed=[item for code, item in old.items() if code not in new],
        rules=[name for name in _RULES if getattr(before, name) != getattr(after, name)],
    )
