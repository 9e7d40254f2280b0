from .forecasts import (
    arrangements_shown,
    first_region,
    kinds_of,
    last_calibration,
    last_forecast,
    past_editions,
    record_of,
    regions_readable,
    rows_visible_to,
    stand_of,
    standings_at_first,
    tasks_named,
)

__all__ = [
    "arrangements_shown",
    "first_region",
    "kinds_of",
    "last_calibration",
    "last_forecast",
    "past_editions",
    "record_of",
    "regions_readable",
    "rows_visible_to",
    "stand_of",
    "standings_at_first",
    "tasks_named",
]
