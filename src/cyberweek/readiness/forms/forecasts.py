from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cyberweek.readiness.enums import Standing


class ReadinessFilter(forms.Form):
    """What is asked of the matrix; everything may be left away."""

    s = forms.MultipleChoiceField(choices=Standing, required=False, label=_("Show"))
    kind = forms.ChoiceField(
        choices=[("regions", _("Regions")), ("units", _("Units"))], required=False, label=_("Rows")
    )
    sort = forms.ChoiceField(
        choices=[("chance", _("Least certain first")), ("code", _("By division"))], required=False, label=_("Sort")
    )

    def asked(self) -> dict[str, Any]:
        """What was understood; the rest as if it were not asked."""
        self.is_valid()
        found = getattr(self, "cleaned_data", {})
        return {"s": found.get("s") or [], "kind": found.get("kind") or "", "sort": found.get("sort") or "chance"}
