from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cyberweek.editions.models import Edition
from cyberweek.kernel.forms import CodeField, HouseForm, dress
from cyberweek.planning.queries.tasks import people_to_name
from cyberweek.programme.forms import LocalMoment
from cyberweek.readiness.enums import DutyRole
from cyberweek.readiness.models import DutyHours, Shift
from cyberweek.regions.models import Unit

from .fields import at_zone


class ShiftForm(HouseForm):
    """Who is on duty, as what, from when until when. Times are on the clocks of the edition's zone."""

    role = forms.ChoiceField(label=_("Role"), choices=DutyRole.choices)
    who = forms.CharField(
        label=_("Who is on duty"), max_length=80,
        help_text=_("A user name or the name of somebody with a post is tied to the account; any other name is kept as it is."),
    )  # fmt: skip
    phone = forms.CharField(
        label=_("Telephone"), required=False, max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )  # fmt: skip
    starts = LocalMoment(label=_("Starts"))
    ends = LocalMoment(label=_("Until"))

    def __init__(self, *args: Any, edition: Edition, unit: Unit, shift: Shift | None, told: str, **kwargs: Any) -> None:
        self.edition, self.unit = edition, unit
        if shift:
            kwargs["initial"] = {
                "role": shift.role, "who": str(shift), "phone": shift.phone,
                "starts": shift.starts.astimezone(edition.tz).replace(tzinfo=None),
                "ends": shift.ends.astimezone(edition.tz).replace(tzinfo=None),
            }  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["phone"].help_text = told
        self.fields["phone"].widget.attrs["class"] = "input input--medium"

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        starts, ends = data.get("starts"), data.get("ends")
        if starts and ends:
            if ends <= starts:
                self.add_error("ends", _("It ends after it begins."))
            elif ends - starts > dt.timedelta(hours=72):
                self.add_error("ends", _("Nobody is on duty for more than three days without a break: divide it."))
        return data

    def written(self) -> dict[str, Any]:
        data = self.cleaned_data
        typed = data["who"].strip()
        people = people_to_name(self.unit)
        found = list(people.filter(username=typed.lower())[:1]) or list(people.filter(name=typed)[:2])
        person = found[0] if len(found) == 1 else None
        return {
            "role": data["role"], "person": person, "name": "" if person else typed, "phone": data["phone"],
            "starts": at_zone(data["starts"], self.edition.tz), "ends": at_zone(data["ends"], self.edition.tz),
        }  # fmt: skip


class HoursForm(HouseForm):
    """Between which hours each role is kept on duty; a role that is not ticked is not looked at."""

    def __init__(self, *args: Any, hours: dict[str, DutyHours], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for role in DutyRole:
            known = hours.get(role)
            label = {"role": role.label}
            self.fields[f"{role}_kept"] = forms.BooleanField(label=role.label, required=False, initial=bool(known))
            for name, told in (("opens", _("%(role)s from")), ("closes", _("%(role)s until"))):
                self.fields[f"{role}_{name}"] = forms.TimeField(
                    label=told % label, required=False, initial=getattr(known, name, dt.time()),
                    widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
                )  # fmt: skip
        dress(self)

    @property
    def lines(self) -> list[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        return [(self[f"{role}_kept"], self[f"{role}_opens"], self[f"{role}_closes"]) for role in DutyRole.values]

    def written(self) -> dict[str, tuple[dt.time, dt.time]]:
        data = self.cleaned_data
        return {
            role: (data.get(f"{role}_opens") or dt.time(), data.get(f"{role}_closes") or dt.time())
            for role in DutyRole.values
            if data.get(f"{role}_kept")
        }


class RosterFilter(HouseForm):
    """Whose roster, and which day."""

    unit = CodeField(label=_("Unit"), required=False)
    day = forms.DateField(required=False)

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = self.fields["unit"]
        assert isinstance(unit, CodeField)
        unit.let(units)
