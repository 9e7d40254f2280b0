"""How every form of the house is dressed: controls with our classes, labels without a colon."""

from __future__ import annotations

from typing import Any

from django import forms

_CLASSES = {
    forms.Textarea: "textarea",
    forms.Select: "select",
    forms.DateInput: "input",
    forms.TextInput: "input",
}


def dress(form: forms.BaseForm) -> None:
    """Give each control its class, so that templates need only `kernel/_field.html`."""
    form.label_suffix = ""
    for field in form.fields.values():
        widget = field.widget
        if isinstance(widget, forms.CheckboxInput | forms.CheckboxSelectMultiple | forms.RadioSelect):
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
