"""Forms of meetings: the meeting itself, its agenda, a unit's page, minutes, decisions."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cyberweek.editions.models import Edition
from cyberweek.kernel.forms import CodeField, HouseForm, HouseModelForm, SharedEditing, dress
from cyberweek.planning.queries.tasks import people_to_name
from cyberweek.programme.forms import LocalMoment
from cyberweek.readiness.actions.meetings import PARTS, TOO_LONG, Item
from cyberweek.readiness.core.one_page import LINES, fits
from cyberweek.readiness.enums import ItemKind, MeetingState, Presence
from cyberweek.readiness.models import AgendaItem, Meeting, UnitReport
from cyberweek.regions.models import Region, Unit

from .fields import DayInput, SpokenField, at_zone, said_with

ITEMS: Final = 12


class MeetingForm(SharedEditing, HouseModelForm):
    """A meeting. Times are on the clocks of the edition's zone."""

    unit = CodeField(label=_("Called by"), help_text=_("The code or the exact name of one of your units."))
    starts = LocalMoment(label=_("Starts"))
    reports_due = LocalMoment(label=_("Reports wanted by"), help_text=_("Units are reminded until theirs is in."))
    region = CodeField(
        label=_("About a region"), required=False, help_text=_("With all under it. Give a region or a unit, not both.")
    )
    branch = CodeField(label=_("About a unit"), required=False, help_text=_("With all units under it."))

    class Meta:
        model = Meeting
        fields = ["unit", "title", "starts", "place", "region", "branch", "reach", "reports_due", "chair"]
        help_texts = {"reach": _("Each of them is asked for one page on its preparatory work.")}

    def __init__(self, *args: Any, edition: Edition, units: Any, **kwargs: Any) -> None:
        self.edition = edition
        row: Meeting = kwargs["instance"]
        kwargs["initial"] = {
            name: getattr(row, name).astimezone(edition.tz).replace(tzinfo=None)
            for name in ("starts", "reports_due")
            if getattr(row, name)
        } | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self._code("unit").let(units)
        self._code("branch").let(units)
        self._code("region").let(Region.objects.all(), offered=Region.objects.filter(level__in=["nation", "province"]))
        for name in ("region", "branch"):
            model: Any = Region if name == "region" else Unit
            if self.initial.get(name) and not isinstance(self.initial[name], model):
                self.initial[name] = model.objects.filter(pk=self.initial[name]).first()
        if row.pk:
            del self.fields["unit"]
        if row.state != MeetingState.PLANNED:
            for name in ("region", "branch", "reach"):
                del self.fields[name]
        self.share(revision=row.revision, row=self.present(row))

    def _code(self, name: str) -> CodeField:
        found = self.fields[name]
        assert isinstance(found, CodeField)
        return found

    def present(self, row: Meeting) -> dict[str, Any]:
        """The row as the form edits it."""
        names = [name for name in self.fields if name not in {"unit", "revision", self.READ}]
        found = {name: getattr(row, name) for name in names}
        for name in ("starts", "reports_due"):
            if found.get(name):
                found[name] = found[name].astimezone(self.edition.tz).replace(tzinfo=None)
        return found

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        is_one = bool(data.get("region")) != bool(data.get("branch"))
        if "region" in self.fields and not is_one and not {"region", "branch"} & set(self.errors):
            self.add_error("region", _("Give a region or a unit: one of the two."))
        starts, due = data.get("starts"), data.get("reports_due")
        if starts and due and due > starts:
            self.add_error("reports_due", _("Reports are wanted before the meeting begins."))
        return data

    def _post_clean(self) -> None:
        """Constraints are checked by `clean`; the instance is written by the action alone."""

    def written(self) -> dict[str, Any]:
        """What the action takes."""
        data = {name: value for name, value in self.cleaned_data.items() if name not in {"unit", "revision", self.READ}}
        for name in ("starts", "reports_due"):
            data[name] = at_zone(data[name], self.edition.tz)
        return data


class AgendaForm(HouseForm):
    """The agenda: so many lines, those without a title are left out."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, items: list[AgendaItem], revision: int, **kwargs: Any) -> None:
        self.items = items
        initial: dict[str, Any] = {"revision": revision}
        for n, one in enumerate(items):
            initial |= {f"kind{n}": one.kind, f"title{n}": one.title, f"wanted{n}": one.wanted}
        super().__init__(*args, initial=initial, **kwargs)
        for n in range(max(ITEMS, len(items) + 2)):
            label = {"n": n + 1}
            self.fields[f"title{n}"] = SpokenField(label=_("Item %(n)d") % label, required=False, max_length=120)
            self.fields[f"kind{n}"] = forms.ChoiceField(
                label=_("Kind of item %(n)d") % label, choices=ItemKind.choices, required=False
            )
            self.fields[f"wanted{n}"] = SpokenField(
                label=_("Decision wanted on item %(n)d") % label, required=False, max_length=500
            )
        dress(self)

    @property
    def lines(self) -> list[list[forms.BoundField]]:
        count = sum(name.startswith("title") for name in self.fields)
        return [[self[f"title{n}"], self[f"kind{n}"], self[f"wanted{n}"]] for n in range(count)]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for n in range(len(self.lines)):
            if data.get(f"wanted{n}") and not data.get(f"title{n}"):
                self.add_error(f"title{n}", _("Give the item a title."))
        return data

    def written(self) -> list[Item]:
        """Kind, title and decision wanted of each line with a title, in order."""
        found: list[Item] = []
        for n in range(len(self.lines)):
            title = self.cleaned_data.get(f"title{n}", "")
            if not title:
                continue
            one = self.items[n] if n < len(self.items) else None
            wanted = self.cleaned_data.get(f"wanted{n}", "")
            found.append(
                (
                    self.cleaned_data.get(f"kind{n}") or ItemKind.DISCUSSION,
                    said_with(title, one.title if one else None),
                    said_with(wanted, one.wanted if one else None),
                )
            )
        return found


class ReportForm(SharedEditing, HouseForm):
    """A unit's page on its preparatory work."""

    done = forms.CharField(label=_("What is done"), required=False, max_length=1200, widget=forms.Textarea)
    doing = forms.CharField(label=_("What is under way"), required=False, max_length=1200, widget=forms.Textarea)
    troubles = forms.CharField(
        label=_("What is late or blocked, and why"), required=False, max_length=1200, widget=forms.Textarea
    )
    asks = forms.CharField(label=_("What is asked of others"), required=False, max_length=1200, widget=forms.Textarea)

    def __init__(self, *args: Any, report: UnitReport, beginning: dict[str, str] | None, **kwargs: Any) -> None:
        row = {name: getattr(report, name) for name in PARTS}
        kwargs["initial"] = beginning or row
        super().__init__(*args, **kwargs)
        for name in PARTS:
            self.fields[name].widget.attrs |= {"rows": LINES}
        self.share(revision=report.revision, row=row)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name in PARTS:
            if name in data and not fits(data[name]):
                self.add_error(name, ValidationError(TOO_LONG, params={"n": LINES}))
        return data

    def texts(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in PARTS}


