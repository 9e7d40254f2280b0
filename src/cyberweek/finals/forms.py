"""The rules of a final as a form: eight rounds, of which those without a kind are left out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.kernel.forms import CodeField, HouseForm
from cyberweek.kernel.models.localized import LANGUAGE_NAMES, LocalizedFormField
from cyberweek.knowledge.forms.contests import WallClockField
from cyberweek.knowledge.models import Contest
from cyberweek.regions.models import Unit

from .core.rules import MAX_ROUNDS, Fault, Round, Rules
from .enums import FinalFault, RoundKind
from .models import Final as FinalRow

_NUMBERS: Final = {
    "items": (_("Items"), 10), "right": (_("Points if right"), 10), "wrong": (_("Points lost if wrong"), 0),
    "seconds": (_("Seconds to answer"), 30), "turns": (_("Turns of each team"), 1),
    "lockout": (_("Lock-out, in seconds"), 0),
}  # fmt: skip
_HINTS: Final = {"lockout": _("For pressing too early; 0: the whole item.")}
PARTS: Final = ("kind", *_NUMBERS, "values", "together", "rebound")


class FinalForm(HouseForm):
    """Title, teams and rounds. Whether they can stand is for `core.rules` to say, through the action."""

    title = LocalizedFormField(required=False, max_length=80, part_widget=forms.TextInput, label=_("Title"))
    slug = forms.CharField(
        max_length=50, label=_("Short name"), help_text=_("Stands in addresses and cannot be changed later.")
    )
    owner = CodeField(label=_("Organiser"))
    starts = WallClockField(label=_("Starts"))
    contest = forms.ModelChoiceField(
        Contest.objects.none(), required=False, to_field_name="slug", empty_label=_("The item bank of the organiser"),
        label=_("Items of"), help_text=_("Items of a contest that was played may be known to the teams."),
    )  # fmt: skip
    teams = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 6, "class": "textarea"}), max_length=2000, label=pgettext_lazy("final", "Teams"),
        help_text=_("One a line, in the order of their turns; 2 to 12."),
    )  # fmt: skip
    spares = forms.IntegerField(
        label=_("Items for a tie-break"),
        help_text=_("Buzzer items that decide between equal teams and give no points."),
    )

    def __init__(
        self, data: Any = None, *, zone: ZoneInfo, contests: QuerySet[Contest], owners: QuerySet[Unit],
        final: FinalRow | None = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        self.zone = zone
        if final:
            kwargs["initial"] = _told(final)
        super().__init__(data, **kwargs)
        self.fields["contest"].queryset = contests  # type: ignore[attr-defined]  # a model choice field
        if final:
            del self.fields["slug"], self.fields["owner"]
        else:
            owner = self.fields["owner"]
            assert isinstance(owner, CodeField)
            owner.let(owners)
        for index in range(MAX_ROUNDS):
            self._add_round(index)

    def _add_round(self, index: int) -> None:
        """The fields of one round."""
        select = forms.Select(attrs={"class": "select"})
        kinds = [("", _("No round")), *RoundKind.choices]
        self._add(index, "kind", forms.ChoiceField(required=False, choices=kinds, widget=select, label=_("Kind")))
        for name, (label, usual) in _NUMBERS.items():
            widget = forms.NumberInput(attrs={"class": "input", "inputmode": "numeric"})
            field = forms.IntegerField(
                required=False, initial=usual, widget=widget, label=label, help_text=_HINTS.get(name, "")
            )
            self._add(index, name, field)
        values = forms.CharField(
            required=False, max_length=60, label=_("Stakes"), help_text=_("Points to choose from, as in 10 30 50."),
            widget=forms.TextInput(attrs={"class": "input"}),
        )  # fmt: skip
        self._add(index, "values", values)
        together = forms.BooleanField(required=False, label=_("All teams answer every item"))
        self._add(index, "together", together)
        rebound = forms.BooleanField(
            required=False, initial=True, label=_("After a wrong answer the others may buzz again")
        )
        self._add(index, "rebound", rebound)

    def _add(self, index: int, name: str, field: forms.Field) -> None:
        self.fields[f"round_{index}_{name}"] = field

    def rounds(self) -> list[dict[str, Any]]:
        """The rounds for the page: number, the field of the kind, the others with their names."""
        rows = []
        for index in range(MAX_ROUNDS):
            parts = [(name, self[f"round_{index}_{name}"]) for name in PARTS[1:]]
            rows.append({"number": index + 1, "kind": self[f"round_{index}_kind"], "parts": parts})
        return rows

    def clean_title(self) -> LocalizedText:
        title: LocalizedText = self.cleaned_data["title"]
        missing = [str(name) for tag, name in LANGUAGE_NAMES.items() if not title.get(tag)]
        if missing:
            raise ValidationError(_("There is no title %(in_language)s."), params={"in_language": missing[0]})
        return title

    def clean_teams(self) -> list[str]:
        lines = [" ".join(line.split()) for line in self.cleaned_data["teams"].splitlines()]
        return [line for line in lines if line]

    def clean_starts(self) -> dt.datetime:
        clock: dt.datetime = self.cleaned_data["starts"]
        moment = clock.replace(tzinfo=self.zone)
        if moment.astimezone(dt.UTC).astimezone(self.zone).replace(tzinfo=None) != clock:
            raise ValidationError(_("The clocks there skip this time."))
        return moment

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        for index in self._used():
            name = f"round_{index}_values"
            text = str(told.get(name) or "").replace(",", " ").replace("，", " ").replace("、", " ")
            if told.get(f"round_{index}_kind") == RoundKind.RISK and not all(one.isdecimal() for one in text.split()):
                self.add_error(name, _("Only whole numbers are points."))
        return told

    def _used(self) -> list[int]:
        return [index for index in range(MAX_ROUNDS) if self.cleaned_data.get(f"round_{index}_kind")]

    def rules(self) -> Rules:
        """What the form says, as a value."""
        return Rules(rounds=tuple(self._round(index) for index in self._used()), spares=self.cleaned_data["spares"])

    def _round(self, index: int) -> Round:
        told = {name: self.cleaned_data.get(f"round_{index}_{name}") for name in PARTS}
        kind = str(told["kind"])
        numbers: dict[str, Any] = {
            name: usual if told[name] is None else told[name] for name, (_label, usual) in _NUMBERS.items()
        }
        text = str(told["values"] or "").replace(",", " ").replace("，", " ").replace("、", " ")
        numbers["lockout"] = numbers["lockout"] if kind == RoundKind.BUZZER else 0
        if kind not in {RoundKind.CHOOSE, RoundKind.RISK}:
            numbers["turns"] = 1
        return Round(
            kind=kind,  # type: ignore[arg-type]  # one of the choices
            together=bool(told["together"]) and kind == RoundKind.MUST,
            rebound=bool(told["rebound"]),
            values=tuple(int(one) for one in text.split()) if kind == RoundKind.RISK else (),
            **numbers,
        )

    def refuse(self, faults: Sequence[Fault]) -> None:
        """Say each fault beside the field that it is about."""
        used = self._used()
        for fault in faults:
            words = FinalFault.say(fault.reason, fault.params)
            where, *rest = fault.field.split(":")
            name = f"round_{used[int(rest[0])]}_{rest[1]}" if where == "round" else where
            self.add_error(name if name in self.fields else "round_0_kind" if where == "rounds" else None, words)


def _told(final: FinalRow) -> Mapping[str, Any]:
    told: dict[str, Any] = {
        "title": final.title, "starts": final.local_starts, "contest": final.contest.slug if final.contest else None,
        "teams": "\n".join(team.name for team in final.teams.order_by("seat")), "spares": final.rules["spares"],
    }  # fmt: skip
    for index, one in enumerate(final.ruled().rounds):
        for name in PARTS:
            value = getattr(one, name)
            told[f"round_{index}_{name}"] = " ".join(map(str, value)) if name == "values" else value
    return told
