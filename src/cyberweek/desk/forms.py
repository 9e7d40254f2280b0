from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from cyberweek.kernel.forms import HouseForm

from .queries import Asked


class AuditFilter(HouseForm):
    """What the reader of the audit trail asks for. What does not fit is said beside its field and left out."""

    person = forms.CharField(label=_("Person"), required=False, max_length=80)
    thing = forms.CharField(label=_("Thing"), required=False, max_length=80)
    verb = forms.ChoiceField(label=_("Act"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, verbs: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["verb"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("All acts")), *verbs]
        self.fields["person"].widget.attrs["placeholder"] = _("Name or user name")
        self.fields["thing"].widget.attrs["placeholder"] = _("Title, name or code")

    def asked(self, zone: ZoneInfo) -> Asked:
        """Days are days of `zone`; the last one is included."""
        self.is_valid()
        given = self.cleaned_data
        since, until = given.get("since"), given.get("until")
        return Asked(
            person=given.get("person", ""),
            thing=given.get("thing", ""),
            verb=given.get("verb", ""),
            first=dt.datetime.combine(since, dt.time(), zone) if since else None,
            after=dt.datetime.combine(until + dt.timedelta(days=1), dt.time(), zone) if until else None,
        )
