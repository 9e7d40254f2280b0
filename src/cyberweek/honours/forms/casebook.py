from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cyberweek.honours.enums import EntryState, Kind, Theme
from cyberweek.honours.queries import Asked
from cyberweek.kernel.forms import HouseForm
from cyberweek.regions.enums import Level, Sector


class CaseFilter(HouseForm):
    """What a visitor asks of the casebook; what does not fit is left out."""

    q = forms.CharField(required=False, max_length=80, label=_("Find a case"))
    theme = forms.ChoiceField(
        required=False, choices=[("", _("All themes")), *Theme.choices], label=pgettext_lazy("case", "Theme")
    )
    kind = forms.ChoiceField(required=False, choices=[("", _("All kinds")), *Kind.choices], label=_("Kind"))
    sector = forms.ChoiceField(required=False, choices=[("", _("All sectors")), *Sector.choices], label=_("Sector"))
    level = forms.ChoiceField(required=False, choices=[("", _("All levels")), *Level.choices], label=_("Level"))
    year = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, label=_("Year"))

    def __init__(self, data: Any, *, years: list[int]) -> None:
        super().__init__(data)
        field = self.fields["year"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("All years")), *[(str(year), str(year)) for year in years]]
        self.fields["q"].widget.attrs |= {
            "type": "search",
            "placeholder": str(_("A word of the problem, the practice, the unit")),
        }

    def asked(self) -> Asked:
        self.is_valid()
        return Asked(**{name: value for name, value in self.cleaned_data.items() if value not in (None, "")})


class EntryFilter(HouseForm):
    """What an organiser asks of a call's entries."""

    q = forms.CharField(required=False, max_length=80, label=_("Find in list"))
    theme = forms.ChoiceField(
        required=False, choices=[("", _("All themes")), *Theme.choices], label=pgettext_lazy("case", "Theme")
    )
    state = forms.ChoiceField(required=False, choices=[("", _("All states")), *EntryState.choices], label=_("State"))

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["q"].widget.attrs |= {"type": "search", "placeholder": str(_("Title, unit"))}

    def asked(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in ("q", "theme", "state")}
