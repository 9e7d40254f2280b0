from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cyberweek.kernel.forms import HouseForm

from .models import MAX_WORDS


class DismissForm(HouseForm):
    """Why a flag means nothing."""

    words = forms.CharField(
        max_length=MAX_WORDS, label=_("Why it is dismissed"), help_text=_("As in “two pupils of one class, asked”.")
    )  # fmt: skip
