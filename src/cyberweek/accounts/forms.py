from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import authenticate, password_validation
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cyberweek.kernel.forms import HouseForm, HouseModelForm

from .models import User

CODE_ATTRIBUTES = {"inputmode": "numeric", "autocomplete": "one-time-code", "class": "input input--code"}


class SignInForm(HouseForm):
    """User name and password. Says the same of an unknown name, a wrong password and a closed account."""

    username = forms.CharField(
        label=_("User name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User | None = None

    def clean_username(self) -> str:
        # One spelling for each name: or each way of writing it would have its own count of wrong passwords.
        return str(self.cleaned_data["username"]).lower()

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if {"username", "password"} <= given.keys():
            found = authenticate(self.request, username=given["username"], password=given["password"])
            if not isinstance(found, User):
                raise ValidationError({"password": _("This user name and password do not belong together.")})
            self.user = found
        return given


class CodeForm(HouseForm):
    code = forms.CharField(
        label=_("One-time code"),
        max_length=20,
        help_text=_("Six digits from your authenticator, new every 30 seconds; or one of your recovery codes."),
        widget=forms.TextInput(attrs=CODE_ATTRIBUTES),
    )

    def clean_code(self) -> str:
        return "".join(sign for sign in self.cleaned_data["code"].lower() if sign not in " -")


class EnrolForm(HouseForm):
    code = forms.CharField(
        label=_("One-time code"),
        max_length=10,
        help_text=_("The six digits that your authenticator shows now."),
        widget=forms.TextInput(attrs=CODE_ATTRIBUTES),
    )

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).replace(" ", "")


class _WithPassword(HouseForm):
    """Asks for the present password, so that an unattended screen is not enough."""

    present = forms.CharField(
        label=_("Present password"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.user = request, user

    def clean_present(self) -> str:
        given = str(self.cleaned_data["present"])
        if authenticate(self.request, username=self.user.username, password=given) != self.user:
            raise ValidationError(_("This is not your present password."))
        return given


class RenewForm(_WithPassword, EnrolForm):
    """A new authenticator in place of the present one."""

    field_order = ["present", "code"]


class RecoveryForm(_WithPassword):
    """New recovery codes."""


class PasswordForm(_WithPassword):
    password = forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=200,
        help_text=_("At least 12 characters; three or four words make a good one. Common passwords are refused."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("New password again"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        given = str(self.cleaned_data["password"])
        password_validation.validate_password(given, self.user)
        return given

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if "password" in given and "again" in given and given["password"] != given["again"]:
            self.add_error("again", _("The two are not the same."))
        if given.get("password") and given["password"] == given.get("present"):
            self.add_error("password", _("This is your present password; a new one is wanted."))
        return given


class ProfileForm(HouseModelForm):
    class Meta:
        model = User
        fields = ["name", "email"]
