"""Fields that the forms of readiness share."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import get_language

from cyberweek.kernel.core.localized import LANGUAGES, LocalizedText


class SpokenField(forms.CharField):
    """A text in the language of the page alone: where one types in a hurry, or what is said belongs to one tongue.

    What it says in other languages is kept by `said_with`.
    """

    def prepare_value(self, value: Any) -> Any:
        return str(LocalizedText(value)) if isinstance(value, dict) else value


def said_with(text: str, before: LocalizedText | None = None) -> LocalizedText:
    """The text as typed now. Unchanged it keeps all its languages; else it is of the page's language, for what the
    others said is no longer the same."""
    if before and text == str(before):
        return before
    return LocalizedText({tongue(): text})


def tongue() -> str:
    """The tag of the page's language."""
    active = (get_language() or "en").lower()
    return next((tag for tag in LANGUAGES if tag.lower() == active), "en")


def at_zone(moment: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """A moment that was typed without a zone, on the clocks of one."""
    return moment.replace(tzinfo=zone)


class DayInput(forms.DateInput):
    """A date; browsers bring their own calendar."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)