class MinutesForm(SharedEditing, HouseForm):
    """What was said on each item, and who was there."""

    chair = forms.CharField(label=_("Chair"), max_length=80, required=False)
    writer = forms.CharField(label=_("Minutes taken by"), max_length=80, required=False)

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        kwargs["initial"] = {"chair": meeting.chair, "writer": meeting.writer}
        super().__init__(*args, **kwargs)
        self.items = list(meeting.items.order_by("number"))
        self.attendees = list(meeting.attendees.select_related("unit").order_by("pk"))
        for one in self.items:
            self.fields[f"item{one.pk}"] = forms.CharField(
                label=f"{one.number}. {one.title}", required=False, max_length=8000,
                widget=forms.Textarea(attrs={"rows": 4}), initial=one.minutes,
            )  # fmt: skip
        for who in self.attendees:
            label = str(who.unit or who.name)
            self.fields[f"name{who.pk}"] = forms.CharField(
                label=_("Who came for %(unit)s") % {"unit": label}, required=False, max_length=80, initial=who.name
            )
            self.fields[f"there{who.pk}"] = forms.ChoiceField(
                label=_("Was %(unit)s there?") % {"unit": label}, choices=Presence.choices, initial=who.presence
            )
        dress(self)
        self.share(revision=meeting.revision, row=self.present(meeting))

    def present(self, meeting: Meeting) -> dict[str, Any]:
        """The minutes as they stand, under the names of the fields."""
        found: dict[str, Any] = {"chair": meeting.chair, "writer": meeting.writer}
        found |= {f"item{one.pk}": one.minutes for one in meeting.items.all()}
        for who in meeting.attendees.all():
            found |= {f"name{who.pk}": who.name, f"there{who.pk}": who.presence}
        return {name: value for name, value in found.items() if name in self.fields}

    @property
    def people(self) -> list[tuple[Any, forms.BoundField, forms.BoundField]]:
        return [(who, self[f"name{who.pk}"], self[f"there{who.pk}"]) for who in self.attendees]

    @property
    def said(self) -> list[forms.BoundField]:
        return [self[f"item{one.pk}"] for one in self.items]

    def written(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "said": {one.pk: data[f"item{one.pk}"] for one in self.items},
            "presence": {who.pk: (data[f"name{who.pk}"], data[f"there{who.pk}"]) for who in self.attendees},
            "chair": data["chair"],
            "writer": data["writer"],
        }


class AttendeeForm(HouseForm):
    """Somebody more who was there."""

    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=80)
    presence = forms.ChoiceField(label=_("Presence"), choices=Presence.choices)


class DecisionForm(HouseForm):
    """What was decided: what, who, until when."""

    what = SpokenField(label=_("What was decided"), max_length=120)
    unit = CodeField(label=_("Unit"), help_text=_("Whose task it becomes: code or exact name."))
    due = forms.DateField(label=_("Until"), widget=DayInput(attrs={"class": "input"}))
    accountable = forms.CharField(
        label=_("Accountable person"), required=False, max_length=80,
        help_text=_("User name or exact name of somebody who serves in that unit or above it."),
    )  # fmt: skip
    item = forms.ModelChoiceField(AgendaItem.objects.none(), label=_("On item"), required=False)

    def __init__(self, *args: Any, meeting: Meeting, units: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        unit, item = self.fields["unit"], self.fields["item"]
        assert isinstance(unit, CodeField)
        assert isinstance(item, forms.ModelChoiceField)
        unit.let(units)
        item.queryset = meeting.items.order_by("number")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("due") and data["due"] < self.today:
            self.add_error("due", _("This day is over."))
        typed, unit = (data.get("accountable") or "").strip(), data.get("unit")
        data["accountable"] = None
        if typed and unit:
            people = people_to_name(unit)
            found = list(people.filter(username=typed.lower())[:1]) or list(people.filter(name=typed)[:2])
            if len(found) == 1:
                data["accountable"] = found[0]
            elif found:
                self.add_error("accountable", _("Several have this name; give the user name."))
            else:
                self.add_error("accountable", _("Nobody of this name serves in that unit or above it."))
        return data
