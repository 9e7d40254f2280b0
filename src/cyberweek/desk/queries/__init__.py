"""What the desk's own pages compose from the apps below: what waits, what is found, the audit trail."""

from .found import Found, find
from .overview import Waiting, activities_of_unit, own_units, waiting_in, week_in_scope
from .trail import Asked, differences, events_matching, events_visible_to, recent_verbs

__all__ = [
    "Asked", "Found", "Waiting", "activities_of_unit", "differences", "events_matching", "events_visible_to", "find",
    "own_units", "recent_verbs", "waiting_in", "week_in_scope",
]  # fmt: skip
