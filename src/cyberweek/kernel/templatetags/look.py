"""Template tags of the look: the ring in all its sizes, icons, days, moments. Loaded in every template."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import segno
from django import template
from django.core.paginator import Page
from django.forms import BoundField, TextInput
from django.forms.utils import flatatt
from django.http import HttpRequest
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from cyberweek.kernel.core.figures import compact, phrases
from cyberweek.kernel.core.icons import SHAPES, TURNING
from cyberweek.kernel.core.localized import LocalizedText, spoken
from cyberweek.kernel.core.ring import Shape, label_point, segment_path
from cyberweek.kernel.navigation import entries_of

register = template.Library()
register.filter("spoken", spoken)

MARK = Shape(inner=62, gap=5)
BADGE = Shape(outer=100, inner=52, gap=8)


@register.simple_tag
def options(groups: Iterable[tuple[Any, list[dict[str, Any]], int]]) -> SafeString:
    """The options of a select (`widget.optgroups`), as Django's own templates write them, in one go."""
    parts = []
    for group, some, _index in groups:
        inner = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((one["value"], flatatt(one["attrs"]), one["label"]) for one in some),
        )
        parts.append(format_html('<optgroup label="{}">{}</optgroup>', group, inner) if group else inner)
    return mark_safe("".join(parts))  # noqa: S308 -- of parts that are escaped


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of `kernel.core.icons`; beside a word, so hidden from screen readers."""
    classes = "icon icon--turns" if name in TURNING else "icon"
    return format_html(
        '<svg class="{}" viewBox="0 0 20 20" aria-hidden="true">{}</svg>',
        classes,
        mark_safe(SHAPES[name]),  # noqa: S308 -- our own constants
    )


@register.simple_tag
def ring_mark(count: int = 7) -> SafeString:
    """The mark: all segments full, no letters."""
    return _svg((_segment(i, segment_path(i, count, MARK)) for i in range(count)), "ring")


@register.simple_tag
def ring_badge(number: int, count: int = 7) -> SafeString:
    """A day's place on the ring; the other segments stand back."""
    return _svg(
        (
            format_html(
                '<path class="ring__seg"{} d="{}"/>',
                "" if i + 1 == number else mark_safe(" data-off"),
                segment_path(i, count, BADGE),
            )
            for i in range(count)
        ),
        "",
    )


@register.simple_tag
def ring_path(
    index: int, count: int, inner: float = 60, gap: float = 3, until: float = 1.0, growth: float = 1.0
) -> str:
    """The path of one segment (from 0) for rings that a page draws itself."""
    return segment_path(index, count, Shape(inner=inner, gap=gap), until=until, growth=growth)


@register.simple_tag
def ring_label(index: int, count: int, inner: float = 60, until: float = 1.0) -> SafeString:
    """`x=".." y=".."` of one segment's letter."""
    point = label_point(index, count, Shape(inner=inner), until=until)
    return format_html('x="{}" y="{}"', f"{point.x:.2f}", f"{point.y:.2f}")


@register.inclusion_tag("kernel/_navigation.html", takes_context=True)
def navigation(context: dict[str, Any], menu: str, about: Any = None) -> dict[str, Any]:
    """The entries of a menu, with where they lead and which one is open. `about`: what it belongs to, with a slug."""
    request: HttpRequest = context["request"]
    edition = context.get("edition")
    here = context.get("menu_path") or request.path  # the front page shows an edition's home
    under = [about.slug] if about else []
    rows: list[dict[str, Any]] = []
    for entry in entries_of(menu, request, about):
        if entry.with_edition and not edition:
            continue
        href = reverse(entry.route, args=[*([edition.slug] if entry.with_edition and edition else []), *under])
        waiting = entry.waiting(request, edition.slug) if entry.waiting and edition else 0
        rows.append(
            {
                "entry": entry,
                "href": href,
                "here": here == href,
                "within": here == href if entry.exact else here.startswith(href),
                "waiting": waiting,
            }
        )
    longest = max((row["href"] for row in rows if row["within"]), key=len, default="")
    for row in rows:
        row["within"] = row["href"] == longest
    _open_the_only_one_of_its_app(rows, request)
    return {"rows": rows, "menu": menu, "open": next((row for row in rows if row["within"]), None)}


