from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cyberweek.accounts.models import User
from cyberweek.accounts.queries import people_named
from cyberweek.honours.actions import RefusedError
from cyberweek.honours.enums import AwardLevel
from cyberweek.honours.models import Award, Criterion, Result
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.kernel.forms import CodeField, HouseForm
from cyberweek.kernel.models.localized import LocalizedFormField
from cyberweek.regions.models import Unit


class RefusableForm(HouseForm):
    """A form that says beside its field why an action refused."""

    def refuse(self, refused: RefusedError) -> None:
        self.add_error(refused.field if refused.field in self.fields else None, str(refused))


class JurorForm(RefusableForm):
    """A juror by their user name: an account is enough."""

    person = forms.CharField(
        max_length=60, label=_("User name"), help_text=_("An account is enough; a post is not needed.")
    )

    def clean_person(self) -> User:
        found = people_named(self.cleaned_data["person"].strip()).first()
        if found is None:
            raise ValidationError(_("Nobody has this user name."))
        return found


class ConflictForm(RefusableForm):
    """What a juror cannot judge, and why. Units are not offered while one types: a list would say who has entered."""

    number = forms.IntegerField(
        required=False,
        min_value=1,
        label=_("Number of the entry"),
        widget=forms.NumberInput(attrs={"class": "input input--short"}),
    )
    unit = CodeField(
        required=False, label=_("Unit"), help_text=_("Its code or exact name; all units under it are meant too.")
    )
    reason = forms.CharField(max_length=300, label=_("Reason"), help_text=_("Whoever leads the call sees it."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = self.fields["unit"]
        assert isinstance(unit, CodeField)
        unit.let(Unit.objects.all(), offered=Unit.objects.none())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("number")) == bool(data.get("unit")) and not self.errors:
            self.add_error("number", _("Name either an entry by its number or a unit."))
        return data


class SheetForm(RefusableForm):
    """A juror's scores of one entry, a row of radio buttons or a number a criterion."""

    note = forms.CharField(
        required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), label=_("Note"),
        help_text=_("Whoever leads the call reads it after scoring has ended."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, criteria: Iterable[Criterion], top: int, known: Mapping[int, int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.criteria, self.top = list(criteria), top
        for one in self.criteria:
            self.fields[f"score{one.pk}"] = forms.IntegerField(
                required=False, min_value=0, max_value=top, label=str(one.name), initial=known.get(one.pk),
                help_text=str(one.hint), widget=forms.NumberInput(attrs={"class": "input input--short", "inputmode": "numeric"}),
            )  # fmt: skip
        self.order_fields([*[f"score{one.pk}" for one in self.criteria], "note"])

    def values(self) -> dict[int, int]:
        """By criterion; those left empty are missing."""
        data = self.cleaned_data
        return {one.pk: data[f"score{one.pk}"] for one in self.criteria if data.get(f"score{one.pk}") is not None}

    def lines(self) -> list[tuple[Criterion, forms.BoundField]]:
        return [(one, self[f"score{one.pk}"]) for one in self.criteria]


class AwardsForm(RefusableForm):
    """An award and a citation for each entry, filled in as proposed by rank."""

    reason = forms.CharField(
        required=False, max_length=600, widget=forms.Textarea(attrs={"rows": 2}), label=_("Reason for departing from the order"),
        help_text=_("Needed where a lower score gets a higher award. It is published."),
    )  # fmt: skip

    def __init__(self, *args: Any, results: Iterable[Result], proposed: Mapping[Any, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.results = list(results)
        for one in self.results:
            key = one.entry_id
            self.fields[f"level{key}"] = forms.ChoiceField(
                required=False, choices=[("", _("no award")), *AwardLevel.choices], initial=proposed.get(key, ""),
                label=_("Award of entry %(number)d") % {"number": one.entry.number or 0},
                widget=forms.Select(attrs={"class": "select"}),
            )  # fmt: skip
            self.fields[f"citation{key}"] = LocalizedFormField(
                required=False, max_length=Award._meta.get_field("citation").max_length, part_widget=forms.TextInput,
                label=_("Citation of entry %(number)d") % {"number": one.entry.number or 0},
            )  # fmt: skip

    def levels(self) -> dict[int, str]:
        return {one.entry_id: self.cleaned_data[f"level{one.entry_id}"] for one in self.results}

    def citations(self) -> dict[int, LocalizedText]:
        return {one.entry_id: self.cleaned_data[f"citation{one.entry_id}"] for one in self.results}

    def lines(self) -> list[tuple[Result, forms.BoundField, forms.BoundField]]:
        return [(one, self[f"level{one.entry_id}"], self[f"citation{one.entry_id}"]) for one in self.results]


class ObjectionForm(RefusableForm):
    """A doubt about a proposed award."""

    entry = forms.ChoiceField(label=_("Case"))
    text = forms.CharField(
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        label=_("Objection"),
        help_text=_("What is wrong, and how it can be checked."),
    )
    source = forms.CharField(
        required=False,
        max_length=160,
        label=_("From whom"),
        help_text=_("Where you pass it on for somebody: who, and how it came."),
    )

    def __init__(self, *args: Any, awards: Iterable[Award], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["entry"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(one.entry_id), f"{one.get_level_display()} · {one.entry.title}") for one in awards]


class DecisionForm(RefusableForm):
    """The answer to an objection."""

    upheld = forms.TypedChoiceField(
        choices=[("no", _("It does not hold: the award stays")), ("yes", _("It holds: the award is taken back"))],
        widget=forms.RadioSelect, coerce=lambda value: value == "yes", label=_("Decision"),
    )  # fmt: skip
    decision = forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), label=_("Reason"))
