"""The summary as it stands at a moment, as plain JSON: what is shown at the desk, and what is frozen."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Final

from cyberweek.editions.models import Edition
from cyberweek.editions.queries import theme_days_of
from cyberweek.honours.enums import AwardLevel
from cyberweek.honours.queries import cases_published
from cyberweek.indicators.core.numbers import plain
from cyberweek.indicators.models import Total
from cyberweek.indicators.queries import dictionary_of
from cyberweek.kernel.core.localized import LANGUAGES
from cyberweek.programme.enums import Kind as ActivityKind
from cyberweek.regions.models import Unit
from cyberweek.regions.queries import regions_directly_under
from cyberweek.summaries.core.suppression import SMALLEST
from cyberweek.summaries.core.tokens import INLINE, Kind, tokens_of
from cyberweek.summaries.enums import LICENCE, Part

from .figures import OF_PEOPLE, Known, digests_of, figures_of, in_languages
from .places import is_place, owned_by
from .regions import Comparison, Hidden, activities_by_day, activities_by_kind, comparisons, rest_of
from .summaries import lessons_below, lessons_of, owed_to, sections_of, summary_of

Json = dict[str, Any]
FORMAT: Final = "cyberweek-summary/1"
_CASES: Final = 12
_LESSONS: Final = 40


def standing(
    edition: Edition, unit: Unit, *, now: dt.datetime, hidden: Hidden | None = None, fresh: bool = False
) -> Json:
    """The summary of a unit now. `hidden`: what is not given away (`regions.hidden_regions`); None shows organisers
    everything. `fresh`: counts everything anew, and digests the rows."""
    figures = figures_of(edition, unit, now=now, fresh=fresh)
    summary = summary_of(edition, unit)
    written = sections_of(summary)
    texts = {part: dict(written[part].text) if part in written else default_text(part, figures) for part in Part.values}
    compared = comparisons(edition, unit, hidden=hidden, fresh=fresh)
    digests = digests_of(edition, unit) if fresh else {}
    away = away_of(edition, unit, figures, hidden)
    wanted = {token.code for text in texts.values() for one in text.values() for token in tokens_of(one)}
    return {
        "format": FORMAT,
        "licence": LICENCE,
        "edition": {
            "slug": edition.slug, "year": edition.year, "title": dict(edition.title), "zone": edition.zone,
            "starts": edition.starts.isoformat(), "ends": edition.ends.isoformat(),
        },
        "unit": {
            "code": unit.code, "name": dict(unit.name), "level": unit.level,
            "region": {"code": unit.region_id, "name": dict(unit.region.name)}, "place": is_place(unit),
        },
        "at": now.isoformat(),
        "sections": [
            {"part": part, "text": texts[part], "written": part in written} for part in Part.values
        ],
        "figures": {
            key: figure_json(one, away=key in away, digest=digests.get(key.partition(":")[2], ""))
            for key, one in figures.items()
        },
        "charts": {code: _chart(one, figures, hidden) for code, one in compared.items() if code in wanted},
        "days": _days(edition, unit),
        "kinds": _kinds(edition, unit),
        "cases": _cases(edition, unit),
        "lessons": _lessons(edition, unit),
        "below": [
            {
                "code": one.unit.code, "name": dict(one.unit.name), "state": one.state,
                "version": one.sent if one.is_in else None,
            }
            for one in owed_to(edition, unit)
        ],
        "totals": _totals(edition, unit, hidden) if hidden is not None else [],
    }  # fmt: skip


# -- The template ------------------------------------------------------------------------------------------------------


@cache
def template() -> dict[str, list[list[dict[str, str]]]]:
    """By part the paragraphs, each of sentences in every language."""
    text = files("cyberweek.summaries").joinpath("data/template.json").read_text(encoding="utf-8")
    found: dict[str, list[list[dict[str, str]]]] = json.loads(text)
    return found


def default_text(part: str, figures: Mapping[str, Known]) -> dict[str, str]:
    """What the template says where nobody has written yet: the sentences whose figures are all known."""
    made = {}
    for tag in LANGUAGES:
        paragraphs = []
        for sentences in template().get(part, []):
            said = [one[tag] for one in sentences if _tellable(one[tag], figures)]
            if said:
                paragraphs.append(("" if tag.startswith("zh") else " ").join(said))
        made[tag] = "\n\n".join(paragraphs)
    return made


def _tellable(sentence: str, figures: Mapping[str, Known]) -> bool:
    for token in tokens_of(sentence):
        key = token.key if token.kind in INLINE else f"figure:{token.code}"
        if token.kind != Kind.TABLE and (key not in figures or figures[key].value is None):
            return False
    return True


# -- Parts of the content ----------------------------------------------------------------------------------------------


def _number(value: Decimal | None) -> str | None:
    return None if value is None else f"{plain(value):f}" if isinstance(plain(value), Decimal) else str(plain(value))


def _rate(value: float | Decimal | None) -> str | None:
    return None if value is None else str(Decimal(str(value)).quantize(Decimal("0.000001"), ROUND_HALF_UP))


def away_of(edition: Edition, unit: Unit, figures: Mapping[str, Known], hidden: Hidden | None) -> set[str]:
    """The keys of the unit's own figures that are not given away."""
    if hidden is None:
        return set()
    found = {f"figure:{code}" for code, regions in hidden.items() if is_place(unit) and unit.region_id in regions}
    if not is_place(unit):
        whole = {
            f"figure:{code}": value
            for code, value in Total.objects.filter(
                edition=edition, region=unit.region_id, count__in=OF_PEOPLE
            ).values_list("indicator__code", "value")
        }
        for key, one in figures.items():
            # Its own small figure, and one that leaves a small rest of its region.
            if one.of_people and one.value is not None:
                rest = whole.get(key, one.value) - one.value
                if 0 < one.value < SMALLEST or 0 < rest < SMALLEST:
                    found.add(key)
    return found | {key.replace("figure:", "rate:", 1) for key in found}