def _open_the_only_one_of_its_app(rows: list[dict[str, Any]], request: HttpRequest) -> None:
    """A page that stands under no entry of its own app by its address belongs to that app's entry, if it has only one."""
    app = f"{request.resolver_match.app_name}:" if request.resolver_match else ":"
    own = [row for row in rows if row["entry"].route.startswith(app)]
    if len(own) == 1 and not own[0]["entry"].exact:
        for row in rows:
            row["within"] = row is own[0]


@register.filter
def in_bar(field: BoundField) -> SafeString:
    """A control of a filter: its name is for screen readers, and stands in a control for text while that is empty."""
    typed = isinstance(field.field.widget, TextInput) and "placeholder" not in field.field.widget.attrs
    control = field.as_widget(attrs={"placeholder": str(field.label)} if typed else None)
    return format_html('<label class="sr-only" for="{}">{}</label>{}', field.id_for_label, field.label, control)


@register.filter
def in_zone(moment: dt.datetime, zone: str | ZoneInfo) -> dt.datetime:
    """The moment on the clocks of `zone`."""
    return moment.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone)


@register.filter
def day_long(day: dt.date) -> str:
    """9月19日 周四; Thursday 19 September."""
    return (
        f"{formats.date_format(day, 'n月j日')} {_weekday(day)}" if _is_chinese() else formats.date_format(day, "l j F")
    )


@register.filter
def day_short(day: dt.date) -> str:
    """9月19日; 19 Sept."""
    return formats.date_format(day, "n月j日" if _is_chinese() else "j N").replace(".", "")


@register.filter
def day_of_month(day: dt.date) -> str:
    """19日; 19."""
    return f"{day.day}日" if _is_chinese() else str(day.day)


@register.filter
def weekday(day: dt.date) -> str:
    """周四; Thu."""
    return _weekday(day)


@register.filter
def weekday_letter(day: dt.date) -> str:
    """四; T: what stands in a segment of the ring."""
    name = formats.date_format(day, "D")
    return name[-1] if _is_chinese() else name[0]


@register.filter
def clock(moment: dt.datetime) -> str:
    """14:05, on the clocks of the moment's own zone."""
    return f"{moment:%H:%M}"


@register.filter
def clock_exact(moment: dt.datetime) -> str:
    """14:05:09, on the clocks of the moment's own zone."""
    return f"{moment:%H:%M:%S}"


@register.filter
def zone_name(zone: str) -> str:
    """The name of a zone beside a time: “Beijing time”, or the place that the tz database names."""
    return _("Beijing time") if zone == "Asia/Shanghai" else zone.rsplit("/", 1)[-1].replace("_", " ")


