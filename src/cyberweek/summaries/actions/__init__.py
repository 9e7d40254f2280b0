"""Writes of the summaries."""

from .freezing import (
    ToldApart,
    freeze_summary,
    publish_version,
    send_back,
    send_summary,
    take_summary,
    unpublish_version,
)
from .reminders import remind_of_summaries, remind_units
from .sample import open_sample_summaries
from .texts import Refused, add_lesson, edit_lesson, edit_section, remove_lesson

__all__ = [
    "Refused",
    "ToldApart",
    "add_lesson",
    "edit_lesson",
    "edit_section",
    "freeze_summary",
    "open_sample_summaries",
    "publish_version",
    "remind_of_summaries",
    "remind_units",
    "remove_lesson",
    "send_back",
    "send_summary",
    "take_summary",
    "unpublish_version",
]
