"""How every form of the house is dressed: controls with our classes, labels without a colon."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from cyberweek.kernel.core.conflicts import Meeting, meetings
from cyberweek.kernel.core.localized import LANGUAGES, LocalizedText

_CLASSES = {
    forms.Textarea: "textarea",
    forms.Select: "select",
    forms.widgets.Input: "input",
}


def dress(form: forms.BaseForm) -> None:
    """Give each control its class, so that templates need only `kernel/_field.html`."""
    form.label_suffix = ""
    for field in form.fields.values():
        widget = field.widget
        if isinstance(
            widget, forms.CheckboxInput | forms.CheckboxSelectMultiple | forms.RadioSelect | forms.HiddenInput
        ):
            continue
        if type(widget) is forms.Select:
            widget.template_name = "kernel/_select.html"  # Django's has a template for each option: 3,000 take a second
        name = next((name for kind, name in _CLASSES.items() if isinstance(widget, kind)), "")
        if name and "class" not in widget.attrs:
            widget.attrs["class"] = name


class HouseForm(forms.Form):
    """A form dressed for the house."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)


class HouseModelForm(forms.ModelForm):  # type: ignore[type-arg]  # each form names its own model in Meta
    """A model form dressed for the house."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)


class CodeInput(forms.TextInput):
    """A text control with a list of what may be typed."""

    template_name = "kernel/_code_input.html"
    offered: Callable[[], list[tuple[str, str]]] = staticmethod(list)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["offered"] = self.offered()
        context["widget"]["attrs"]["list"] = context["widget"]["list"] = f"{name}-offered"
        return context


class CodeField(forms.CharField):
    """A row chosen by typing its code or its exact name; the browser offers the rows of `offered` while one types.

    Gives the row, or None where nothing is typed and nothing is required. Rows are those that the person may choose.
    """

    OFFERED: Final = 500

    widget = CodeInput

    def __init__(
        self, rows: QuerySet[Any] | None = None, *, offered: QuerySet[Any] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(max_length=200, **kwargs)
        self.let(rows, offered=offered)

    def let(self, rows: QuerySet[Any] | None, *, offered: QuerySet[Any] | None = None) -> None:
        """Set which rows may be chosen, and which of them are offered (default: all)."""
        self.rows = rows
        shown = rows if offered is None else offered
        self.widget.offered = lambda: (
            [] if shown is None else [(row.code, str(row)) for row in shown.order_by("code")[: self.OFFERED]]
        )

    def prepare_value(self, value: Any) -> Any:
        return getattr(value, "code", value) if isinstance(value, Model) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        rows = self.rows
        assert rows is not None, "a CodeField without rows"
        if exact := rows.filter(code=text).first():
            return exact
        named = Q()
        for tag in LANGUAGES:
            named |= Q(**{f"name__{tag}__iexact": text})
        found = list(rows.filter(named).order_by("code")[:4])
        if len(found) > 1:
            codes = ", ".join(row.code for row in found[:3]) + (" …" if len(found) > 3 else "")
            raise ValidationError(
                _("Several have this name; give the code of the one you mean: %(codes)s."), params={"codes": codes}
            )
        if not found:
            raise ValidationError(
                _("“%(text)s” is neither a code nor a name that you can choose here."), params={"text": text}
            )
        return found[0]


@dataclass(frozen=True)
class Met:
    """A field that somebody else changed meanwhile, in words."""

    label: str
    before: str
    theirs: str
    mine: str
    is_contested: bool
    anchor: str


class SharedEditing(forms.BaseForm):
    """Mixin for a form on a row that two people may edit at once (`kernel/_conflict.html` shows what came of it).

    The form carries the row's revision and what its fields said when they were read. When the action finds another
    revision (`kernel.actions.Outdated`), the view calls `meet` with the row as it is now: fields that only the other
    changed take over the change, those that both wrote keep what is typed here and show the other's beside it, and the
    form can be sent again as it stands.
    """

    READ: Final = "read"
    met: tuple[Met, ...] = ()
    met_by: Any = None
    met_at: dt.datetime | None = None

    def share(self, *, revision: int, row: Mapping[str, Any]) -> None:
        """Take in the row that is edited: call it at the end of `__init__`. The form edits the names in `row`."""
        self.shared = list(row)
        self.fields["revision"] = forms.IntegerField(widget=forms.HiddenInput, initial=revision)
        self.fields[self.READ] = forms.CharField(
            widget=forms.HiddenInput, required=False, max_length=100_000, initial=json.dumps(_plain_of(row))
        )

    @property
    def revision(self) -> int:
        """The revision that the person has read; ask it of a valid form."""
        number: int = self.cleaned_data["revision"]
        return number

    def meet(self, *, revision: int, row: Mapping[str, Any], by: Any = None, at: dt.datetime | None = None) -> bool:
        """Bring a valid form up to the row as somebody else left it. False where they changed nothing that is edited
        here: then it may be saved at once, on the new revision."""
        present = _plain_of(row)
        read = _read(self.cleaned_data.get(self.READ, ""))
        found = meetings(self.shared, read=read, theirs=present, mine=_plain_of(self.cleaned_data, self.shared))
        data: Any = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict, or a dict in tests
        for one in found:
            if not one.is_contested:
                _put(data, self, one.name, row[one.name])
        data[self.add_prefix("revision")] = str(revision)
        data[self.add_prefix(self.READ)] = json.dumps(present)
        self.data = data
        self.full_clean()
        self.met = tuple(self._in_words(one) for one in found)
        self.met_by, self.met_at = by, at
        return bool(found)

    def _in_words(self, one: Meeting) -> Met:
        field = self[one.name]
        before, theirs, mine = (_told(self.fields[one.name], value) for value in (one.before, one.theirs, one.mine))
        anchor = f"#{field.id_for_label or field.auto_id}"
        return Met(str(field.label), before, theirs, mine, one.is_contested, anchor)


def _plain_of(values: Mapping[str, Any], names: list[str] | None = None) -> dict[str, Any]:
    return {name: _plain(values.get(name)) for name in (values if names is None else names)}


def _plain(value: Any) -> Any:  # noqa: PLR0911 -- one for each kind of value
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, dict):
        return {tag: text.replace("\r\n", "\n") for tag, text in value.items() if text}
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, str):
        return value.replace("\r\n", "\n")
    if isinstance(value, list | tuple | set | QuerySet):
        return sorted((_plain(one) for one in value), key=str)
    return value


def _read(text: str) -> dict[str, Any]:
    """What the hidden field brought back; nothing where it was tampered with."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _put(data: Any, form: forms.BaseForm, name: str, value: Any) -> None:
    """Write a value into the data of a form as its control would have sent it."""
    field, key = form.fields[name], form.add_prefix(name)
    value, widget = field.prepare_value(value), field.widget
    if isinstance(widget, forms.MultiWidget):
        suffixes: list[str] = widget.widgets_names  # type: ignore[attr-defined]  # the stubs lack it
        for part, suffix, one in zip(widget.widgets, suffixes, widget.decompress(value) or [], strict=True):
            data[f"{key}{suffix}"] = part.format_value(one) or ""
    elif isinstance(widget, forms.CheckboxInput):
        data.pop(key, None)
        if value:
            data[key] = "on"
    elif isinstance(widget, forms.SelectMultiple | forms.CheckboxSelectMultiple):
        data.setlist(key, [str(one) for one in value or []])
    elif isinstance(widget, forms.Select):
        data[key] = "" if value is None else str(value)
    else:
        data[key] = widget.format_value(value) or ""


def _told(field: forms.Field, value: Any) -> str:
    """A plain value in the words of the active language."""
    if isinstance(value, bool):
        return pgettext("answer", "yes") if value else pgettext("answer", "no")
    if value is None or value in ("", {}, []):
        return "–"
    if isinstance(value, list):
        return "; ".join(_told(field, one) for one in value)
    if isinstance(value, dict):
        return " / ".join(str(text) for text in LocalizedText(value).values())
    if isinstance(field, forms.ModelChoiceField):
        return str(field.queryset.filter(pk=value).first() or value) if field.queryset is not None else str(value)
    choices = {str(key): str(label) for key, label in getattr(field, "choices", ())}
    return choices.get(str(value), str(value))
