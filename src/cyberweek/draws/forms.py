"""What is asked when a draw is announced, and when it is drawn."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from cyberweek.kernel.forms import HouseForm
from cyberweek.kernel.models.localized import LocalizedFormField
from cyberweek.knowledge.core.release import Pack
from cyberweek.knowledge.models import Contest

from .actions import DrawRefusedError, Terms
from .core.draws import MAX_PRIZES, MAX_PUBLIC_TEXT
from .models import Draw

WHOLE = ""
EVERY_DAY = "every-day"
_NEXT_DAY = dt.timedelta(days=1)
_TIME_TO_CLAIM = dt.timedelta(days=14)
_TIME_TO_DELIVER = dt.timedelta(days=60)


class AnnounceForm(HouseForm):
    """A draw of one day, of the whole contest, or one for each day. The number is known on the day after it.

    It begins with what the contest's rules promise, if they promise a draw.
    """

    prize = LocalizedFormField(
        max_length=80, part_widget=forms.TextInput, label=_("Prize"), help_text=_("As in “Voucher for 50 yuan”.")
    )  # fmt: skip
    day = forms.ChoiceField(required=False, label=_("Papers of"))
    prizes = forms.IntegerField(label=_("Prizes"), min_value=1, max_value=MAX_PRIZES, initial=50)
    reserve = forms.IntegerField(
        label=_("Reserve"), min_value=0, max_value=MAX_PRIZES, initial=10,
        help_text=_("Who moves up when a winner is excluded or does not answer."),
    )  # fmt: skip
    least = forms.IntegerField(label=_("Points needed"), min_value=1)
    source = forms.CharField(
        label=_("Public number"), max_length=MAX_PUBLIC_TEXT,
        help_text=_("A number that nobody here can know or choose: a lottery's of that evening, an index's close."),
    )  # fmt: skip
    known_time = forms.TimeField(
        label=_("Known at"), initial=dt.time(21, 30), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("On the day after; entries are frozen before."),
    )  # fmt: skip

    def __init__(self, *args: Any, contest: Contest, pack: Pack, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._contest = contest
        days = [(day.isoformat(), date_format(day)) for day in _days_of(contest)]
        self.fields["day"].choices = [  # type: ignore[attr-defined]  # a choice field
            (WHOLE, _("the whole contest")), (EVERY_DAY, _("each day: a draw for every day")), *days,
        ]  # fmt: skip
        most = pack.items * pack.points
        self.fields["least"].initial = most
        if promised := pack.draw:
            self.fields["day"].initial = EVERY_DAY if promised.every == "day" else WHOLE
            self.fields["prizes"].initial = promised.prizes
            self.fields["least"].initial = most if promised.needs == "all-right" else promised.needs
        self.fields["least"].help_text = _("All right: %(most)d.") % {"most": most}

    def terms(self, now: dt.datetime) -> list[Terms]:
        """What to announce; of every day those whose number is not known yet."""
        told = dict(self.cleaned_data)
        clock, day = told.pop("known_time"), told.pop("day")
        if day == EVERY_DAY:
            days: list[dt.date | None] = list(_days_of(self._contest))
        else:
            days = [dt.date.fromisoformat(day) if day else None]
        terms = [Terms(**told, day=one, known_at=self._known_at(one, clock)) for one in days]
        return [one for one in terms if one.known_at > now] if day == EVERY_DAY and len(terms) > 1 else terms

    def refuse(self, refused: DrawRefusedError) -> None:
        self.add_error(refused.field if refused.field in self.fields else None, str(refused))

    def _known_at(self, day: dt.date | None, clock: dt.time) -> dt.datetime:
        last = day or self._contest.local_closes.date()
        return dt.datetime.combine(last + _NEXT_DAY, clock, ZoneInfo(self._contest.zone))


class RevealForm(HouseForm):
    """The public number, as its source printed it."""

    public = forms.CharField(label=_("The number"), max_length=MAX_PUBLIC_TEXT)


class InviteForm(HouseForm):
    """What winners are invited to: until when they leave a contact, and when it is deleted. Days of the contest's zone."""

    purpose = LocalizedFormField(
        max_length=200, part_widget=forms.TextInput, label=_("What they have won"),
        help_text=_("It stands on top of each winner’s page."),
    )  # fmt: skip
    closes = forms.DateField(
        label=_("Contact wanted until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The whole of that day. Who leaves no contact by then loses the prize to the reserve."),
    )  # fmt: skip
    delete_on = forms.DateField(
        label=_("Contacts deleted on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("As soon as the prizes are handed over; by itself, on that day."),
    )  # fmt: skip

    def __init__(self, *args: Any, draw: Draw, now: dt.datetime, **kwargs: Any) -> None:
        self._zone = ZoneInfo(draw.contest.zone)
        closes = now.astimezone(self._zone).date() + _TIME_TO_CLAIM
        initial = {"purpose": _purpose_of(draw), "closes": closes, "delete_on": closes + _TIME_TO_DELIVER}
        super().__init__(*args, initial=initial, **kwargs)

    def closes_at(self) -> dt.datetime:
        """The last minute of the last day."""
        return dt.datetime.combine(self.cleaned_data["closes"], dt.time(23, 59), self._zone)

    def refuse(self, refused: DrawRefusedError) -> None:
        self.add_error(refused.field or None, str(refused))


def _purpose_of(draw: Draw) -> dict[str, str]:
    """The prize, its contest and its day, in every language that has the prize."""
    day = [draw.day.isoformat()] if draw.day else []
    return {
        tag: " · ".join([prize, *filter(None, [draw.contest.title.get(tag)]), *day])[:200]
        for tag, prize in draw.prize.items()
        if prize
    }


def _days_of(contest: Contest) -> list[dt.date]:
    first, last = contest.local_opens.date(), (contest.local_closes - dt.timedelta(seconds=1)).date()
    return [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
