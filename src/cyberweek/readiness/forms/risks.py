from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cyberweek.kernel.forms import CodeField, HouseForm, HouseModelForm, SharedEditing
from cyberweek.planning.queries.tasks import people_to_name
from cyberweek.readiness.actions.risks import WRITTEN
from cyberweek.readiness.enums import RiskLevel, RiskState
from cyberweek.readiness.models import Risk
from cyberweek.readiness.queries.risks import AskedRisks
from cyberweek.regions.models import Unit

from .fields import DayInput, SpokenField

LIKELIHOODS: Final = (
    (1, _("1: hardly thinkable")), (2, _("2: unlikely")), (3, _("3: possible")), (4, _("4: likely")),
    (5, _("5: to be expected")),
)  # fmt: skip
IMPACTS: Final = (
    (1, _("1: hardly felt")), (2, _("2: small")), (3, _("3: an activity suffers")), (4, _("4: a day of the Week suffers")),
    (5, _("5: people, or the whole Week")),
)  # fmt: skip
_NONE: Final = [("", "–")]


class RiskForm(SharedEditing, HouseModelForm):
    """A risk with its levels, before the measures and with them."""

    unit = CodeField(label=_("Unit"), help_text=_("The code or the exact name of one of your units."))
    likelihood = forms.TypedChoiceField(label=_("Likelihood"), choices=LIKELIHOODS, coerce=int, initial=3)
    impact = forms.TypedChoiceField(label=_("Impact"), choices=IMPACTS, coerce=int, initial=3)
    likelihood_left = forms.TypedChoiceField(
        label=_("Likelihood with the measures"), choices=[*_NONE, *LIKELIHOODS], coerce=int, required=False,
        empty_value=None,
    )  # fmt: skip
    impact_left = forms.TypedChoiceField(
        label=_("Impact with the measures"), choices=[*_NONE, *IMPACTS], coerce=int, required=False, empty_value=None
    )
    who = forms.CharField(
        label=pgettext_lazy("risk", "Owner"), required=False, max_length=80,
        help_text=_("Who watches it: user name or exact name of somebody who serves in the unit or above it."),
    )  # fmt: skip

    class Meta:
        model = Risk
        fields = [
            "unit",
            "title",
            "cause",
            "effect",
            "likelihood",
            "impact",
            "likelihood_left",
            "impact_left",
            "review",
        ]
        widgets = {"review": DayInput()}

    field_order = [
        "unit", "title", "cause", "effect", "likelihood", "impact", "likelihood_left", "impact_left", "who", "review",
    ]  # fmt: skip

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        row: Risk = kwargs["instance"]
        kwargs["initial"] = {"who": row.owner.name if row.owner_id and row.owner else ""} | (
            kwargs.get("initial") or {}
        )
        super().__init__(*args, **kwargs)
        unit = self.fields["unit"]
        assert isinstance(unit, CodeField)
        unit.let(units)
        if row.pk:
            del self.fields["unit"]
        self.share(revision=row.revision, row=self.present(row))

    def present(self, row: Risk) -> dict[str, Any]:
        names = [name for name in WRITTEN if name in self.fields]
        return {name: getattr(row, name) for name in names} | {"who": row.owner.name if row.owner else ""}

    def _post_clean(self) -> None:
        """The instance is written by the action alone; what the database demands is said in `clean`."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        left = {name: data.get(f"{name}_left") for name in ("likelihood", "impact")}
        if (left["likelihood"] is None) != (left["impact"] is None):
            empty = "likelihood_left" if left["likelihood"] is None else "impact_left"
            self.add_error(empty, _("Give both, or neither."))
        for name, value in left.items():
            if value is not None and data.get(name) and value > data[name]:
                self.add_error(f"{name}_left", _("Measures do not make it worse: at most what it is without them."))
        self._find_owner(data)
        return data

    def _find_owner(self, data: dict[str, Any]) -> None:
        typed = (data.get("who") or "").strip()
        unit = data.get("unit") or (self.instance.unit if self.instance.pk else None)
        data["owner"] = None
        if not typed or not unit:
            return
        people = people_to_name(unit)
        found = list(people.filter(username=typed.lower())[:1]) or list(people.filter(name=typed)[:2])
        if len(found) == 1:
            data["owner"] = found[0]
        elif self.instance.pk and self.instance.owner and self.instance.owner.name == typed:
            data["owner"] = self.instance.owner
        else:
            several = _("Several have this name; give the user name.")
            nobody = _("Nobody of this name serves in that unit or above it.")
            self.add_error("who", several if found else nobody)

    def written(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in WRITTEN}


class RiskFilter(HouseForm):
    """What is asked of the register; everything may be left away."""

    q = forms.CharField(label=_("Words to look for"), required=False, max_length=80)
    state = forms.ChoiceField(
        label=_("State"), required=False,
        choices=[("live", _("Not closed")), ("", _("All states")), *RiskState.choices],
    )  # fmt: skip
    level = forms.ChoiceField(
        label=pgettext_lazy("risk", "Level"),
        required=False,
        choices=[("", pgettext_lazy("risk", "All levels")), *RiskLevel.choices],
    )
    whose = forms.ChoiceField(
        label=_("Whose"), required=False,
        choices=[("", _("All in sight")), ("mine", _("I own them")), ("hands", _("In the hands of my units"))],
    )  # fmt: skip
    unit = CodeField(label=_("Unit, with all under it"), required=False)
    l = forms.IntegerField(required=False, min_value=1, max_value=5, widget=forms.HiddenInput)  # noqa: E741 -- the name in addresses of the matrix
    i = forms.IntegerField(required=False, min_value=1, max_value=5, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, units: Any) -> None:
        super().__init__(data if "state" in data else {**data.dict(), "state": "live"})
        unit = self.fields["unit"]
        assert isinstance(unit, CodeField)
        unit.let(units)
        for name in ("q", "unit"):
            self.fields[name].widget.attrs["placeholder"] = self.fields[name].label

    def asked(self) -> AskedRisks:
        """What was understood; the rest as if it were not asked."""
        self.is_valid()
        data = self.cleaned_data
        unit: Unit | None = data.get("unit")
        return AskedRisks(
            q=data.get("q") or "", state=data.get("state") or "", level=data.get("level") or "", whose=data.get("whose") or "",
            unit=unit, likelihood=data.get("l"), impact=data.get("i"),
        )  # fmt: skip


class RiskActForm(HouseForm):
    """A word with a step."""

    text = forms.CharField(label=_("Why"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class MeasureForm(HouseForm):
    """What is done against it, by whom, until when."""

    what = SpokenField(label=_("Measure"), max_length=120)
    unit = CodeField(label=_("Unit"))
    due = forms.DateField(label=_("Until"), widget=DayInput(attrs={"class": "input"}))
    as_task = forms.BooleanField(
        label=_("Make it a task of this unit"), required=False, initial=True,
        help_text=_("Then the task says how far it is."),
    )  # fmt: skip

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = self.fields["unit"]
        assert isinstance(unit, CodeField)
        unit.let(units)
