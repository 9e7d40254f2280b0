from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cyberweek.kernel.core.tokens import ForgedTokenError
from cyberweek.kernel.forms import HouseForm
from cyberweek.passport.core.passports import Passport

from .core.contacts import ContactDetails
from .queries import LONGEST_CODE, passport_in


class PassportForm(HouseForm):
    """Who asks: the passport that the phone keeps. A script fills it in; without one its code is pasted."""

    passport = forms.CharField(
        label=_("Your passport’s code"),
        help_text=_("From “My passport” on the phone that you played with."),
        max_length=LONGEST_CODE,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false", "data-passport": ""}),
    )

    def __init__(self, *args: Any, now: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._now = now

    def clean_passport(self) -> Passport:
        try:
            return passport_in(self.cleaned_data["passport"], now=self._now)
        except ForgedTokenError:
            raise forms.ValidationError(_("This is no passport of ours, or it has expired.")) from None


class ContactForm(PassportForm):
    name = forms.CharField(
        label=_("Your name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("As it stands on the paper that you show when you collect the prize."),
    )  # fmt: skip
    reach = forms.CharField(
        label=_("Telephone or mail"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    address = forms.CharField(
        label=_("Postal address"), max_length=300, required=False, help_text=_("Only if the prize is to be sent."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "street-address"}),
    )  # fmt: skip

    field_order = ["name", "reach", "address", "passport"]

    def details(self) -> ContactDetails:
        told = self.cleaned_data
        return ContactDetails(told["name"], told["reach"], told["address"])


class ReasonForm(HouseForm):
    reason = forms.CharField(
        label=_("Why you open it"), max_length=200,
        help_text=_("It stands in the audit trail with your name, for everybody who may read that."),
    )  # fmt: skip