_OF_NONE: Final[Json] = {"rows": 0, "logs": 0, "documents": 0, "estimates": 0}


def figure_json(one: Known, *, away: bool, digest: str = "") -> Json:
    """A figure as a content keeps it; `away`: its value is not given away."""
    shown = None if away else one.value
    number = _rate if one.key.startswith("rate:") else _number
    return {
        "label": dict(one.label), "value": number(shown), "withheld": away, "count": one.count, "adding": one.adding,
        "low": _number(one.low) if shown is not None else None, "high": _number(one.high) if shown is not None else None,
        **({"rows": one.rows, "logs": one.logs, "documents": one.documents, "estimates": one.estimates} if not away else _OF_NONE),
        "as_of": one.as_of.isoformat(), "query": one.query, "digest": "" if away else digest,
    }  # fmt: skip


def _chart(one: Comparison, figures: Mapping[str, Known], hidden: Hidden | None) -> Json:
    known = figures.get(f"figure:{one.code}")
    away = (hidden or {}).get(one.code, frozenset())
    return {
        "label": dict(known.label) if known else {}, "count": known.count if known else "",
        "mean": _rate(one.mean), "dispersion": str(round(Decimal(one.dispersion), 1)),
        "lines": [
            {
                "region": line.region.pk, "name": dict(line.region.name), "value": _number(line.value),
                "withheld": line.region.pk in away, "people": line.people, "year": line.year,
                "raw": _rate(line.rate.raw) if line.rate else None, "rate": _rate(line.rate.shrunk) if line.rate else None,
                "low": _rate(line.rate.low) if line.rate else None, "high": _rate(line.rate.high) if line.rate else None,
                "out": line.rate.stands_out if line.rate else 0,
            }
            for line in one.lines
        ],
    }  # fmt: skip


def _days(edition: Edition, unit: Unit) -> list[Json]:
    counted = activities_by_day(edition, unit)
    return [
        {
            "number": day.number, "date": day.date.isoformat(), "name": dict(day.name),
            "lead": dict(day.lead.name) if day.lead else {},
            "activities": counted.get(day.pk, (0, 0))[0], "regions": counted.get(day.pk, (0, 0))[1],
        }
        for day in theme_days_of(edition)
    ]  # fmt: skip


