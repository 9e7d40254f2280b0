from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cyberweek.attachments.forms import AttachmentField, KeepsFiles
from cyberweek.kernel.forms import CodeField, HouseForm, HouseModelForm, SharedEditing
from cyberweek.programme.forms import LocalMoment
from cyberweek.readiness.actions.contingencies import WRITTEN, ContactLine, StepLine
from cyberweek.readiness.enums import Danger
from cyberweek.readiness.models import Contingency

from .fields import DayInput, at_zone

_BAR: Final = "|"


def parted(line: str) -> list[str]:
    """A line "what | who | minutes" in its parts; the full-width bar counts too."""
    return [part.strip() for part in line.replace("｜", _BAR).split(_BAR)]


class LinesField(forms.CharField):
    """Rows of a short list, one a line, its columns parted by bars: typed at once, and pasted from a table."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 6}), **kwargs)


class StepsField(LinesField):
    """Gives [(what, who, minutes or None)]."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return "\n".join(
                " | ".join(str(one) for one in (w, who, m) if one not in {"", None}) for w, who, m in value
            )
        return value

    def clean(self, value: Any) -> Any:
        rows: list[StepLine] = []
        for number, line in enumerate(filter(str.strip, super().clean(value).splitlines()), start=1):
            what, *rest = parted(line)
            who = rest[0] if rest else ""
            minutes = rest[1] if len(rest) > 1 else ""
            if len(rest) == 1 and rest[0].isdecimal():
                who, minutes = "", rest[0]
            if minutes and not (minutes.isdecimal() and int(minutes) <= 10_000):
                raise ValidationError(_("Step %(n)d: minutes are a whole number."), params={"n": number})
            if not what or len(what) > 300 or len(who) > 80:
                raise ValidationError(
                    _("Step %(n)d: what is done has at most 300 characters, who does it at most 80."),
                    params={"n": number},
                )
            rows.append((what, who, int(minutes) if minutes else None))
        if not rows:
            raise ValidationError(_("Say at least what is done first."), code="required")
        if len(rows) > 40:
            raise ValidationError(_("These are the first steps: at most 40."))
        if len({row[0] for row in rows}) < len(rows):
            raise ValidationError(_("Two steps say the same."))
        return rows


class ContactsField(LinesField):
    """Gives [(name, role, telephone)]."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return "\n".join(" | ".join(row) for row in value)
        return value

    def clean(self, value: Any) -> Any:
        rows: list[ContactLine] = []
        for number, line in enumerate(filter(str.strip, super().clean(value).splitlines()), start=1):
            name, role, phone = [*parted(line), "", ""][:3]
            if not name or len(name) > 80 or len(role) > 80 or len(phone) > 40:
                raise ValidationError(
                    _("Contact %(n)d: a name, a role, a telephone, each short."), params={"n": number}
                )
            rows.append((name, role, phone))
        if len(rows) > 30:
            raise ValidationError(_("At most 30 contacts."))
        return rows


class ActivitiesField(forms.CharField):
    """Activities by their numbers. `rows` are those that may be named."""

    rows: Any = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=2000, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(one.code for one in value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        codes = list(
            dict.fromkeys(super().clean(value).replace(",", " ").replace("，", " ").replace("、", " ").split())
        )
        found = {one.code: one for one in self.rows.filter(code__in=codes)} if codes else {}
        if unknown := [code for code in codes if code not in found]:
            raise ValidationError(
                _("No activity in your sight has the number %(codes)s."), params={"codes": ", ".join(unknown)}
            )
        return [found[code] for code in codes]


class ContingencyForm(KeepsFiles, SharedEditing, HouseModelForm):
    """A contingency plan: trigger, authority, first steps, whom to call."""

    unit = CodeField(label=_("Unit"), help_text=_("The code or the exact name of one of your units."))
    steps = StepsField(
        label=_("First steps"), help_text=_("One a line: what | who | within minutes. For example: Stop admission | Head of the site | 5"),
    )  # fmt: skip
    contacts = ContactsField(label=_("Contacts"))
    activities = ActivitiesField(
        label=_("Only for these activities"), help_text=_("Their numbers. Empty: for the unit in general."),
    )  # fmt: skip
    files = AttachmentField(required=False)  # type: ignore[assignment]  # a field, which Django takes out of the class

    class Meta:
        model = Contingency
        fields = ["unit", "danger", "other", "title", "trigger", "authority", "reviewed"]
        widgets = {"reviewed": DayInput()}
        help_texts = {"other": _("Where it is against something else.")}

    field_order = [
        "unit", "danger", "other", "title", "trigger", "authority", "steps", "contacts", "activities", "files", "reviewed",
    ]  # fmt: skip

    def __init__(self, *args: Any, units: Any, activities: Any, told: str, **kwargs: Any) -> None:
        row: Contingency = kwargs["instance"]
        kwargs["initial"] = self._lines(row) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        unit, named = self.fields["unit"], self.fields["activities"]
        assert isinstance(unit, CodeField)
        assert isinstance(named, ActivitiesField)
        unit.let(units)
        named.rows = activities
        self.fields["contacts"].help_text = told
        if row.pk:
            del self.fields["unit"]
        self.share(revision=row.revision, row=self.present(row))

    @staticmethod
    def _lines(row: Contingency) -> dict[str, Any]:
        if not row.pk:
            return {}
        return {
            "steps": [(one.what, one.who, one.within) for one in row.steps.order_by("number")],
            "contacts": [(one.name, one.role, one.phone) for one in row.contacts.order_by("pk")],
            "activities": list(row.activities.order_by("code")),
        }

    def present(self, row: Contingency) -> dict[str, Any]:
        found = {name: getattr(row, name) for name in WRITTEN}
        for name, value in self._lines(row).items():
            found[name] = self.fields[name].prepare_value(value)
        return found

    def _post_clean(self) -> None:
        """The instance is written by the action alone."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("danger") == Danger.OTHER and not data.get("other"):
            self.add_error("other", _("Say against what."))
        return data

    def written(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "fields": {name: data[name] for name in WRITTEN},
            **{name: data[name] for name in ("steps", "contacts", "activities", "files")},
        }


class DrillForm(KeepsFiles, HouseForm):
    """A drill: when, who, what was found."""

    held = LocalMoment(label=_("Held"))
    who = forms.CharField(label=_("Who took part"), max_length=300)
    minutes = forms.IntegerField(
        label=_("How long it took, in minutes"), required=False, min_value=1, max_value=10_000,
        widget=forms.NumberInput(attrs={"class": "input input--short"}),
    )  # fmt: skip
    found = forms.CharField(label=_("What was found"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))
    files = AttachmentField(required=False, label=_("Evidence"))  # type: ignore[assignment]  # as above

    def __init__(self, *args: Any, zone: Any, now: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone, self.now = zone, now

    def clean_held(self) -> dt.datetime:
        held = at_zone(self.cleaned_data["held"], self.zone)
        if held > self.now:
            raise ValidationError(_("This time has not come yet: a drill is recorded once it was held."))
        return held


class CoverFilter(HouseForm):
    """From how many places an activity is asked for a plan against crowds."""

    places = forms.IntegerField(label=_("From how many places"), required=False, min_value=1, max_value=1_000_000)
