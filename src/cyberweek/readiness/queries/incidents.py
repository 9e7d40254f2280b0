"""Reads of the incident log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Max, Q, QuerySet

from cyberweek.editions.models import Edition
from cyberweek.readiness.enums import SEVERE_FROM
from cyberweek.readiness.models import Incident, IncidentLine, Step
from cyberweek.regions.enums import Role
from cyberweek.regions.models import Post, Unit
from cyberweek.regions.queries import Scope, scope_of

if TYPE_CHECKING:
    from cyberweek.accounts.models import User


def incidents_visible_to(user: User, scope: Scope | None = None) -> QuerySet[Incident]:
    """Incidents of units that the person sees."""
    units = Unit.objects.filter((scope or scope_of(user)).seeing()).order_by()
    return Incident.objects.filter(unit__in=units).select_related("unit__region", "edition", "by", "plan")


@dataclass(frozen=True)
class AskedIncidents:
    """What is asked of the log. `state`: "open", "closed", or both."""

    state: str = ""
    kind: str = ""
    severity: int | None = None
    unit: Unit | None = None
    q: str = ""


def incidents_asked(rows: QuerySet[Incident], asked: AskedIncidents) -> QuerySet[Incident]:
    if asked.state == "open":
        rows = rows.filter(closed=None)
    elif asked.state == "closed":
        rows = rows.filter(closed__isnull=False)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.severity:
        rows = rows.filter(severity__gte=asked.severity)
    if asked.unit:
        rows = rows.filter(unit__ancestry__contains=[asked.unit.pk])
    if asked.q:
        rows = rows.filter(Q(what__icontains=asked.q) | Q(place__icontains=asked.q))
    return rows


def with_last_line(rows: QuerySet[Incident]) -> QuerySet[Incident]:
    """… with `n_lines` and `last_at`, the moment of the last line."""
    return rows.annotate(n_lines=Count("lines"), last_at=Max("lines__at"))


def open_severe(rows: QuerySet[Incident], edition: Edition) -> int:
    return rows.filter(edition=edition, closed=None, severity__gte=SEVERE_FROM).count()


def lines_of(incident: Incident) -> QuerySet[IncidentLine]:
    """The log, in the order in which it was written."""
    return IncidentLine.objects.filter(incident=incident).select_related("by", "step").order_by("pk")


@dataclass(frozen=True)
class Tick:
    """A step of the plan in force, and the line that says it is done."""

    step: Step
    line: IncidentLine | None


def checklist_of(incident: Incident) -> list[Tick]:
    if incident.plan_id is None:
        return []
    done = {line.step_id: line for line in lines_of(incident) if line.step_id}
    return [Tick(step, done.get(step.pk)) for step in Step.objects.filter(plan=incident.plan_id).order_by("number")]


def to_be_told(incident: Incident) -> list[User]:
    """Coordinators of the units above the incident's own, who may sign in: nearest first, each once."""
    above = incident.unit.ancestry[:-1]
    posts = Post.objects.filter(unit__in=above, roles__contains=[Role.COORDINATOR], person__is_active=True)
    rows = posts.select_related("person", "unit").order_by("-unit__ancestry__len", "person__name", "pk")
    return list({post.person_id: post.person for post in rows}.values())


def units_within(scope: Scope) -> QuerySet[Unit]:
    """The person's units and all under them."""
    return Unit.objects.filter(ancestry__overlap=list(scope.units))
