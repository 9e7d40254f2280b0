from .forecasts import (
    arrangements_named,
    arrangements_shown,
    last_calibration,
    last_forecast,
    past_editions,
    record_of,
    regions_readable,
    rows_visible_to,
    stand_of,
    tasks_named,
)

__all__ = [
    "arrangements_named",
    "arrangements_shown",
    "last_calibration",
    "last_forecast",
    "past_editions",
    "record_of",
    "regions_readable",
    "rows_visible_to",
    "stand_of",
    "tasks_named",
]
