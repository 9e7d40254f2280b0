from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cyberweek.editions.models import Edition
from cyberweek.honours.actions import RefusedError
from cyberweek.honours.enums import State
from cyberweek.honours.models import Call
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.kernel.forms import CodeField, HouseModelForm
from cyberweek.kernel.models.localized import LocalizedFormField
from cyberweek.programme.forms import LocalMoment
from cyberweek.regions.enums import Level, Sector

LINES: Final = 6
_RUBRIC: Final = (
    ({"zh-Hans": "针对性", "en": "Meets a need"}, 2),
    ({"zh-Hans": "创新性", "en": "New"}, 2),
    ({"zh-Hans": "实效", "en": "Works"}, 3),
    ({"zh-Hans": "可推广", "en": "Can be copied"}, 3),
)
_MOMENTS: Final = ("opens", "closes", "scoring_until")


class CallForm(HouseModelForm):
    """A call with its rubric. Times are on the clocks of the edition's zone."""

    owner = CodeField(label=_("Unit that calls"), help_text=_("The code or the exact name of one of your units."))
    opens = LocalMoment(label=_("Entries from"))
    closes = LocalMoment(label=_("Entries until"), help_text=_("Once the call is open it can only be put off."))
    scoring_until = LocalMoment(label=_("Scores until"))
    levels = forms.MultipleChoiceField(
        required=False, choices=Level.choices, widget=forms.CheckboxSelectMultiple, label=_("Levels addressed"),
        help_text=_("None ticked: all."),
    )  # fmt: skip
    sectors = forms.MultipleChoiceField(
        required=False, choices=Sector.choices, widget=forms.CheckboxSelectMultiple, label=_("Sectors addressed"),
        help_text=_("None ticked: all."),
    )  # fmt: skip

    class Meta:
        model = Call
        fields = [
            "owner", "title", "asked", "contact", "opens", "closes", "scoring_until", "objection_days", "levels", "sectors",
            "top", "readers", "first", "second", "third", "merit",
        ]  # fmt: skip
        help_texts = {
            "contact": _("Shown to everybody beside the call."),
            "readers": _("At least three: a juror’s severity shows only against others."),
            "objection_days": _("Whole days after the awards are announced."),
        }

    def __init__(self, *args: Any, edition: Edition, units: Any = None, **kwargs: Any) -> None:
        self.edition = edition
        call: Call = kwargs["instance"]
        self.is_draft = call.state == State.DRAFT
        kwargs["initial"] = self._initial(call)
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, CodeField)
        owner.let(units)
        for name in ("objection_days", "top", "readers", "first", "second", "third", "merit"):
            self.fields[name].widget.attrs["class"] = "input input--short"
        self._add_rubric(list(call.criteria.all()) if call.pk else [])
        if call.pk:
            del self.fields["owner"]
        if not self.is_draft:
            for name in set(self.fields) - {"contact", "closes", "scoring_until", "readers"}:
                del self.fields[name]

    def _initial(self, call: Call) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name in _MOMENTS:
            moment = getattr(call, name)
            found[name] = moment.astimezone(self.edition.tz).replace(tzinfo=None) if moment else None
        if not call.pk:
            start = dt.datetime.combine(self.edition.starts, dt.time(9))
            days = {"opens": -14, "closes": 30, "scoring_until": 44}
            found |= {name: start + dt.timedelta(days=n) for name, n in days.items()}
        return found

    def _add_rubric(self, criteria: Sequence[Any]) -> None:
        known = [(one.name, one.hint, one.weight) for one in criteria]
        known = known or [(LocalizedText(name), LocalizedText(), weight) for name, weight in _RUBRIC]
        for n in range(1, LINES + 1):
            name, hint, weight = known[n - 1] if n <= len(known) else (None, None, None)
            self.fields[f"name{n}"] = LocalizedFormField(
                required=False, max_length=80, part_widget=forms.TextInput, initial=name,
                label=_("Criterion %(n)d") % {"n": n},
            )  # fmt: skip
            self.fields[f"hint{n}"] = LocalizedFormField(
                required=False, max_length=300, part_widget=forms.TextInput, initial=hint, label=_("What to look at"),
            )  # fmt: skip
            self.fields[f"weight{n}"] = forms.IntegerField(
                required=False, min_value=1, max_value=100, initial=weight, label=_("Weight"),
                widget=forms.NumberInput(attrs={"class": "input input--short"}),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in _MOMENTS:
            if data.get(name):
                data[name] = data[name].replace(tzinfo=self.edition.tz)
        opens = data.get("opens") or self.instance.opens
        closes = data.get("closes") or self.instance.closes
        if opens and data.get("closes") and data["closes"] <= opens:
            self.add_error("closes", _("It must be after the time from which entries are taken."))
        if closes and data.get("scoring_until") and data["scoring_until"] <= closes:
            self.add_error("scoring_until", _("It must be after the end of entries."))
        for n in range(1, LINES + 1):
            if f"name{n}" in self.fields and bool(data.get(f"name{n}")) != bool(data.get(f"weight{n}")):
                field = f"weight{n}" if data.get(f"name{n}") else f"name{n}"
                self.add_error(field, _("A criterion has a name and a weight."))
        return data

    def _post_clean(self) -> None:
        """The database's checks are made by `clean`, in words that fit; the instance is written by the action."""

    def rubric(self) -> list[tuple[LocalizedText, LocalizedText, int]]:
        """The lines that are filled in."""
        data = self.cleaned_data
        lines = [(data.get(f"name{n}"), data.get(f"hint{n}"), data.get(f"weight{n}")) for n in range(1, LINES + 1)]
        return [(name, hint or LocalizedText(), weight) for name, hint, weight in lines if name and weight]

    def written(self) -> dict[str, Any]:
        return {
            name: value for name, value in self.cleaned_data.items() if name in self.Meta.fields and name != "owner"
        }

    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under their headings, as the page shows them."""
        named = [
            (gettext("What is asked"), ("owner", "title", "asked", "contact")),
            (gettext("When"), ("opens", "closes", "scoring_until", "objection_days")),
            (gettext("Of whom"), ("levels", "sectors")),
            (gettext("Jury and awards"), ("top", "readers", "first", "second", "third", "merit")),
        ]
        found = [(name, [self[field] for field in fields if field in self.fields]) for name, fields in named]
        return [(name, fields) for name, fields in found if fields]

    def lines(self) -> list[tuple[int, forms.BoundField, forms.BoundField, forms.BoundField]]:
        """The rubric's lines: number, name, hint, weight; none once the call is open."""
        if "name1" not in self.fields:
            return []
        return [(n, self[f"name{n}"], self[f"hint{n}"], self[f"weight{n}"]) for n in range(1, LINES + 1)]

    def refuse(self, refused: RefusedError) -> None:
        self.add_error(refused.field if refused.field in self.fields else None, str(refused))
