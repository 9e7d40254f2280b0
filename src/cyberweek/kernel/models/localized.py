"""A database column and a form field for text in several languages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from cyberweek.kernel.core.localized import LANGUAGES, LocalizedText

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.expressions import Expression

LANGUAGE_NAMES = {"zh-Hans": _("in Chinese"), "en": _("in English")}


class LocalizedField(models.JSONField):
    """A `LocalizedText` in a JSONB column; `blank=False` wants at least one language."""

    def __init__(self, *args: Any, max_length: int = 200, long: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("default", LocalizedText)
        self.long = long
        super().__init__(*args, **kwargs)
        self.max_length: int = max_length

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, _path, args, kwargs = super().deconstruct()
        if self.long:
            kwargs["long"] = True
        if kwargs.get("max_length") == 200:
            del kwargs["max_length"]
        return name, "cyberweek.kernel.models.LocalizedField", args, kwargs

    def from_db_value(self, value: str | None, expression: Expression, connection: BaseDatabaseWrapper) -> Any:
        found = super().from_db_value(value, expression, connection)
        return LocalizedText(found) if isinstance(found, dict) else found

    def to_python(self, value: Any) -> Any:
        return LocalizedText(value) if isinstance(value, dict) else value

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        for tag, text in (value or {}).items():
            if tag not in LANGUAGES:
                raise ValidationError(_("“%(tag)s” is not one of our languages."), params={"tag": tag})
            if len(text) > self.max_length:
                raise ValidationError(
                    _("Too long: %(length)d characters, at most %(limit)d."),
                    params={"length": len(text), "limit": self.max_length},
                )

    def formfield(self, **kwargs: Any) -> Any:
        widget = forms.Textarea if self.long else forms.TextInput
        return super(models.JSONField, self).formfield(
            **{"form_class": LocalizedFormField, "max_length": self.max_length, "part_widget": widget, **kwargs}
        )


class LocalizedWidget(forms.MultiWidget):
    """One control a language, each labelled; the page's own look is in `kernel/_localized.html`."""

    template_name = "kernel/_localized.html"

    def __init__(self, part_widget: type[forms.TextInput | forms.Textarea] = forms.TextInput) -> None:
        name = "textarea" if issubclass(part_widget, forms.Textarea) else "input"
        parts: dict[str, forms.Widget | type[forms.Widget]] = {
            tag.lower().replace("-", "_"): part_widget(attrs={"lang": tag, "class": name, "rows": 4})
            for tag in LANGUAGES
        }
        super().__init__(widgets=parts)

    def decompress(self, value: Any) -> list[str]:
        return [(value or {}).get(tag, "") for tag in LANGUAGES]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for tag, part in zip(LANGUAGES, context["widget"]["subwidgets"], strict=True):
            part["label"] = LANGUAGE_NAMES[tag]
        return context


class LocalizedFormField(forms.MultiValueField):
    """Gives a `LocalizedText`; required means at least one language."""

    def __init__(self, *, max_length: int, part_widget: type[forms.TextInput | forms.Textarea], **kwargs: Any) -> None:
        for unused in ("encoder", "decoder"):
            kwargs.pop(unused, None)
        fields = [forms.CharField(required=False, max_length=max_length, strip=True) for _tag in LANGUAGES]
        kwargs["widget"] = LocalizedWidget(part_widget)
        super().__init__(fields, require_all_fields=False, **kwargs)

    def compress(self, data_list: list[str]) -> LocalizedText:
        return LocalizedText(dict(zip(LANGUAGES, data_list, strict=True)) if data_list else {})

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.widget.decompress(initial), data)
