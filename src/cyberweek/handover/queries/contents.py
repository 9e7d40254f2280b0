"""What of an edition is handed over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.aggregates import Aggregate
from django.db.models.functions import TruncDate

from cyberweek.editions.models import Edition
from cyberweek.editions.queries import organisers_of, theme_days_of
from cyberweek.handover.core import records
from cyberweek.handover.models import ContactOffer
from cyberweek.honours.queries import cases_published
from cyberweek.indicators.models import Total
from cyberweek.indicators.queries import dictionary_of
from cyberweek.kernel.core.withholding import SMALLEST_GROUP
from cyberweek.knowledge.queries import contests_published
from cyberweek.knowledge.queries.statistics import item_figures
from cyberweek.planning.enums import TaskState
from cyberweek.planning.models import Arrangement, Plan, Task
from cyberweek.planning.queries.plans import arrangements_of
from cyberweek.readiness.enums import LIVE_RISKS
from cyberweek.readiness.models import Risk
from cyberweek.regions.models import Unit
from cyberweek.summaries.models import Lesson


class Middle(Aggregate):
    """The value in the middle: PostgreSQL's percentile_cont(0.5)."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    name = "Middle"


def contents_of(edition: Edition) -> records.Contents:
    """All that is handed over of an edition; reads the papers of its contests, so it is for a job."""
    plan = Plan.objects.filter(edition=edition, unit=edition.owner).first()
    tasks = _templates(plan) if plan else []
    roles = [records.RoleFacts(unit=one.unit.code, role=one.role) for one in organisers_of(edition)]
    facts = _edition(edition)
    contacts = _contacts(edition)
    cases = _cases(edition)
    lessons, risks = _lessons(edition), _risks(edition)
    named = {code for one in tasks for code in one.units} | {one.unit for one in roles}
    named |= {one.unit for one in contacts} | {one.unit for one in cases}
    named |= {one.unit for one in lessons} | {one.unit for one in risks}
    named |= {day.lead for day in facts.theme_days if day.lead} | {facts.owner}
    return records.Contents(
        edition=facts,
        plan=records.PlanFacts(title=dict(plan.title), preface=dict(plan.preface)) if plan else None,
        tasks=tasks,
        units=_units(named),
        roles=roles,
        contacts=contacts,
        items=_items(edition),
        indicators=_indicators(edition),
        history=_history(edition),
        lessons=lessons,
        risks=risks,
        cases=cases,
    )


def _edition(edition: Edition) -> records.EditionFacts:
    days = [
        records.ThemeDay(
            number=day.number, day=(day.date - edition.starts).days, name=dict(day.name),
            lead=day.lead.code if day.lead else None,
        )
        for day in theme_days_of(edition)
    ]  # fmt: skip
    return records.EditionFacts(
        slug=edition.slug, year=edition.year, title=dict(edition.title), theme=dict(edition.theme),
        starts=edition.true_starts.isoformat(), ends=edition.true_ends.isoformat(), zone=edition.zone,
        scope=edition.scope_id, host=edition.host_id, venue=dict(edition.venue), owner=edition.owner.code,
        theme_days=days,
    )  # fmt: skip


def _templates(plan: Plan) -> list[records.Template]:
    rows = [one for one in arrangements_of(plan) if not one.is_withdrawn]
    outcomes = _outcomes(rows)
    return [_template(one, outcomes.get(one.pk, {})) for one in sorted(rows, key=lambda one: one.code)]


def _template(one: Arrangement, outcome: dict[str, Any]) -> records.Template:
    late = outcome.get("late")
    return records.Template(
        code=one.code, title=dict(one.title), what=dict(one.what), deliverables=dict(one.deliverables),
        begins=one.begins, due=one.due, levels=list(one.levels), sectors=list(one.sectors),
        units=sorted(unit.code for unit in one.units.all()), theme_day=one.theme_day.number if one.theme_day else None,
        is_milestone=one.is_milestone, needs_evidence=one.needs_evidence,
        after=sorted(other.code for other in one.after.all()), tasks=outcome.get("tasks", 0),
        done=outcome.get("done", 0), in_time=outcome.get("in_time", 0),
        days_late=None if late is None else round(late / dt.timedelta(days=1), 1),
    )  # fmt: skip


def _outcomes(rows: Sequence[Arrangement]) -> dict[int, dict[str, Any]]:
    """How it went, by arrangement: one query."""
    zone = rows[0].plan.edition.tz if rows else dt.UTC
    done = Q(state=TaskState.DONE)
    found = (
        Task.objects.filter(arrangement__in=rows, parent=None)
        .exclude(state=TaskState.DROPPED)
        .annotate(day=TruncDate("done_at", tzinfo=zone))
        .values("arrangement")
        .order_by()
        .annotate(
            tasks=Count("pk"), done=Count("pk", filter=done), in_time=Count("pk", filter=done & Q(day__lte=F("due"))),
            late=Middle(F("day") - F("due"), filter=done),
        )
    )  # fmt: skip
    return {row["arrangement"]: dict(row) for row in found}