@register.filter
def ago(moment: dt.datetime) -> str:
    """How long since, in the largest fitting unit: “5 h”."""
    seconds = max(0, int((timezone.now() - moment).total_seconds()))
    for size, text in ((86400, _("%(n)d d")), (3600, _("%(n)d h")), (60, _("%(n)d min"))):
        if seconds >= size:
            return text % {"n": seconds // size}
    return _("a moment")


@register.filter
def spent(seconds: int) -> str:
    """How long something took: “5 min 12 s”."""
    minutes, rest_of_it = divmod(seconds, 60)
    return _("%(m)d min %(s)d s") % {"m": minutes, "s": rest_of_it} if minutes else _("%(s)d s") % {"s": rest_of_it}


@register.filter
def lang_of(text: Any) -> SafeString:
    """`lang="…"` where a text is shown in another language than the page's."""
    if not isinstance(text, LocalizedText) or not text:
        return SafeString("")
    tag = text.language()
    page = get_language() or "en"
    return SafeString("") if tag.lower() == page.lower() else format_html(' lang="{}"', tag)


@register.filter
def share(hundredths: float) -> float:
    """40 to 0.4: how much of something, for the ring."""
    return hundredths / 100


@register.filter
def rest(hundredths: float) -> float:
    """Where the letter of a segment stands whose first `hundredths` are cut off: see `label_point`."""
    return 1 + hundredths / 100


@register.filter
def percent(part: float, whole: float) -> int:
    """Part of whole in hundredths, rounded; 0 of nothing is 0."""
    return round(100 * part / whole) if whole else 0


@register.filter
def at(counts: Mapping[Any, int], key: Any) -> int:
    """The count under `key`; 0 where there is none."""
    return counts.get(key, 0)


@register.filter
def figure(count: float) -> str:
    """2,030,214."""
    return f"{count:,}"


@register.filter
def listed(names: Iterable[Any]) -> str:
    """省级、市级; provincial, city: names one after another."""
    return pgettext("between names", ", ").join(str(name) for name in names)


@register.filter
def average(value: Fraction) -> str:
    """87.25: two decimals, rounded half up, whatever the fraction."""
    hundredths = int(value * 100 + Fraction(1, 2))
    return f"{hundredths // 100:,}.{hundredths % 100:02d}"


@register.filter
def figure_short(count: int) -> str:
    """2.0M; 203万: where there is little room. The full figure stands in the element's title."""
    return compact(count, chinese=_is_chinese())


@register.filter(name="phrases")
def phrases_of(text: Any) -> list[str]:
    """A headline's phrases, each to be kept in one piece: `<span class="keep">`."""
    return phrases(str(text))


@register.simple_tag
def qr(address: str) -> SafeString:
    """A QR code that leads to `address`, in the colour of the text around it, without a border of its own."""
    code = segno.make(address, error="m", micro=False)
    side = code.symbol_size(border=0)[0]
    rows = (
        f"M0 {y}.5" + "".join(_run(dark, len(list(run))) for dark, run in groupby(row))
        for y, row in enumerate(code.matrix)
    )
    return format_html(
        '<svg class="qr" viewBox="0 0 {0} {0}" aria-hidden="true" shape-rendering="crispEdges">'
        '<path fill="none" stroke="currentColor" d="{1}"/></svg>',
        side,
        "".join(rows),
    )


@register.filter
def page_numbers(page: Page[Any]) -> list[int | str]:
    """The numbers to show under a list: the ends, those around this page, and an ellipsis for the rest."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1))


@register.simple_tag
def ring_of_week() -> list[dict[str, Any]]:
    """The seven weekdays as a ring to draw: what is gone of each now, on the clocks of the site, and its letter."""
    now = timezone.localtime()
    rows = []
    for index in range(7):
        date = now.date() + dt.timedelta(days=index - now.weekday())
        away = index - now.weekday()
        gone = 1.0 if away < 0 else max(0.06, (now.hour * 60 + now.minute) / 1440) if away == 0 else 0.0
        point = label_point(index, 7, Shape(inner=72), until=gone if away == 0 else 1.0)
        rows.append(
            {
                "hue": index + 1,
                "letter": weekday_letter(date),
                "whole": segment_path(index, 7, Shape(inner=72)),
                "part": segment_path(index, 7, Shape(inner=72), until=gone) if gone else "",
                "x": f"{point.x:.2f}",
                "y": f"{point.y:.2f}",
                "when": "past" if away < 0 else "today" if away == 0 else "next",
            }
        )
    return rows


def _weekday(day: dt.date) -> str:
    return formats.date_format(day, "D").replace("星期", "周")  # Django knows only the long form in Chinese


def _is_chinese() -> bool:
    return (get_language() or "").lower().startswith("zh")


def _run(dark: int, length: int) -> str:
    return f"h{length}" if dark else f"m{length} 0"


def _segment(index: int, path: str) -> SafeString:
    return format_html('<path class="ring__seg" data-day="{}" d="{}"/>', index % 7 + 1, path)


def _svg(parts: Iterable[SafeString], classes: str) -> SafeString:
    inside = format_html_join("", "{}", ((part,) for part in parts))
    return format_html('<svg class="{}" viewBox="0 0 200 200" aria-hidden="true">{}</svg>', classes, inside)
