"""Forms of rulings: who is meant, why they are excluded or readmitted, what they say to it, a regrade."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from cyberweek.kernel.forms import HouseForm
from cyberweek.knowledge.core import reasons
from cyberweek.knowledge.core.rulings import MAX_REASON
from cyberweek.knowledge.enums import ExclusionReason, RulingFault
from cyberweek.knowledge.models import MAX_TEXT


class WhoForm(HouseForm):
    """A participant's number, or the receipt of one of their papers."""

    who = forms.CharField(
        max_length=4000,
        label=_("Number or receipt"),
        help_text=_("From the participant: both stand on their own pages."),
    )


class RulingForm(HouseForm):
    """A form whose action says what is wrong, field by field."""

    def refuse(self, faults: Sequence[reasons.Fault]) -> None:
        """Say each fault beside the field that it is about."""
        for fault in faults:
            self.add_error(
                fault.field if fault.field in self.fields else None, RulingFault.say(fault.reason, fault.params)
            )


def _reason_field(help_text: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"maxlength": MAX_REASON})
    return forms.CharField(required=False, strip=False, widget=widget, label=_("Public reason"), help_text=help_text)


_EVERYBODY: Final = _("One line. It stands in the ledger for good and everybody can read it: name nobody.")


class ExcludeForm(RulingForm):
    """Why a participant's papers do not count."""

    category = forms.ChoiceField(choices=ExclusionReason.choices, label=_("Kind of reason"))
    reason = _reason_field(_EVERYBODY)
    note = forms.CharField(
        required=False, widget=forms.Textarea(attrs={"rows": 3}), label=_("Internal note"),
        help_text=_("For the reviewers: what was looked at."),
    )  # fmt: skip


class ReadmitForm(RulingForm):
    """Why an exclusion is taken back."""

    reason = _reason_field(_EVERYBODY)


class DecideForm(RulingForm):
    """What is decided about an objection."""

    answer = forms.CharField(
        required=False, widget=forms.Textarea(attrs={"rows": 4}), label=_("Answer"),
        help_text=_("The participant reads it, nobody else outside."),
    )  # fmt: skip
    reason = _reason_field(_("For a readmission: one line that everybody can read."))


class ObjectionDaysForm(RulingForm):
    """How long an excluded participant may object."""

    days = forms.IntegerField(label=_("Days for an objection"), help_text=_("For exclusions from now on."))


class RegradeForm(RulingForm):
    """Apply a regrade: why, and its number once more."""

    reason = _reason_field(_EVERYBODY)
    confirmed = forms.CharField(
        required=False, max_length=12, label=_("Number of the release"), help_text=_("Typed again, to confirm."),
        widget=forms.TextInput(attrs={"class": "input", "inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip


class ObjectionForm(RulingForm):
    """What an excluded participant has to say, with the passport that shows who they are."""

    passport = forms.CharField(
        required=False, max_length=2000, label=_("Passport code"),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Filled in on the phone that has the passport; else copy it from “My passport”."),
    )  # fmt: skip
    text = forms.CharField(
        required=False, widget=forms.Textarea(attrs={"rows": 8, "maxlength": MAX_TEXT}), label=_("Your objection"),
        help_text=_("At most 2,000 characters. Reviewers read it; it is not public."),
    )  # fmt: skip
