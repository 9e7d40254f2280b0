"""What a coordinator asks of the tasks: one form for every page that shows them."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cyberweek.editions.models import Edition
from cyberweek.kernel.forms import CodeField, HouseForm
from cyberweek.planning.enums import TaskState
from cyberweek.planning.queries.tasks import Asked
from cyberweek.regions.enums import Level, Sector
from cyberweek.regions.models import Region, Unit

# What the second row of controls holds; it is open while one of them is used.
MORE: Final = ("region", "unit", "level", "sector", "arrangement", "day")


class TaskFilter(HouseForm):
    """GET only. What does not fit is left out."""

    q = forms.CharField(required=False, max_length=80, label=_("Find a task"))
    whose = forms.ChoiceField(
        required=False,
        label=_("Whose"),
        choices=[("", _("All that I see")), ("own", _("Of my units")), ("below", _("Of the units below"))],
    )
    state = forms.ChoiceField(
        required=False,
        label=_("State"),
        choices=[("", _("All states")), ("open", pgettext_lazy("task", "Open")), *TaskState.choices],
    )
    who = forms.ChoiceField(
        required=False,
        label=_("Accountable"),
        choices=[("", _("Accountable: any")), ("me", _("I am accountable")), ("nobody", _("Nobody named"))],
    )
    late = forms.ChoiceField(
        required=False,
        label=_("Pressing"),
        choices=[("", _("Pressing or not")), ("on", _("Overdue")), ("press", _("Blocked or 3 days late"))],
    )
    region = forms.ChoiceField(required=False, label=_("Region"))
    unit = CodeField(required=False, label=_("Unit with all below"))
    level = forms.ChoiceField(required=False, choices=[("", _("All levels")), *Level.choices], label=_("Level"))
    sector = forms.ChoiceField(required=False, choices=[("", _("All sectors")), *Sector.choices], label=_("Sector"))
    arrangement = forms.TypedChoiceField(required=False, label=_("Arrangement"), coerce=int, empty_value=None)
    day = forms.TypedChoiceField(required=False, label=_("Theme day"), coerce=int, empty_value=None)
    within = forms.ChoiceField(required=False, choices=[("", ""), ("itself", "")], widget=forms.HiddenInput)
    parent = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any, *, edition: Edition, regions: list[Region], units: QuerySet[Unit],
        arrangements: list[tuple[int, str]],
    ) -> None:  # fmt: skip
        super().__init__(data)
        days = [(str(day.number), str(day.name)) for day in edition.theme_days.all()]
        _offer(self, "day", [("", _("All theme days")), *days])
        _offer(self, "region", [("", _("All regions")), *((one.pk, str(one)) for one in regions)])
        _offer(self, "arrangement", [("", _("All arrangements")), *((str(pk), name) for pk, name in arrangements)])
        unit = self.fields["unit"]
        assert isinstance(unit, CodeField)
        unit.let(units)
        unit.widget.offered = list  # thousands of names are not sent with every page
        self.fields["q"].widget.attrs |= {"type": "search", "placeholder": _("Task or unit")}
        unit.widget.attrs |= {"placeholder": _("Unit: code or name")}

    def asked(self, **over: Any) -> Asked:
        """What is asked; what does not fit is left out. `over` is asked where nothing was."""
        self.is_valid()
        given = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        return Asked(**{**over, **given})

    def narrows(self) -> bool:
        return any(self.cleaned_data.get(name) for name in self.fields)

    def uses_more(self) -> bool:
        return any(self.cleaned_data.get(name) for name in MORE)

    def kept(self, *, without: tuple[str, ...] = ()) -> str:
        """What is asked, as the query of an address: goes along from page to page."""
        found = {}
        for name, value in self.cleaned_data.items():
            if value not in (None, "") and name not in without:
                found[name] = getattr(value, "code", value)
        return urlencode(found)

    def first_row(self) -> list[forms.BoundField]:
        return [self[name] for name in ("whose", "state", "who", "late")]

    def second_row(self) -> list[forms.BoundField]:
        return [self[name] for name in MORE]


def _offer(form: forms.Form, name: str, choices: list[Any]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices
