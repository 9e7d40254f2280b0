"""Calls of a sample edition: one that has run its course, with its casebook, and one that is open."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction

from cyberweek.accounts.actions import create_organiser
from cyberweek.editions.models import Edition
from cyberweek.honours.core.awarding import propose
from cyberweek.honours.models import Call, Entry, Juror, Result, Sheet
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.regions.enums import Provenance
from cyberweek.regions.models import Unit

from .awards import announce_awards, publish_cases
from .calls import close_call, create_call, open_call
from .entries import submit_entry, write_entry
from .juries import add_juror, begin_scoring, end_scoring, save_sheet

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

_RUBRIC: Final = [
    ({"zh-Hans": "针对性", "en": "Meets a need"}, {"zh-Hans": "问题是否真实、普遍。", "en": "Is the problem real, and common?"}, 2),
    ({"zh-Hans": "创新性", "en": "New"}, {"zh-Hans": "做法有何不同。", "en": "What is different about it?"}, 2),
    ({"zh-Hans": "实效", "en": "Works"}, {"zh-Hans": "成效有无数据支撑。", "en": "Do figures bear it out?"}, 3),
    ({"zh-Hans": "可推广", "en": "Can be copied"}, {"zh-Hans": "他人照着做需要什么。", "en": "What would others need?"}, 3),
]  # fmt: skip
_SHIFTS: Final = (0, -2, 1, 0)  # a strict juror, a mild one


@transaction.atomic
def open_sample_call(*, edition: Edition, by: User | None, now: dt.datetime) -> Call:
    """The sample calls of an edition, illustrative: last season's, published, and this season's, which takes entries.
    Gives the latter. Done before, it is given back as it is."""
    done = Call.objects.filter(edition=edition, provenance=Provenance.ILLUSTRATIVE).order_by("-closes").first()
    if done:
        return done
    season = dt.datetime.combine(edition.starts, dt.time(9), edition.tz)
    _past_call(edition, season - dt.timedelta(days=60), by=by)
    return _open_call(edition, season, by=by, now=now)


def _open_call(edition: Edition, season: dt.datetime, *, by: User | None, now: dt.datetime) -> Call:
    opens = min(season - dt.timedelta(days=2), now)
    closes = max(season + dt.timedelta(days=45), now + dt.timedelta(days=30))
    fields = _fields(opens, closes, closes + dt.timedelta(days=14)) | {
        "title": {
            "zh-Hans": f"{edition.year}年网络安全宣传典型案例和创新实践征集",
            "en": f"Typical cases and innovative practices of {edition.year}",
        },
    }
    call = create_call(edition=edition, owner=edition.owner, fields=fields, rubric=_rubric(), by=by, now=now)
    Call.objects.filter(pk=call.pk).update(provenance=Provenance.ILLUSTRATIVE)
    return open_call(call=call, by=by, now=now)


def _fields(opens: dt.datetime, closes: dt.datetime, scoring_until: dt.datetime) -> dict[str, Any]:
    return {
        "asked": LocalizedText({
            "zh-Hans": "征集本单位在宣传周及日常宣传中的做法：解决了什么问题、怎么做、效果如何、别人能照搬什么。\n匿名评审，请勿在正文中写出单位、地区和人名。",
            "en": "What did your unit do in the Week or through the year: what was the problem, what was done, what came of it, and what can others copy?\nThe jury reads blind: please leave the unit’s name, its region and its people out of the text.",
        }),
        "contact": "cases@example.org", "opens": opens, "closes": closes, "scoring_until": scoring_until,
        "objection_days": 5, "top": 10, "readers": 3, "first": 1, "second": 1, "third": 2, "merit": 1,
    }  # fmt: skip


def _rubric() -> list[tuple[LocalizedText, LocalizedText, int]]:
    return [(LocalizedText(name), LocalizedText(hint), weight) for name, hint, weight in _RUBRIC]


def _past_call(edition: Edition, start: dt.datetime, *, by: User | None) -> Call | None:
    """From the first step to the casebook, as if on the days after `start`; None where the edition has too few units."""
    cases = json.loads(
        resources.files("cyberweek.honours").joinpath("data/sample_cases.json").read_text(encoding="utf-8")
    )
    units = _units_for(edition, [case["sector"] for case in cases])
    if len(units) < len(cases):
        return None
    days = [start + dt.timedelta(days=n) for n in range(0, 40, 5)]
    fields = _fields(days[0], days[2], days[4]) | {
        "title": {
            "zh-Hans": f"{edition.year}年筹备期网络安全宣传典型案例征集",
            "en": f"Typical cases of the months before the Week of {edition.year}",
        },
    }
    call = create_call(edition=edition, owner=edition.owner, fields=fields, rubric=_rubric(), by=by, now=days[0])
    Call.objects.filter(pk=call.pk).update(provenance=Provenance.ILLUSTRATIVE)
    open_call(call=call, by=by, now=days[0])
    for case, unit in zip(cases, units, strict=True):
        _enter(call, unit, case, by=by, now=days[1])
    close_call(call=call, by=by, now=days[2])
    for n in range(1, 5):
        person = create_organiser(username=f"juror{n}-{call.pk}", name=f"示例评委 Juror {n}", password=None, by=by)
        add_juror(call=call, person=person, by=by)
    begin_scoring(call=call, by=by, now=days[3])
    _score(call, {str(case["title"]["en"]): case["scores"] for case in cases}, now=days[3])
    end_scoring(call=call, by=by, now=days[4])
    _award(call, by=by, now=days[5])
    return publish_cases(call=call, by=by, now=days[7])


def _units_for(edition: Edition, sectors: list[str]) -> list[Unit]:
    """A unit of each sector under the edition's owner, the lowest first; of any sector where one has none left."""
    rows = Unit.objects.filter(ancestry__contains=[edition.owner_id]).exclude(pk=edition.owner_id)
    left = list(rows.order_by("-ancestry__len", "code"))
    found = []
    for sector in sectors:
        fitting = next((unit for unit in left if unit.sector == sector), left[0] if left else None)
        if fitting:
            left.remove(fitting)
            found.append(fitting)
    return found