def _units(codes: Iterable[str]) -> list[records.UnitFacts]:
    rows = Unit.objects.filter(code__in=codes).select_related("parent").order_by("code")
    return [
        records.UnitFacts(
            code=one.code, name=dict(one.name), level=one.level, sector=one.sector, region=one.region_id,
            parent=one.parent.code if one.parent else None,
        )
        for one in rows
    ]  # fmt: skip


def _contacts(edition: Edition) -> list[records.Contact]:
    """Of those who agreed and may still sign in."""
    rows = ContactOffer.objects.filter(edition=edition, person__is_active=True).select_related("person", "unit")
    return [
        records.Contact(
            unit=one.unit.code, name=one.person.name, contact=one.contact, about=one.about,
            agreed=one.agreed.isoformat(),
        )
        for one in rows
    ]  # fmt: skip


def _items(edition: Edition) -> list[records.ItemStatistic]:
    return [
        records.ItemStatistic(
            contest=contest.slug, item=one.item, topic=one.topic, shown=one.tally.shown, answered=one.tally.answered,
            right=one.tally.right, discrimination=one.tally.discrimination,
        )
        for contest in contests_published(edition)
        for one in item_figures(contest)
        if one.tally.shown >= SMALLEST_GROUP
    ]  # fmt: skip


def _indicators(edition: Edition) -> list[records.IndicatorFacts]:
    return [
        records.IndicatorFacts(
            code=one.code, name=dict(one.name), definition=dict(one.definition), count=one.count, adding=one.adding,
            filler=one.filler, least=_text(one.least), most=_text(one.most), most_capacity=_text(one.most_capacity),
            verify_above=_text(one.verify_above), is_active=one.is_active, order=one.order,
        )
        for one in dictionary_of(edition)
    ]  # fmt: skip


def _history(edition: Edition) -> list[records.TotalFacts]:
    """The totals of this and earlier editions of the same scope, for it and the regions right under it."""
    rows = Total.objects.filter(
        Q(region=edition.scope) | Q(region__parent=edition.scope),
        edition__scope=edition.scope,
        edition__year__lte=edition.year,
    )
    rows = rows.select_related("edition", "indicator").defer("sketch")
    return [
        records.TotalFacts(
            edition=one.edition.slug, year=one.edition.year, indicator=one.indicator.code, count=one.count,
            adding=one.adding, region=one.region_id, value=str(one.value), low=str(one.low), high=str(one.high),
            figures=one.figures,
        )
        for one in rows.order_by("edition__year", "edition", "indicator__order", "indicator__code", "region")
    ]  # fmt: skip


def _cases(edition: Edition) -> list[records.CaseFacts]:
    rows = cases_published().filter(call__edition=edition).order_by("pk")
    return [
        records.CaseFacts(
            unit=one.unit.code, title=dict(one.title), theme=one.theme, award=_award(one), problem=dict(one.problem),
            practice=dict(one.practice), result=dict(one.result), reuse=dict(one.reuse), licence=one.licence,
        )
        for one in rows
    ]  # fmt: skip


def _award(case: Any) -> str:
    award = getattr(case, "award", None)
    return award.level if award else ""


def _highest(edition: Edition) -> QuerySet[Unit]:
    """The lead organiser and the units right under it: what counties noted is theirs."""
    return Unit.objects.filter(Q(pk=edition.owner_id) | Q(parent=edition.owner))


def _lessons(edition: Edition) -> list[records.Lesson]:
    rows = Lesson.objects.filter(edition=edition, unit__in=_highest(edition)).select_related("unit").order_by("pk")
    return [records.Lesson(unit=one.unit.code, what=one.what, why=one.why, next_time=one.next_time) for one in rows]


def _risks(edition: Edition) -> list[records.RiskFacts]:
    """Those still open that are in the hands of the highest."""
    rows = (
        Risk.objects.filter(edition=edition, holder__in=_highest(edition), state__in=LIVE_RISKS)
        .select_related("holder")
        .prefetch_related("measures")
        .order_by("pk")
    )
    return [
        records.RiskFacts(
            unit=one.holder.code, title=dict(one.title), cause=dict(one.cause), effect=dict(one.effect),
            likelihood=one.likelihood, impact=one.impact, measures=[dict(each.what) for each in one.measures.all()],
        )
        for one in rows
    ]  # fmt: skip


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
