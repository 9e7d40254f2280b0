from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cyberweek.kernel.forms import CodeField, HouseForm
from cyberweek.programme.forms import LocalMoment
from cyberweek.readiness.enums import Danger, Severity
from cyberweek.readiness.models import Contingency
from cyberweek.readiness.queries.incidents import AskedIncidents

from .fields import at_zone


class IncidentForm(HouseForm):
    """What happened, in as few taps as there can be: where one serves in one unit it is not asked, the time is now."""

    what = forms.CharField(label=_("What happened"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    place = forms.CharField(label=_("Where"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=Danger.choices, widget=forms.RadioSelect)
    severity = forms.TypedChoiceField(
        label=_("Severity"), choices=Severity.choices, coerce=int, widget=forms.RadioSelect, initial=Severity.MINOR,
        help_text=_("From “severe” the units above are told at once."),
    )  # fmt: skip
    at = LocalMoment(label=_("When"))
    unit = CodeField(label=_("Unit"))

    def __init__(self, *args: Any, units: Any, only: Any, zone: Any, now: dt.datetime, **kwargs: Any) -> None:
        self.zone, self.now, self.only = zone, now, only
        initial = {"at": now.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)}
        if only:
            initial["unit"] = only
        kwargs["initial"] = initial | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        unit = self.fields["unit"]
        assert isinstance(unit, CodeField)
        unit.let(units)
        self.fields["place"].widget.attrs["autocomplete"] = "off"

    def clean_at(self) -> dt.datetime:
        at = at_zone(self.cleaned_data["at"], self.zone)
        if at > self.now + dt.timedelta(minutes=10):
            raise ValidationError(_("This time has not come yet."))
        return at


class LineForm(HouseForm):
    """What there is to add to the log."""

    text = forms.CharField(label=_("What is new"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    severity = forms.TypedChoiceField(
        label=_("Severity from now on"), choices=Severity.choices, coerce=int, required=False, empty_value=None
    )


class CloseForm(HouseForm):
    outcome = forms.CharField(label=_("How it ended"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))


class ForceForm(HouseForm):
    """Which contingency plan comes into force."""

    plan = forms.ModelChoiceField(Contingency.objects.none(), label=_("Contingency plan"))

    def __init__(self, *args: Any, plans: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["plan"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = plans


class IncidentFilter(HouseForm):
    """What is asked of the log; everything may be left away."""

    q = forms.CharField(label=_("Words to look for"), required=False, max_length=80)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("Open and closed")),
            ("open", pgettext_lazy("incident", "Open")),
            ("closed", pgettext_lazy("incident", "Closed")),
        ],
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All kinds")), *Danger.choices])
    severity = forms.TypedChoiceField(
        label=_("Severity"), required=False, coerce=int, empty_value=None,
        choices=[("", _("All severities")), (2, _("Notable and more")), (3, _("Severe and more")), (4, _("Grave"))],
    )  # fmt: skip
    unit = CodeField(label=_("Unit, with all under it"), required=False)

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = self.fields["unit"]
        assert isinstance(unit, CodeField)
        unit.let(units)
        for name in ("q", "unit"):
            self.fields[name].widget.attrs["placeholder"] = self.fields[name].label

    def asked(self) -> AskedIncidents:
        """What was understood; the rest as if it were not asked."""
        self.is_valid()
        data = self.cleaned_data
        return AskedIncidents(
            q=data.get("q") or "", state=data.get("state") or "", kind=data.get("kind") or "",
            severity=data.get("severity"), unit=data.get("unit"),
        )  # fmt: skip
