"""Forms of a summary: a section's text, a lesson, why something is sent back."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.kernel.forms import HouseForm, HouseModelForm
from cyberweek.kernel.models import LocalizedField
from cyberweek.summaries.models import Lesson, Section

LONGEST: Final = Section._meta.get_field("text").max_length or 0
_TOKENS: Final = 200


class SectionForm(HouseForm):
    """A section in every language. `revision`: the one that was read, 0 for the template's text."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    text = LocalizedField(_("text"), max_length=LONGEST, long=True).formfield(
        required=False, label=pgettext_lazy("section", "Text")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part in self.fields["text"].widget.widgets:
            part.attrs |= {"rows": 12, "maxlength": LONGEST}

    def clean_text(self) -> LocalizedText:
        text: LocalizedText = self.cleaned_data["text"]
        for one in text.values():
            if "\x00" in one:
                raise ValidationError(_("A sign in it cannot be kept."))
            if one.count("{") > _TOKENS:
                raise ValidationError(_("More than %(n)d figures in one section."), params={"n": _TOKENS})
        return text


class LessonForm(HouseModelForm):
    """Something learned. `revision`: the one that was read."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Lesson
        fields = ["what", "why", "next_time"]
        widgets = {name: forms.Textarea(attrs={"rows": 3}) for name in ("what", "why", "next_time")}


class ReasonForm(HouseForm):
    """Why something is sent back or taken back."""

    reason = forms.CharField(
        label=pgettext_lazy("reason", "Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
