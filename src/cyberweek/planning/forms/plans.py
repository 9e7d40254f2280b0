"""Forms of a plan: its own words, an arrangement, what is taken from above, a table."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from cyberweek.kernel.forms import HouseForm, HouseModelForm, SharedEditing
from cyberweek.planning.models import Arrangement, Plan
from cyberweek.planning.queries.plans import (
    EARLIEST,
    LATEST,
    arrangements_of,
    circle_in,
    circle_in_words,
    late_in_words,
    units_addressed,
)
from cyberweek.programme.forms import UnitsField
from cyberweek.regions.enums import Level, Sector
from cyberweek.regions.models import Unit

UPLOAD_LIMIT: Final = 2 * 1024 * 1024


class PlanForm(SharedEditing, HouseModelForm):
    """What a plan says as a whole."""

    class Meta:
        model = Plan
        fields = ["title", "preface"]
        help_texts = {"preface": _("Why and under which document; it stands above the arrangements and in print.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.share(revision=self.instance.version, row=self.row_of(self.instance))

    @staticmethod
    def row_of(plan: Plan) -> dict[str, Any]:
        """What the form edits of a plan."""
        return {"title": plan.title, "preface": plan.preface}


class ArrangementForm(SharedEditing, HouseModelForm):
    """An arrangement. Days count from the opening; units by their codes."""

    code = forms.CharField(
        label=_("Number"), max_length=12, required=False, validators=[RegexValidator(r"^[A-Za-z0-9_-]+\Z")],
        help_text=_("Letters, figures and hyphens; left empty it gets the next one."),
        widget=forms.TextInput(attrs={"class": "input input--short"}),
    )  # fmt: skip
    begins = forms.IntegerField(
        label=_("Begins"), help_text=_("Days from the opening: −30 is thirty days before it, 0 the opening itself.")
    )
    due = forms.IntegerField(label=_("Due"), help_text=_("Days from the opening, on which it is done at the latest."))
    levels = forms.MultipleChoiceField(
        label=_("Levels"), required=False, choices=Level.choices, widget=forms.CheckboxSelectMultiple
    )
    sectors = forms.MultipleChoiceField(
        label=_("Sectors"), required=False, choices=Sector.choices, widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: all of them."),
    )  # fmt: skip
    units = UnitsField(
        label=_("Units by name"), help_text=_("Codes of units, one a line: those that it falls to besides.")
    )
    after = forms.ModelMultipleChoiceField(
        label=_("Waits for"), required=False, queryset=Arrangement.objects.none(), widget=forms.CheckboxSelectMultiple,
        help_text=_("Arrangements that have to be done before it."),
    )  # fmt: skip

    class Meta:
        model = Arrangement
        fields = [
            "code", "title", "what", "deliverables", "begins", "due", "levels", "sectors", "units", "after",
            "theme_day", "is_milestone", "needs_evidence",
        ]  # fmt: skip
        help_texts = {
            "title": _("Short, as it stands in lists. In at least one language."),
            "deliverables": _("What is handed in when it is done, one a line."),
        }

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        instance: Arrangement = kwargs["instance"]
        initial: dict[str, Any] = {}
        if instance.pk:
            initial["units"] = list(instance.units.order_by("code"))
            initial["after"] = [one.pk for one in instance.after.all()]
        super().__init__(*args, initial={**initial, **kwargs.pop("initial", {})}, **kwargs)
        self.plan = plan
        others = Arrangement.objects.filter(plan=plan, is_withdrawn=False).exclude(pk=instance.pk)
        after, day, levels = self.fields["after"], self.fields["theme_day"], self.fields["levels"]
        assert isinstance(after, forms.ModelMultipleChoiceField)
        assert isinstance(day, forms.ModelChoiceField)
        assert isinstance(levels, forms.MultipleChoiceField)
        after.queryset = others.order_by("due", "code")
        after.label_from_instance = lambda obj: f"{obj.code} {obj.title}"  # type: ignore[method-assign]  # of this one field
        day.queryset = plan.edition.theme_days.all()
        day.empty_label = str(_("None"))
        order = list(Level.values)
        levels.choices = [choice for choice in Level.choices if order.index(choice[0]) >= order.index(plan.unit.level)]
        for name in ("begins", "due"):
            self.fields[name].widget.attrs |= {"class": "input input--short", "min": EARLIEST, "max": LATEST}
        if instance.pk:
            self.share(revision=instance.version, row=self.row_of(instance))

    @classmethod
    def row_of(cls, one: Arrangement) -> dict[str, Any]:
        """What the form edits of an arrangement."""
        row = {name: getattr(one, name) for name in cls.Meta.fields if name not in {"units", "after"}}
        return {**row, "units": list(one.units.order_by("code")), "after": list(one.after.order_by("code"))}

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        taken = Arrangement.objects.filter(plan=self.plan, code=code).exclude(pk=self.instance.pk)
        if code and taken.exists():
            raise ValidationError(_("The number %(code)s is taken."), params={"code": code})
        return code

    def clean_units(self) -> list[Unit]:
        units: list[Unit] = self.cleaned_data["units"]
        strangers = [unit.code for unit in units if self.plan.unit_id not in unit.ancestry]
        if strangers:
            raise ValidationError(
                _("Not under %(unit)s: %(codes)s."), params={"unit": self.plan.unit, "codes": ", ".join(strangers)}
            )
        return units

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("begins", "due"):
            days = data.get(name)
            if days is not None and not EARLIEST <= days <= LATEST:
                self.add_error(name, _("That is more than two years before the opening, or more than a year after it."))
        begins, due = data.get("begins"), data.get("due")
        if begins is not None and due is not None and due < begins:
            self.add_error("due", _("It is due before it begins."))
        if not self.errors.keys() & {"levels", "sectors", "units"} and not self.reach().exists():
            self.add_error("levels", _("It falls to nobody: tick a level or a sector that has units, or name units."))
        self._check_order(due)
        return data

    def _check_order(self, due: int | None) -> None:
        chosen = list(self.cleaned_data.get("after") or [])
        if due is not None:
            for late in (one for one in chosen if one.due > due):
                self.add_error("due", late_in_words(late))
        if not self.instance.pk or not chosen:
            return
        rows = {one.pk: one for one in arrangements_of(self.plan)}
        after = {pk: [other.pk for other in one.after.all()] for pk, one in rows.items()}
        after[self.instance.pk] = [one.pk for one in chosen]
        if circle := circle_in(after):
            self.add_error("after", circle_in_words(rows[pk] for pk in circle))

    def reach(self) -> Any:
        """The units that it falls to as it is filled in."""
        data = self.cleaned_data
        return units_addressed(
            self.plan.unit, levels=data.get("levels") or [], sectors=data.get("sectors") or [],
            units=data.get("units") or [],
        )  # fmt: skip

    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under their headings, as the page shows them."""
        named = [
            (_("What"), ("title", "what", "deliverables", "code")),
            (_("When"), ("begins", "due", "after", "theme_day")),
            (_("To whom"), ("levels", "sectors", "units")),
            (_("How it is done"), ("needs_evidence", "is_milestone")),
        ]
        return [(str(name), [self[field] for field in fields]) for name, fields in named]

    def as_fields(self) -> dict[str, Any]:
        """What `actions.plans` takes."""
        data = dict(self.cleaned_data)
        for name in ("revision", self.READ, "units", "after"):
            data.pop(name, None)
        if not data["code"]:
            data["code"] = self.instance.code
        return data


