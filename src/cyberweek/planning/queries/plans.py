"""Reads of plans."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any, Final

from django.db import connection
from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cyberweek.editions.models import Edition
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.kernel.templatetags.look import listed
from cyberweek.planning.core.addressing import Address, Kind, how_many
from cyberweek.planning.core.changes import ISSUED, SAME, TAKEN, day_of, difference, kind_of
from cyberweek.planning.core.statements import COME_SINCE, REACH
from cyberweek.planning.models import Arrangement, Issue, Plan, Task
from cyberweek.regions.enums import Level, Sector
from cyberweek.regions.models import Unit
from cyberweek.regions.queries import Scope, scope_of

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

EARLIEST: Final = -730  # days from the opening: two years before it …
LATEST: Final = 366  # … and a year after


def plans_visible_to(user: User, scope: Scope | None = None) -> QuerySet[Plan]:
    """Plans that this person sees: of units that they see, and of every unit above their own."""
    scope = scope or scope_of(user)
    lines = Unit.objects.filter(pk__in=scope.units).values_list("ancestry", flat=True)
    above = {pk for line in lines for pk in line}
    return Plan.objects.filter(scope.seeing("unit") | Q(unit__in=above)).select_related("unit", "edition")


def plans_above(plan_unit: Unit, edition: Edition) -> QuerySet[Plan]:
    """The plans of the units above this one that have gone down, the highest first."""
    return (
        Plan.objects.filter(edition=edition, unit__in=plan_unit.ancestry[:-1], issued_at__isnull=False)
        .select_related("unit")
        .order_by("unit__ancestry__len")
    )


def arrangements_of(plan: Plan) -> QuerySet[Arrangement]:
    """The arrangements by due day, with all that `values_of` reads: four queries."""
    # Not withdrawn ones only are waited for.
    waited = Arrangement.objects.filter(is_withdrawn=False).order_by("due", "code")
    return (
        Arrangement.objects.filter(plan=plan)
        .select_related("theme_day", "plan")
        .prefetch_related(Prefetch("after", queryset=waited), Prefetch("units", queryset=Unit.objects.order_by("code")))
        .order_by("due", "code")
    )


def values_of(arrangement: Arrangement) -> dict[str, Any]:
    """What is issued of an arrangement: see `planning.core.changes`. Wants `after` and `units` prefetched."""
    return {
        "title": dict(arrangement.title),
        "what": dict(arrangement.what),
        "deliverables": dict(arrangement.deliverables),
        "begins": arrangement.begins,
        "due": arrangement.due,
        "theme_day": arrangement.theme_day_id,
        "is_milestone": arrangement.is_milestone,
        "needs_evidence": arrangement.needs_evidence,
        "levels": [level for level in Level.values if level in arrangement.levels],
        "sectors": [sector for sector in Sector.values if sector in arrangement.sectors],
        "units": sorted(unit.pk for unit in arrangement.units.all()),
        "after": sorted(one.pk for one in arrangement.after.all() if not one.is_withdrawn),
        "withdrawn": arrangement.is_withdrawn,
    }


def units_addressed(
    plan_unit: Unit, *, levels: Iterable[str], sectors: Iterable[str], units: Iterable[Unit | int]
) -> QuerySet[Unit]:
    """The units that such an arrangement of this unit's plan falls to."""
    levels, sectors = list(levels), list(sectors)
    by_kind = Q(pk__in=[])
    if levels or sectors:
        by_kind = Q()
        if levels:
            by_kind &= Q(level__in=levels)
        if sectors:
            by_kind &= Q(sector__in=sectors)
    named = [one.pk if isinstance(one, Unit) else one for one in units]
    return Unit.objects.filter(by_kind | Q(pk__in=named), ancestry__contains=[plan_unit.pk])


def counts_of(plan_unit: Unit, arrangements: Iterable[Arrangement]) -> dict[int, int]:
    """How many units each arrangement falls to as it is written now: one query (wants `units` prefetched)."""
    rows = list(arrangements)
    under = Unit.objects.filter(ancestry__contains=[plan_unit.pk]).order_by().values_list("level", "sector")
    census = {Kind(level, sector): n for level, sector, n in under.annotate(n=Count("pk"))}
    named = {
        unit.pk: Kind(unit.level, unit.sector)
        for one in rows
        for unit in one.units.all()
        if plan_unit.pk in unit.ancestry
    }
    return {
        one.pk: how_many(
            Address(frozenset(one.levels), frozenset(one.sectors), frozenset(unit.pk for unit in one.units.all())),
            census,
            named,
        )
        for one in rows
    }


