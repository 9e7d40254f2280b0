from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cyberweek.attachments.forms import AttachmentField, KeepsFiles
from cyberweek.honours.actions import ENTERED, MOST_FILES, RefusedError, lacking
from cyberweek.honours.enums import Counted
from cyberweek.honours.models import Entry
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.kernel.forms import CodeField, HouseForm, HouseModelForm, SharedEditing
from cyberweek.kernel.models.localized import LocalizedFormField

FIGURES: Final = 4
_MOST: Final = Decimal(10) ** 12


def row_of(entry: Entry) -> dict[str, Any]:
    """What the form edits of an entry, by the names of its fields, its figures too."""
    row = {name: getattr(entry, name) for name in ENTERED}
    known = list(entry.figures.all())
    for n in range(1, FIGURES + 1):
        one = known[n - 1] if n <= len(known) else None
        row[f"label{n}"] = one.label if one else LocalizedText()
        row[f"value{n}"] = one.value if one else None
        row[f"counted{n}"] = one.counted if one else ""
    return row


class EntryForm(SharedEditing, HouseModelForm):
    """A unit's case. Only a title and a theme are needed to keep it; what sending in needs is asked by `lacks`."""

    unit = CodeField(label=_("Unit"), help_text=_("The code or the exact name of one of your units."))

    class Meta:
        model = Entry
        fields = [
            "unit", "title", "kind", "theme", "problem", "practice", "result", "reuse", "licence", "consent",
            "contact_name", "contact",
        ]  # fmt: skip
        help_texts = {
            "title": _("Jurors read it blind: leave out the unit, its region and its people, here and below."),
            "contact_name": _("Never shown to jurors nor to the public."),
            "reuse": _("What another unit needs to do the same: material, people, hours, what to mind."),
        }

    def __init__(self, *args: Any, units: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        entry: Entry = self.instance
        if entry.pk:
            del self.fields["unit"]
        else:
            unit = self.fields["unit"]
            assert isinstance(unit, CodeField)
            unit.let(units)
            self._only_unit(units)
        known = list(entry.figures.all()) if entry.pk else []
        for n in range(1, FIGURES + 1):
            one = known[n - 1] if n <= len(known) else None
            self.fields[f"label{n}"] = LocalizedFormField(
                required=False, max_length=120, part_widget=forms.TextInput, initial=one.label if one else None,
                label=_("Figure %(n)d: what was counted") % {"n": n},
            )  # fmt: skip
            self.fields[f"value{n}"] = forms.DecimalField(
                required=False, min_value=0, max_value=_MOST, decimal_places=1, label=_("How many"),
                initial=one.value.normalize() if one else None, widget=forms.NumberInput(attrs={"class": "input", "step": "any"}),
            )  # fmt: skip
            self.fields[f"counted{n}"] = forms.ChoiceField(
                required=False, choices=[("", _("Choose")), *Counted.choices], label=_("Unit of count"),
                initial=one.counted if one else "", widget=forms.Select(attrs={"class": "select"}),
            )  # fmt: skip
        if entry.pk:
            self.share(revision=entry.revision, row=row_of(entry))

    def _only_unit(self, units: Any) -> None:
        """Who enters for one unit alone need not type its code."""
        found = list(units.order_by("code")[:2])
        if len(found) == 1:
            self.initial["unit"] = found[0].code

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for n in range(1, FIGURES + 1):
            label, value, counted = (data.get(f"{name}{n}") for name in ("label", "value", "counted"))
            if (label or value is not None) and not (label and value is not None and counted):
                lacks = "label" if not label else "value" if value is None else "counted"
                if f"{lacks}{n}" not in self.errors:
                    self.add_error(
                        f"{lacks}{n}", _("A figure says what was counted, how many, and in which unit of count.")
                    )
            if counted == Counted.PERCENT and value is not None and value > 100:
                self.add_error(f"value{n}", _("A share is at most 100 per cent."))
        return data

    def _post_clean(self) -> None:
        """The action writes the row: until then the instance stays as it was read."""

    def lacks(self) -> bool:
        """Say beside each field what sending in needs; True where something is lacking."""
        given = {name: value for name in ENTERED if (value := self.cleaned_data.get(name))}
        draft = Entry(**given)
        found = lacking(draft)
        for name, words in found:
            self.add_error(name, words)
        return bool(found)

    def written(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ENTERED}

    def claimed(self) -> list[tuple[LocalizedText, Decimal, str]]:
        """The figures that are filled in."""
        data = self.cleaned_data
        rows = [(data.get(f"label{n}"), data.get(f"value{n}"), data.get(f"counted{n}")) for n in range(1, FIGURES + 1)]
        return [(label, value, counted) for label, value, counted in rows if label and value is not None and counted]

    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        named = [
            (gettext("The case"), ("unit", "title", "kind", "theme", "problem", "practice", "result")),
            (gettext("For others"), ("reuse", "licence", "consent")),
            (gettext("Contact"), ("contact_name", "contact")),
        ]
        return [(name, [self[field] for field in fields if field in self.fields]) for name, fields in named]

    def lines(self) -> list[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        """The figures' lines: what was counted, how many, unit of count."""
        return [(self[f"label{n}"], self[f"value{n}"], self[f"counted{n}"]) for n in range(1, FIGURES + 1)]

    def refuse(self, refused: RefusedError) -> None:
        self.add_error(refused.field if refused.field in self.fields else None, str(refused))


class FilesForm(KeepsFiles, HouseForm):
    """Files beside a case."""

    file = AttachmentField(most=MOST_FILES, label=_("Add files"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = _(
            "Jurors see the files without their names; names written inside stay, also as the author in their properties."
        )
        self.fields["file"].help_text = f"{self.fields['file'].help_text} {names}"

    def refuse(self, refused: RefusedError) -> None:
        self.add_error("file", str(refused))
