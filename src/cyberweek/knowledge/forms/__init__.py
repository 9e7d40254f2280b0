"""Forms of the desk: what is asked of the item bank, an item, a contest with its blueprint, a file of items."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.kernel.forms import CodeField, HouseForm
from cyberweek.kernel.models.localized import LocalizedFormField
from cyberweek.knowledge.core import items
from cyberweek.knowledge.core.release import Item
from cyberweek.knowledge.enums import ItemFault, ItemState, Kind, ReferenceKind
from cyberweek.knowledge.models import Item as ItemRow
from cyberweek.knowledge.models import Topic
from cyberweek.regions.models import Unit

from .contests import ContestForm

__all__ = ["ContestForm", "ImportForm", "ItemFilter", "ItemForm"]

LETTERS: Final = "abcdefgh"
_ROOM: Final = 4000  # far above every limit: what is too long is said by the rules of an item, in their words
_UPLOAD_LIMIT: Final = 2 * 1024 * 1024
_TRUTHS: Final = (
    ("true", {"zh-Hans": "正确", "en": "True"}),
    ("false", {"zh-Hans": "错误", "en": "False"}),
)


class ItemFilter(HouseForm):
    """What is asked of the bank. What does not fit is left out."""

    q = forms.CharField(required=False, max_length=80, label=_("Question or code"))
    topic = forms.ModelChoiceField(Topic.objects.none(), required=False, empty_label=_("All topics"), label=_("Topic"))
    kind = forms.ChoiceField(
        required=False,
        choices=[("", pgettext_lazy("item", "All kinds")), *Kind.choices],
        label=pgettext_lazy("item", "Kind"),
    )
    state = forms.ChoiceField(required=False, choices=[("", ""), *ItemState.choices])

    def __init__(self, data: Any, *, topics: QuerySet[Topic]) -> None:
        super().__init__(data)
        self.fields["topic"].queryset = topics  # type: ignore[attr-defined]  # a model choice field

    def asked(self) -> dict[str, str]:
        """The filters as `queries.items_found` takes them."""
        self.is_valid()
        told = self.cleaned_data
        topic = told.get("topic")
        return {
            "topic": topic.code if topic else "",
            "kind": told.get("kind", ""),
            "state": told.get("state", ""),
            "text": told.get("q", ""),
        }


def _owner_of(form: forms.Form) -> CodeField:
    field = form.fields["owner"]
    assert isinstance(field, CodeField)
    return field


def _texts(label: Any, widget: type[forms.TextInput | forms.Textarea], help_text: Any = "") -> LocalizedFormField:
    return LocalizedFormField(required=False, max_length=_ROOM, part_widget=widget, label=label, help_text=help_text)


class ItemForm(HouseForm):
    """An item of one kind, in both languages. Whether it is fit is for `core.items` to say, through the action."""

    code = forms.CharField(max_length=64, label=_("Code"), help_text=_("Small letters, digits and single hyphens."))
    topic = forms.ModelChoiceField(Topic.objects.none(), empty_label=None, label=_("Topic"))
    owner = CodeField(
        label=_("Owner"), help_text=_("Contests of this unit and of all units under it may draw the item.")
    )  # fmt: skip
    stem = _texts(_("Question"), forms.Textarea)
    explanation = _texts(_("Explanation"), forms.Textarea, _("Shown after the paper: why, and what to do."))
    reference_kind = forms.ChoiceField(choices=ReferenceKind.choices, label=_("Source"))
    reference_title = _texts(_("Title of the source"), forms.TextInput)
    reference_version = forms.CharField(max_length=40, required=False, label=_("Version"), help_text=_("As in 2021."))
    reference_article = forms.CharField(max_length=40, required=False, label=_("Article"), help_text=_("As in 21."))
    reference_section = forms.CharField(max_length=80, required=False, label=_("Section"))
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    state = forms.ChoiceField(choices=[(ItemState.DRAFT, ""), (ItemState.READY, "")], widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, kind: str, topics: QuerySet[Topic], owners: QuerySet[Unit], item: ItemRow | None = None,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        self.kind = Kind(kind)
        if item:
            kwargs["initial"] = _told(item)
        super().__init__(data, **kwargs)
        self.fields["topic"].queryset = topics  # type: ignore[attr-defined]  # a model choice field
        _owner_of(self).let(owners)
        self.item = item
        if item:
            del self.fields["code"]
        if self.kind != Kind.TRUE_FALSE:
            for letter in LETTERS:
                label = _("Option %(letter)s") % {"letter": letter.upper()}
                self.fields[f"option_{letter}"] = _texts(label, forms.TextInput)
        self.fields["key"] = self._key_field()

    def _key_field(self) -> forms.Field:
        truths = [(id_, str(LocalizedText(text))) for id_, text in _TRUTHS]
        choices = truths if self.kind == Kind.TRUE_FALSE else [(letter, letter.upper()) for letter in LETTERS]
        if self.kind == Kind.MULTIPLE:
            return forms.MultipleChoiceField(
                choices=choices, required=False, widget=forms.CheckboxSelectMultiple, label=_("Right options")
            )
        return forms.ChoiceField(choices=choices, required=False, widget=forms.RadioSelect, label=_("Right option"))

    def rows(self) -> Iterable[tuple[str, forms.BoundField, forms.boundfield.BoundWidget]]:
        """Each option: its letter, its texts, and the control that makes it right."""
        return zip(
            LETTERS.upper(), (self[f"option_{letter}"] for letter in LETTERS), self["key"].subwidgets, strict=True
        )

    def content(self) -> Item:
        """What the form says, as a value."""
        told = self.cleaned_data
        key = told.get("key") or []
        parts = {name: told[f"reference_{name}"] for name in ("version", "article", "section")}
        return msgspec.convert(
            {
                "id": self.item.code if self.item else told["code"],
                "topic": told["topic"].code,
                "kind": self.kind.value,
                "stem": dict(told["stem"]),
                "options": self._options(),
                "key": [key] if isinstance(key, str) else key,
                "explanation": dict(told["explanation"]),
                "reference": {"kind": told["reference_kind"], "title": dict(told["reference_title"])}
                | {name: text for name, text in parts.items() if text},
            },
            Item,
        )

    def _options(self) -> list[dict[str, Any]]:
        if self.kind == Kind.TRUE_FALSE:
            return [{"id": id_, "text": text} for id_, text in _TRUTHS]
        texts = {letter: dict(self.cleaned_data[f"option_{letter}"]) for letter in LETTERS}
        return [{"id": letter, "text": text} for letter, text in texts.items() if text]

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        for fault in items.faults_of_code(code):
            raise ValidationError(ItemFault.say(fault.reason, fault.params))
        return code

    def refuse(self, faults: Sequence[items.Fault]) -> None:
        """Say each fault beside the field that it is about."""
        for fault in faults:
            name = fault.field.replace(":", "_")
            if name == "reference":
                name = "reference_article" if fault.reason == "no-article" else "reference_title"
            self.add_error(name if name in self.fields else "key", ItemFault.say(fault.reason, fault.params))


def _told(item: ItemRow) -> dict[str, Any]:
    key = item.key if item.kind == Kind.MULTIPLE else next(iter(item.key), "")
    names = ("topic", "owner", "stem", "explanation", "revision", "reference_kind", "reference_title")
    told = {
        name: getattr(item, name) for name in (*names, "reference_version", "reference_article", "reference_section")
    }
    return told | {f"option_{option['id']}": option["text"] for option in item.options} | {"key": key}


class ImportForm(HouseForm):
    """A file of items: our JSON, or one language of Aiken or GIFT, which comes in as drafts."""

    FORMATS: Final = (("json", "JSON"), ("aiken", "Aiken"), ("gift", "GIFT (Moodle)"))

    file = forms.FileField(label=_("File"), help_text=_("At most 2 MB."))
    format = forms.ChoiceField(choices=FORMATS, label=_("Format"))
    topic = forms.ModelChoiceField(
        Topic.objects.none(), empty_label=None, label=_("Topic"), help_text=_("Of items that name none.")
    )
    language = forms.ChoiceField(
        choices=[("zh-Hans", _("Chinese")), ("en", _("English"))], label=_("Language"),
        help_text=_("Of Aiken and GIFT, which hold one language."),
    )  # fmt: skip
    owner = CodeField(label=_("Owner"))
    leave_out = forms.BooleanField(
        required=False, label=_("Leave out what cannot be read"),
        help_text=_("Otherwise nothing is taken from a file with such questions."),
    )  # fmt: skip

    def __init__(self, *args: Any, topics: QuerySet[Topic], owners: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].queryset = topics  # type: ignore[attr-defined]  # a model choice field
        _owner_of(self).let(owners)

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > _UPLOAD_LIMIT:
            raise ValidationError(_("The file is larger than 2 MB."))
        content: bytes = file.read()
        return content


class ReceiptForm(HouseForm):
    """A receipt to be checked."""

    receipt = forms.CharField(
        max_length=20_000, widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocomplete": "off"}),
        label=_("Receipt"), help_text=_("All of it, as it stands on your result."),
    )  # fmt: skip