def circle_in(after: dict[int, list[int]]) -> list[int]:
    """The keys of a circle of things that wait for each other, in their order; empty where there is none."""
    try:
        TopologicalSorter(after).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def faults_of(plan: Plan, arrangements: Sequence[Arrangement]) -> dict[str, list[str]]:
    """Why the plan cannot be issued: by the number of the arrangement, "" for the plan; empty when it can."""
    live = [one for one in arrangements if not one.is_withdrawn]
    by_pk = {one.pk: one for one in live}
    after = {one.pk: [other.pk for other in one.after.all() if other.pk in by_pk] for one in live}
    counts = counts_of(plan.unit, live)
    found: dict[str, list[str]] = {}
    if not live and not any(one.issued for one in arrangements):
        found[""] = [_("It has no arrangement yet.")]
    if circle := circle_in(after):
        text = circle_in_words([by_pk[pk] for pk in circle])
        found[by_pk[circle[0]].code] = [text]
    for one in live:
        told = found.setdefault(one.code, [])
        if not counts[one.pk]:
            told.append(_("It falls to nobody."))
        told += [late_in_words(by_pk[pk]) for pk in after[one.pk] if by_pk[pk].due > one.due]
    return {code: texts for code, texts in found.items() if texts}


def circle_in_words(arrangements: Iterable[Arrangement]) -> str:
    """What is said of arrangements that wait for each other."""
    names = " → ".join(f"{one.code} {one.title}" for one in arrangements)
    return _("These wait for each other in a circle: %(names)s.") % {"names": names}


def late_in_words(other: Arrangement) -> str:
    """What is said of an arrangement that is due before one that it waits for."""
    return _("It is due before %(code)s “%(title)s”, which it waits for.") % {"code": other.code, "title": other.title}


@dataclass(frozen=True)
class Reach:
    """What an issue would do with one arrangement: units that it falls to, tasks to make, to drop and to leave as the
    units' own; `there`: tasks that units have of it and that it still asks for."""

    units: int = 0
    missing: int = 0
    untouched: int = 0
    begun: int = 0
    there: int = 0


def reach_of(plan: Plan) -> dict[int, Reach]:
    """For each arrangement, counted over all units and tasks: one query."""
    with connection.cursor() as cursor:
        cursor.execute(REACH, {"plan": plan.pk, "above": plan.unit_id, "taken": list(TAKEN)})
        return {pk: Reach(*rest) for pk, *rest in cursor.fetchall()}


