"""What the list of items that were counted is narrowed to and sorted by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cyberweek.kernel.forms import HouseForm
from cyberweek.knowledge.enums import ItemFlag


class ItemFiguresFilter(HouseForm):
    """What is no value of a filter narrows nothing; without a release the newest is shown."""

    release = forms.ChoiceField(required=False, label=gettext_lazy("Release"))
    topic = forms.ChoiceField(required=False, label=gettext_lazy("Topic"))
    flag = forms.ChoiceField(required=False, label=gettext_lazy("Look at it"))
    sort = forms.ChoiceField(
        required=False, label=gettext_lazy("Sorted by"),
        choices=[
            ("", gettext_lazy("by item")), ("facility", gettext_lazy("hardest first")),
            ("easiest", gettext_lazy("easiest first")), ("discrimination", gettext_lazy("worst discrimination first")),
            ("best", gettext_lazy("best discrimination first")), ("shown", gettext_lazy("most shown first")),
        ],
    )  # fmt: skip

    def __init__(self, data: Any, *, releases: Sequence[int], topics: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)
        self.newest = releases[0] if releases else 0
        offered: dict[str, list[tuple[Any, Any]]] = {
            "release": [(str(n), _("Release %(number)d") % {"number": n}) for n in releases],
            "topic": [("", _("All topics")), *topics],
            "flag": [("", _("All items")), ("any", _("Whatever is to be looked at")), *ItemFlag.choices],
        }
        for name, choices in offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        self.is_valid()

    @property
    def number(self) -> int:
        """The release that is shown."""
        return int(self.cleaned_data.get("release") or self.newest)

    @property
    def narrows(self) -> bool:
        return any(self.cleaned_data.get(name) for name in ("topic", "flag"))

    def asked(self) -> dict[str, Any]:
        """The arguments of `queries.statistics.figures_of_items`."""
        data = self.cleaned_data
        return {
            "release": self.number, "sort": data.get("sort") or "item", "flag": data.get("flag", ""),
            "topic": data.get("topic", ""),
        }  # fmt: skip
