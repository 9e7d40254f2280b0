"""The incident log: entered once, added to, closed; never rewritten."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from cyberweek.editions.models import Edition
from cyberweek.kernel.actions import record
from cyberweek.kernel.jobs import send_mail_to
from cyberweek.readiness.enums import SEVERE_FROM, Danger, IncidentAct, Severity
from cyberweek.readiness.models import Contingency, Incident, IncidentLine, Step
from cyberweek.readiness.queries.contingencies import plans_for
from cyberweek.readiness.queries.incidents import to_be_told
from cyberweek.regions.models import Unit

from .meetings import RefusedError

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

_AHEAD = dt.timedelta(minutes=10)  # clocks differ a little


@transaction.atomic
def enter_incident(
    *, edition: Edition, unit: Unit, kind: str, severity: int, place: str, what: str, at: dt.datetime,
    by: User | None, now: dt.datetime, zone: str = "",
) -> Incident:  # fmt: skip
    """Enter what happened. Where it is severe the coordinators of the units above are told at once; the unit's plan
    against this danger, if it has one or one above it has, comes into force with it. Raises RefusedError for what has
    not happened yet."""
    if at > now + _AHEAD:
        raise RefusedError(_("This time has not come yet."), "at")
    plan = plans_for(unit, edition, kind).first() if severity >= SEVERE_FROM else None
    incident = Incident.objects.create(
        edition=edition, unit=unit, kind=kind, severity=severity, place=place, what=what, at=at,
        zone=zone or edition.zone, entered=now, by=by, plan=plan,
    )  # fmt: skip
    _line(incident, IncidentAct.ENTERED, by=by, now=now, severity=severity)
    if plan:
        _line(incident, IncidentAct.PLAN, by=None, now=now, text=plan.title.in_all())
    record(
        actor=by, verb="incident.enter", thing=incident, unit=unit.pk,
        after={"kind": kind, "severity": severity, "place": place},
    )  # fmt: skip
    _tell_above(incident, now=now)
    return incident


def _line(incident: Incident, act: IncidentAct, *, by: User | None, now: dt.datetime, **fields: Any) -> IncidentLine:
    return IncidentLine.objects.create(incident=incident, act=act, by=by, at=now, **fields)


def _locked(incident: Incident) -> Incident:
    row = Incident.objects.select_for_update(of=("self",)).select_related("unit", "edition").get(pk=incident.pk)
    if row.closed:
        raise RefusedError(_("It is closed. Enter a new incident if something more happened."))
    return row


def _tell_above(incident: Incident, *, now: dt.datetime) -> int:
    """Mail the coordinators above, once an incident; the log says whom."""
    if incident.severity < SEVERE_FROM or incident.told:
        return 0
    people = to_be_told(incident)
    told = [person.name for person in people if send_mail_to(person, _subject(incident), _text(incident))]
    Incident.objects.filter(pk=incident.pk).update(told=now)
    incident.told = now
    names = ", ".join(told[:20]) + (f" … ({len(told)})" if len(told) > 20 else "")
    text = names or "–"
    _line(incident, IncidentAct.TOLD, by=None, now=now, text=text)
    return len(told)


def _subject(incident: Incident) -> Any:
    def subject() -> str:
        severity, kind = Severity(incident.severity).label, Danger(incident.kind).label
        return _("%(severity)s incident: %(unit)s, %(kind)s") % {
            "severity": severity, "unit": incident.unit, "kind": kind
        }  # fmt: skip

    return subject


def _text(incident: Incident) -> Any:
    def text() -> str:
        return _(
            "%(what)s\n\nWhere: %(place)s\nWhen: %(when)s (%(zone)s)\nUnit: %(unit)s\n\n"
            "The log is at the desk under Readiness, Incidents."
        ) % {
            "what": incident.what, "place": incident.place, "when": f"{incident.local_at:%Y-%m-%d %H:%M}",
            "zone": incident.zone, "unit": incident.unit,
        }  # fmt: skip

    return text


@transaction.atomic
def add_line(*, incident: Incident, text: str, severity: int | None, by: User | None, now: dt.datetime) -> IncidentLine:
    """Go on with the log; with a severity that differs the incident's changes, and those above are told when it becomes
    severe. Raises RefusedError where it is closed."""
    row = _locked(incident)
    changes = severity is not None and severity != row.severity
    act = IncidentAct.SEVERITY if changes else IncidentAct.UPDATE
    line = _line(row, act, by=by, now=now, text=text, severity=severity if changes else None)
    if changes:
        assert severity is not None
        row.severity = severity
        Incident.objects.filter(pk=row.pk).update(severity=severity)
    record(actor=by, verb="incident.update", thing=row, unit=row.unit_id, after={"severity": row.severity})
    _tell_above(row, now=now)
    return line


@transaction.atomic
def put_into_force(*, incident: Incident, plan: Contingency, by: User | None, now: dt.datetime) -> None:
    """Link a contingency plan: its steps become the incident's checklist. Raises RefusedError."""
    row = _locked(incident)
    Incident.objects.filter(pk=row.pk).update(plan=plan)
    _line(row, IncidentAct.PLAN, by=by, now=now, text=plan.title.in_all())
    record(actor=by, verb="incident.plan", thing=row, unit=row.unit_id, after={"plan": plan})


@transaction.atomic
def tick_step(*, incident: Incident, step: Step, by: User | None, now: dt.datetime) -> bool:
    """Say that a step of the plan in force is done. False where it was ticked already. Raises RefusedError."""
    row = _locked(incident)
    if step.plan_id != row.plan_id:
        raise RefusedError(_("This step is not of the plan in force."))
    if IncidentLine.objects.filter(incident=row, step=step).exists():
        return False
    _line(row, IncidentAct.STEP, by=by, now=now, text=step.what, step=step)
    record(actor=by, verb="incident.tick", thing=row, unit=row.unit_id, after={"step": step.what})
    return True


@transaction.atomic
def close_incident(*, incident: Incident, outcome: str, by: User | None, now: dt.datetime) -> Incident:
    """Close it with its outcome. Raises RefusedError."""
    row = _locked(incident)
    if not outcome.strip():
        raise RefusedError(_("Say how it ended."), "outcome")
    row.closed, row.outcome = now, outcome.strip()
    row.save(update_fields=["closed", "outcome"])
    _line(row, IncidentAct.CLOSED, by=by, now=now, text=row.outcome)
    record(actor=by, verb="incident.close", thing=row, unit=row.unit_id, after={"outcome": row.outcome})
    return row