@dataclass(frozen=True)
class Difference:
    """One field of an arrangement: what was issued and what is written now, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    """An arrangement on the pages of its plan."""

    arrangement: Arrangement
    kind: str  # new, changed, withdrawn, same: against what was issued
    begins: dt.date
    due: dt.date
    units: int = 0
    reach: Reach = Reach()
    differences: tuple[Difference, ...] = ()
    faults: tuple[str, ...] = ()

    @property
    def address(self) -> list[str]:
        """Whom it falls to, in words."""
        one = self.arrangement
        words = [str(Level(level).label) for level in Level.values if level in one.levels]
        words += [str(Sector(sector).label) for sector in Sector.values if sector in one.sectors]
        return words + [str(unit) for unit in one.units.all()]


def lines_of(plan: Plan, arrangements: Sequence[Arrangement], *, exact: bool = False) -> list[Line]:
    """The arrangements as the pages show them. `exact`: with what an issue would do (wants the large count)."""
    counts = counts_of(plan.unit, arrangements)
    reach = reach_of(plan) if exact else {}
    faults = faults_of(plan, arrangements)
    codes = {one.pk: one.code for one in arrangements}
    opens = plan.edition.starts
    found = []
    for one in arrangements:
        values = values_of(one)
        kind = kind_of(one.issued, values)
        told = _differences(one.issued, values, opens=opens, codes=codes) if exact and kind == "changed" else ()
        found.append(
            Line(
                one, kind, day_of(opens, one.begins), day_of(opens, one.due), counts[one.pk],
                reach.get(one.pk, Reach()), told, tuple(faults.get(one.code, ())),
            )
        )  # fmt: skip
    return found


def _differences(
    issued: dict[str, Any], now: dict[str, Any], *, opens: dt.date, codes: dict[int, str]
) -> tuple[Difference, ...]:
    told = difference(issued, now)
    labels = {
        field.name: str(field.verbose_name)
        for field in Arrangement._meta.get_fields()
        if hasattr(field, "verbose_name")
    }
    labels |= {
        "levels": _("Levels"), "sectors": _("Sectors"), "units": _("Units by name"), "after": _("Waits for"),
        "begins": _("Begins"), "due": _("Due"),
    }  # fmt: skip
    named = {pk for side in told.values() for pk in side.get("units") or []}
    names = {unit.pk: str(unit) for unit in Unit.objects.filter(pk__in=named)} if named else {}
    in_words = {
        "begins": lambda days: day_of(opens, days).isoformat(),
        "due": lambda days: day_of(opens, days).isoformat(),
        "levels": lambda keys: listed(Level(key).label for key in keys),
        "sectors": lambda keys: listed(Sector(key).label for key in keys),
        "units": lambda keys: listed(names.get(key, "?") for key in keys),
        "after": lambda keys: listed(codes.get(key, "?") for key in keys),
    }
    found = []
    for name in ISSUED:
        if name in told["after"]:
            before, after = (_in_words(in_words.get(name), told[side][name]) for side in ("before", "after"))
            found.append(Difference(labels.get(name, name), before, after))
    return tuple(found)


def _in_words(words: Any, value: Any) -> str:
    if isinstance(value, bool):
        return pgettext("answer", "yes") if value else pgettext("answer", "no")
    if isinstance(value, dict):
        return str(LocalizedText(value))
    if value in (None, [], ""):
        return "—"
    return str(words(value)) if words else str(value)


@dataclass(frozen=True)
class Preview:
    """What an issue would do: lines that are new, changed and withdrawn, and the tasks in all."""

    lines: list[Line]
    faults: dict[str, list[str]]
    moved: int  # days that the opening has moved since the last issue

    @property
    def fresh(self) -> list[Line]:
        return [line for line in self.lines if line.kind == "new"]

    @property
    def changed(self) -> list[Line]:
        return [line for line in self.lines if line.kind == "changed"]

    @property
    def withdrawn(self) -> list[Line]:
        return [line for line in self.lines if line.kind == "withdrawn"]

    @property
    def came(self) -> list[Line]:
        """Issued before and unchanged, with units that have no task of it yet or are addressed no more."""
        return [
            line for line in self.lines if line.kind == SAME and (line.reach.missing or line.reach.untouched or line.reach.begun)
            and line.arrangement.issued and not line.arrangement.is_withdrawn
        ]  # fmt: skip

    @property
    def made(self) -> int:
        return sum(line.reach.missing for line in self.lines)

    @property
    def follow(self) -> int:
        lines = self.lines if self.moved else self.changed
        return sum(line.reach.there for line in lines)

    @property
    def dropped(self) -> int:
        return sum(line.reach.untouched for line in self.lines)

    @property
    def kept(self) -> int:
        return sum(line.reach.begun for line in self.lines)

    @property
    def does_something(self) -> bool:
        return bool(self.fresh or self.changed or self.withdrawn or self.came or self.moved)


def preview_of(plan: Plan) -> Preview:
    """What an issue would do now; a fixed number of queries, whatever the size."""
    arrangements = list(arrangements_of(plan))
    lines = lines_of(plan, arrangements, exact=True)
    moved = (plan.edition.starts - plan.opening).days if plan.opening else 0
    return Preview(lines, faults_of(plan, arrangements), moved)


def units_come_since(plan: Plan) -> int:
    """How many units an issued arrangement falls to that have no task of it: they came, moved or changed since."""
    with connection.cursor() as cursor:
        cursor.execute(COME_SINCE, {"plan": plan.pk, "above": plan.unit_id, "opening": plan.edition.starts})
        (n,) = cursor.fetchone()
    return int(n)


def issue_under_way(plan: Plan) -> Issue | None:
    """The one that is not at its end yet, if there is one."""
    return plan.issues.filter(finished=None).first()


def plan_to_edit(unit: Unit, edition: Edition) -> Plan:
    """The unit's plan, or a fresh one that is not saved yet."""
    return Plan.objects.filter(edition=edition, unit=unit).first() or Plan(edition=edition, unit=unit)


def arrangements_offered(plan: Plan) -> QuerySet[Arrangement]:
    """What the plans above have issued and not withdrawn: templates to take."""
    above = plans_above(plan.unit, plan.edition)
    rows = Arrangement.objects.filter(plan__in=above, is_withdrawn=False).exclude(issued={})
    return rows.select_related("plan__unit").order_by("plan", "due", "code")


def units_without_a_plan(scope: Scope, edition: Edition) -> QuerySet[Unit]:
    """The units that the person coordinates themselves and that have no plan yet, the highest first."""
    planned = Plan.objects.filter(edition=edition).values("unit")
    return Unit.objects.filter(pk__in=scope.coordinating).exclude(pk__in=planned).order_by("ancestry")


def tasks_made(plan: Plan) -> int:
    """How many tasks there are of it, dropped ones apart."""
    return Task.objects.filter(arrangement__plan=plan, parent=None).exclude(state="dropped").count()


def arrangements_to_filter(edition: Edition, user: User, scope: Scope) -> list[tuple[int, str]]:
    """Key, and number with title, of what has gone down in plans that the person sees: one query."""
    plans = plans_visible_to(user, scope).filter(edition=edition, issued_at__isnull=False).order_by()
    rows = Arrangement.objects.filter(plan__in=plans.values("pk")).exclude(issued={}).order_by("plan", "due", "code")
    return [(pk, f"{code} {LocalizedText(title)}") for pk, code, title in rows.values_list("pk", "code", "title")[:300]]
