"""Figures of a content in words, in the active language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from cyberweek.documents.core.text import figure
from cyberweek.indicators.enums import Count
from cyberweek.kernel.templatetags.look import zone_name
from cyberweek.summaries.core.content import Changes
from cyberweek.summaries.enums import Part
from cyberweek.summaries.models import Version

Json = dict[str, Any]
_OWN: Final = {
    "regions": pgettext_lazy("unit of count", "regions"),
    "days": pgettext_lazy("unit of count", "days"),
    "tasks": pgettext_lazy("unit of count", "tasks"),
    "reports": pgettext_lazy("unit of count", "reports"),
    "cases": pgettext_lazy("unit of count", "cases"),
    "drills": pgettext_lazy("unit of count", "drills"),
    "incidents": pgettext_lazy("unit of count", "incidents"),
}


def said(text: Json, language: str) -> str:
    """A text by language tag, in this language or the one that there is."""
    return str(text.get(language) or text.get("en") or next(iter(text.values()), ""))


def cells_in_words(
    found: Iterable[tuple[Version, list[tuple[str, str]]]], language: str
) -> list[tuple[Version, list[str]]]:
    """For each version the cells (indicator, region) by their names in it."""
    made = []
    for version, cells in found:
        named = {
            (row["indicator"], row["region"]): (said(row["label"], language), said(row["name"], language))
            for row in version.content["totals"]
        }
        made.append((version, [", ".join(named.get(cell, cell)) for cell in cells]))
    return made


def unit_of_count(code: str) -> str:
    """What one of it is."""
    if code in Count.values:
        return str(Count(code).label)
    return str(_OWN.get(code, code))


def significant(value: Decimal, places: int = 3) -> str:
    """A rate to three figures that matter: nobody knows more of it."""
    if not value:
        return "0"
    digits = min(4, max(0, places - 1 - value.adjusted()))
    rounded = value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return f"{rounded:,f}"


def value_in_words(one: Json, *, rate: bool = False) -> str:
    """The figure as it stands in a sentence: with its ± where it is an estimate, or that it is withheld or not known."""
    if one["withheld"]:
        return _("(withheld)")
    if one["value"] is None:
        return _("(not known yet)")
    value = Decimal(one["value"])
    if rate:
        return significant(value)
    text = figure(value, 0 if value == value.to_integral_value() else 2)
    error = error_of(one)
    return f"{text} (±{figure(error)})" if error else text


def error_of(one: Json) -> Decimal:
    """The ± of an estimate, 0 where the figure is exact."""
    if one["value"] is None or one["low"] is None or one["high"] is None:
        return Decimal(0)
    value = Decimal(one["value"])
    return max(Decimal(one["high"]) - value, value - Decimal(one["low"]))


def evidence(one: Json) -> str:
    """On what it rests: the shares of machine logs, documents and estimates."""
    if not one["rows"]:
        return _("counted by the system") if one["adding"] == "count" else ""
    parts = [
        (one["logs"], _("machine log %(share)s")),
        (one["documents"], _("document %(share)s")),
        (one["estimates"], _("estimate %(share)s")),
    ]
    return " · ".join(text % {"share": _share(n, one["rows"])} for n, text in parts if n)


def _share(n: int, whole: int) -> str:
    percent = round(n * 100 / whole)
    return f"{min(99, max(1, percent)) if n < whole else 100}%"


def moment(text: str, zone: str) -> str:
    """A moment of a content as people read it, with its zone."""
    at = dt.datetime.fromisoformat(text).astimezone(ZoneInfo(zone))
    return f"{at:%Y-%m-%d %H:%M} {zone_name(zone)}"


def code_in_two(code: str) -> str:
    """A short link's code as it is printed: in two groups of four."""
    return f"{code[:4]}-{code[4:]}"


def change_lines(found: Changes, language: str) -> list[dict[str, str]]:
    """What has changed between two versions, in words: figures with both values, then sections."""
    lines = []
    for one in found.figures:
        rate = one.key.startswith("rate:")
        shown = one.after or one.before or {}
        label = said(shown["label"], language)
        lines.append(
            {
                "label": _("%(figure)s per 10,000 people") % {"figure": label} if rate else label,
                "before": value_in_words(one.before, rate=rate) if one.before else "—",
                "after": value_in_words(one.after, rate=rate) if one.after else "—",
            }
        )
    lines += [{"label": str(Part(part).label), "before": "", "after": _("text changed")} for part in found.parts]
    return lines
