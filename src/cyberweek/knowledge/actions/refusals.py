"""Why an action was not done. Faults carry fields and slugs for forms; `reasons` says them in words."""

from __future__ import annotations

from collections.abc import Sequence

from cyberweek.knowledge.core import contests, items, reasons
from cyberweek.knowledge.enums import ContestFault, ItemFault, RulingFault


class ItemRefusedError(Exception):
    """The item is not fit for the state it was meant to have."""

    def __init__(self, code: str, faults: Sequence[items.Fault]) -> None:
        self.code = code
        self.faults = list(faults)
        super().__init__(f"{code}: {' '.join(self.reasons)}")

    @property
    def reasons(self) -> list[str]:
        return [ItemFault.say(fault.reason, fault.params) for fault in self.faults]


class ItemsRefusedError(Exception):
    """Some of many items are refused, so none was taken; `refused` has an error for each."""

    def __init__(self, refused: Sequence[ItemRefusedError]) -> None:
        self.refused = list(refused)
        super().__init__("\n".join(str(one) for one in self.refused))


class StaleItemError(Exception):
    """Somebody else has changed the item since it was read."""


class ContestRefusedError(Exception):
    """The rules cannot stand."""

    def __init__(self, faults: Sequence[contests.Fault]) -> None:
        self.faults = list(faults)
        super().__init__(" ".join(self.reasons))

    @property
    def reasons(self) -> list[str]:
        return [ContestFault.say(fault.reason, fault.params) for fault in self.faults]


class ReasonRefusedError(ValueError):
    """A ruling's public reason is empty, too long, or not one line of plain text."""


class NothingNewError(Exception):
    """A release made now would be the current one again."""


class PromotionRefusedError(Exception):
    """A promotion list cannot be changed or published so; `reason` is a `PromotionFault`."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class RulingRefusedError(Exception):
    """A ruling, an objection, or a decision about one that cannot stand."""

    def __init__(self, faults: Sequence[reasons.Fault]) -> None:
        self.faults = list(faults)
        super().__init__(" ".join(self.reasons))

    @property
    def reasons(self) -> list[str]:
        return [RulingFault.say(fault.reason, fault.params) for fault in self.faults]
