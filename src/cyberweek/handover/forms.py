from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cyberweek.editions.forms import NewEditionForm
from cyberweek.handover.core.archive import LARGEST
from cyberweek.handover.core.dates import proposed_start
from cyberweek.handover.core.matching import Match
from cyberweek.handover.core.records import Contents
from cyberweek.handover.models import ContactOffer, KnownHost
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.kernel.forms import CodeField, HouseForm, HouseModelForm
from cyberweek.regions.models import Unit


class ContactForm(HouseModelForm):
    """What the next host may know of a person."""

    unit = CodeField(label=_("Unit"), help_text=_("The code or the exact name of one of your units."))
    agree = forms.BooleanField(
        label=_("The next host may see this and ask me. I can take it back until the archive is made.")
    )

    class Meta:
        model = ContactOffer
        fields = ["unit", "contact", "about"]

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, CodeField)
        field.let(units)
        self.initial["unit"] = self.instance.unit if self.instance.unit_id else units.first()

    def _post_clean(self) -> None:
        """The action changes the row."""


class ArchiveForm(HouseForm):
    """An archive from the last host."""

    file = forms.FileField(
        label=_("Archive"), help_text=_("The ZIP file from the last host, as it is: do not unpack it."),
        widget=forms.ClearableFileInput(attrs={"class": "input", "accept": ".zip,application/zip"}),
    )  # fmt: skip

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise ValidationError(_("The file is too large for an archive of a hand-over."))
        return bytes(file.read())


class HostForm(HouseModelForm):
    """A keeper has compared the fingerprint."""

    compared = forms.BooleanField(label=_("I have compared the fingerprint with what the last host says."))

    class Meta:
        model = KnownHost
        fields = ["name"]

    def _post_clean(self) -> None:
        """The action makes the row."""


class TakeForm(NewEditionForm):
    """The edition to be made, and a unit of this house for each that the archive names (`unit-CODE`)."""

    class Meta(NewEditionForm.Meta):
        fields = ["title", "slug", "theme", "year", "starts", "scope", "host", "owner"]

    field_order = ["title", "slug", "theme", "year", "starts", "scope", "host", "owner"]

    def __init__(
        self, *args: Any, contents: Contents, matches: list[Match], units: QuerySet[Unit], **kwargs: Any
    ) -> None:
        super().__init__(*args, units=units, initial=first_values(contents, matches), **kwargs)
        self.fields["starts"].help_text = _("All dates move with it; the same weekday keeps the theme days on theirs.")
        for match in matches:
            self.fields[name_of(match)] = CodeField(units, label=match.source.code, required=False)
            self.fields[name_of(match)].widget.attrs["class"] = "input"

    def chosen(self, matches: list[Match]) -> Mapping[str, str]:
        """Code of a unit there → code of the one here; what is left empty is left out."""
        found = {match.source.code: self.cleaned_data.get(name_of(match)) for match in matches}
        return {source: unit.code for source, unit in found.items() if unit}


def name_of(match: Match) -> str:
    return f"unit-{match.source.code}"


def first_values(contents: Contents, matches: list[Match]) -> dict[str, Any]:
    """What the form begins with: a year later, on the same weekday, every year in its words counted on."""
    facts = contents.edition
    year = facts.year + 1
    title = {tag: re.sub(rf"(?<!\d){facts.year}(?!\d)", str(year), text) for tag, text in facts.title.items()}
    start = proposed_start(dt.date.fromisoformat(facts.starts), year=year)
    return {
        "title": LocalizedText(title), "slug": facts.slug.replace(str(facts.year), str(year)), "year": year,
        "theme": LocalizedText(facts.theme), "starts": start, "scope": facts.scope, "host": facts.host,
        **{name_of(match): match.target for match in matches},
    }  # fmt: skip
