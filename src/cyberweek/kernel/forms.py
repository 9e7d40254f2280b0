"""How every form of the house is dressed: controls with our classes, labels without a colon."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cyberweek.kernel.core.localized import LANGUAGES

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