class ReachForm(forms.Form):
    """Whom an arrangement would fall to, and when: what the live line asks. What does not fit is left out."""

    levels = forms.MultipleChoiceField(required=False, choices=Level.choices)
    sectors = forms.MultipleChoiceField(required=False, choices=Sector.choices)
    units = UnitsField()
    begins = forms.IntegerField(required=False, min_value=EARLIEST, max_value=LATEST)
    due = forms.IntegerField(required=False, min_value=EARLIEST, max_value=LATEST)

    def told(self, plan: Plan) -> dict[str, Any]:
        """Units, and the dates where they are given."""
        self.is_valid()
        data = self.cleaned_data

        def day(name: str) -> dt.date | None:
            return None if data.get(name) is None else plan.edition.starts + dt.timedelta(days=data[name])

        units = units_addressed(
            plan.unit, levels=data.get("levels") or [], sectors=data.get("sectors") or [],
            units=data.get("units") or [],
        )  # fmt: skip
        return {"units": units, "begins": day("begins"), "due": day("due")}

    def as_query(self) -> str:
        """The same question as the end of an address."""
        data = self.cleaned_data
        asked = [(name, value) for name in ("levels", "sectors") for value in data.get(name) or []]
        return urlencode([*asked, ("units", " ".join(unit.code for unit in data.get("units") or []))])


class WithdrawForm(HouseForm):
    """Why an arrangement is withdrawn: units read it with their task."""

    because = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Units read it beside the task that goes."),
    )  # fmt: skip


class TakeForm(HouseForm):
    """Which arrangements of the plan above become one's own templates."""

    arrangement = forms.ModelMultipleChoiceField(queryset=Arrangement.objects.none())

    def __init__(self, data: Any, *, offered: Any) -> None:
        super().__init__(data)
        field = self.fields["arrangement"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = offered


class TableForm(HouseForm):
    """A table of arrangements."""

    file = forms.FileField(
        label=_("Table"), help_text=_("CSV or Excel (.xlsx), up to 2 MB."),
        widget=forms.ClearableFileInput(attrs={"class": "input", "accept": ".csv,.txt,.tsv,.xlsx"}),
    )  # fmt: skip

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > UPLOAD_LIMIT:
            raise ValidationError(_("The file is larger than 2 MB."))
        return file