def _kinds(edition: Edition, unit: Unit) -> list[Json]:
    rows = activities_by_kind(edition, unit)
    regions = {one.pk: dict(one.name) for one in regions_directly_under(unit.region_id)} | {
        unit.region_id: dict(unit.region.name)
    }
    labels = {kind: dict(in_languages(ActivityKind(kind).label)) for kind in {kind for _region, kind, _n in rows}}
    return [
        {
            "region": region, "name": regions.get(region, {}), "kind": kind,
            "label": labels[kind], "activities": n,
        }
        for region, kind, n in rows
    ]  # fmt: skip


def _cases(edition: Edition, unit: Unit) -> list[Json]:
    rows = cases_published().filter(call__edition=edition).filter(owned_by(unit))[:_CASES]
    return [
        {
            "pk": one.pk, "title": dict(one.title), "unit": dict(one.unit.name), "award": one.award.level,
            "label": dict(in_languages(AwardLevel(one.award.level).label)), "practice": dict(one.practice),
        }
        for one in rows
    ]  # fmt: skip


def _lessons(edition: Edition, unit: Unit) -> list[Json]:
    rows = [*lessons_of(edition, unit)[:_LESSONS], *lessons_below(edition, unit)[:_LESSONS]]
    return [
        {
            "unit": dict(one.unit.name) if one.unit_id != unit.pk else {},
            "what": one.what, "why": one.why, "next_time": one.next_time,
        }
        for one in rows
    ]  # fmt: skip


def _totals(edition: Edition, unit: Unit, hidden: Hidden) -> list[Json]:
    """The unit's region and those right under it, an indicator a row; what belongs to none of these as a rest."""
    if not is_place(unit):
        return []
    under = {one.pk: one for one in regions_directly_under(unit.region_id)}
    regions = {unit.region_id: unit.region, **under}
    indicators = {one.pk: one for one in dictionary_of(edition)}
    rows: list[Json] = []
    sums: dict[int, Decimal] = {}
    wholes: dict[int, Total] = {}
    found = Total.objects.filter(edition=edition, region__in=regions).defer("sketch").order_by("indicator", "region")
    for total in found:
        one = indicators[total.indicator_id]
        away = total.region_id in hidden.get(one.code, frozenset())
        name = dict(regions[total.region_id].name)
        rows.append(_total(one.code, dict(one.name), total, total.region_id, name, total.value, away=away))
        if total.region_id == unit.region_id:
            wholes[one.pk] = total
        else:
            sums[one.pk] = sums.get(one.pk, Decimal(0)) + total.value
    for pk, total in wholes.items():
        one = indicators[pk]
        if total.adding == "sum" and under and total.value > sums.get(pk, 0):
            code = rest_of(unit.region_id)
            away = code in hidden.get(one.code, frozenset())
            rest = total.value - sums.get(pk, Decimal(0))
            name = {"zh-Hans": "未分到下级", "en": "not of a region below"}
            rows.append(_total(one.code, dict(one.name), total, code, name, rest, away=away) | _UNGRADED)
    return sorted(rows, key=lambda row: (row["indicator"], row["region"]))


_UNGRADED: Final[Json] = {"figures": None, "logs": None, "documents": None, "estimates": None}


def _total(
    code: str,
    label: Json,
    total: Total,
    region: str,
    name: Json,
    value: Decimal,
    *,
    away: bool,
) -> Json:
    is_rest = region != total.region_id
    return {
        "indicator": code, "label": label, "region": region, "name": name, "count": total.count, "adding": total.adding,
        "value": None if away else _number(value), "withheld": away,
        "low": None if away or is_rest else _number(total.low), "high": None if away or is_rest else _number(total.high),
        "figures": total.figures, "logs": total.logs, "documents": total.documents, "estimates": total.estimates,
        "as_of": None if away else total.as_of.isoformat(),
        **(_UNGRADED if away else {}),
    }  # fmt: skip


def pickable(content: Json) -> list[tuple[str, str, dict[str, str], str | None]]:
    """What the picker offers: token, kind, name, value now."""
    made: list[tuple[str, str, dict[str, str], str | None]] = []
    for key, one in content["figures"].items():
        kind, _colon, code = key.partition(":")
        made.append((f"{{{key}}}", kind, one["label"], one["value"]))
        if kind == Kind.FIGURE and one["adding"] == "sum" and content["unit"]["place"]:
            made.append((f"{{chart:{code}}}", Kind.CHART, one["label"], None))
    return made