def _enter(call: Call, unit: Unit, case: dict[str, Any], *, by: User | None, now: dt.datetime) -> Entry:
    texts = {name: LocalizedText(case[name]) for name in ("title", "problem", "practice", "result", "reuse")}
    fields = {
        **texts, "kind": case["kind"], "theme": case["theme"], "licence": "cc-by", "consent": True,
        "contact_name": "（示例）", "contact": "cases@example.org",
    }  # fmt: skip
    figures = [(LocalizedText(label), Decimal(value), counted) for label, value, counted in case["figures"]]
    entry = write_entry(call=call, unit=unit, fields=fields, figures=figures, by=by, now=now)
    Entry.objects.filter(pk=entry.pk).update(provenance=Provenance.ILLUSTRATIVE)
    return submit_entry(entry=entry, by=by, now=now)


def _score(call: Call, wanted: dict[str, list[int]], *, now: dt.datetime) -> None:
    shifts = dict(zip(Juror.objects.filter(call=call).values_list("pk", flat=True), _SHIFTS, strict=True))
    criteria = list(call.criteria.values_list("pk", flat=True))
    for sheet in Sheet.objects.filter(juror__call=call).select_related("entry", "juror__call"):
        scores = wanted[sheet.entry.title["en"]]
        values = {
            pk: min(10, max(0, score + shifts[sheet.juror_id])) for pk, score in zip(criteria, scores, strict=True)
        }
        save_sheet(sheet=sheet, values=values, note="", hand_in=True, now=now)


def _award(call: Call, *, by: User | None, now: dt.datetime) -> None:
    call.refresh_from_db()
    ranks = Result.objects.filter(entry__call=call, rank__isnull=False).values_list("entry_id", "rank")
    proposal = propose([(entry, rank or 0) for entry, rank in ranks], call.places())
    announce_awards(call=call, levels=proposal.levels, citations={}, reason="", by=by, now=now)
