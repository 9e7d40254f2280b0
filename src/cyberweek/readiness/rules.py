"""Who may do what with meetings, risks, contingency plans, incidents and duty. All begin from a scoped fetch."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from cyberweek.editions.enums import Stage
from cyberweek.editions.models import Edition
from cyberweek.readiness.enums import MeetingState
from cyberweek.readiness.models import Incident, Meeting, Risk, UnitReport
from cyberweek.regions.models import Unit
from cyberweek.regions.queries import Scope


def is_at_work(edition: Edition) -> bool:
    """False once an edition is put away."""
    return edition.stage != Stage.ARCHIVED


def may_call(scope: Scope, unit: Unit, edition: Edition) -> bool:
    """Call a meeting, write its minutes, approve them: coordinators of the unit that calls, or above it."""
    return bool(scope.coordinating & set(unit.ancestry)) and is_at_work(edition)


def may_change_meeting(scope: Scope, meeting: Meeting) -> bool:
    """Until the minutes are approved."""
    return meeting.state not in {MeetingState.APPROVED, MeetingState.CANCELLED} and may_call(
        scope, meeting.unit, meeting.edition
    )


def may_report(scope: Scope, report: UnitReport) -> bool:
    """Write the unit's page: whoever enters things for it, until the minutes are approved."""
    over = {MeetingState.APPROVED, MeetingState.CANCELLED}
    return bool(scope.editing & set(report.unit.ancestry)) and report.meeting.state not in over


def may_enter(scope: Scope, unit: Unit, edition: Edition) -> bool:
    """Enter and edit what the unit owns: risks, contingency plans, drills, shifts."""
    return bool(scope.editing & set(unit.ancestry)) and is_at_work(edition)


def may_keep_risk(scope: Scope, risk: Risk) -> bool:
    """Edit a risk: whoever enters things for the unit that found it, or for the one in whose hands it is."""
    own = set(risk.unit.ancestry) | set(risk.holder.ancestry)
    return bool(scope.editing & own) and is_at_work(risk.edition)


def may_pass_up(scope: Scope, risk: Risk) -> bool:
    """Coordinators of the unit in whose hands it is, or above it, where there is a unit above."""
    return (
        bool(scope.coordinating & set(risk.holder.ancestry))
        and risk.holder.parent_id is not None
        and is_at_work(risk.edition)
    )


def may_hand_back(scope: Scope, risk: Risk) -> bool:
    """Coordinators of the unit to which it was passed up."""
    return (
        risk.holder_id != risk.unit_id
        and bool(scope.coordinating & set(risk.holder.ancestry))
        and is_at_work(risk.edition)
    )


def may_log(scope: Scope, unit: Unit, edition: Edition) -> bool:
    """Enter an incident and go on with its log: whoever serves in the unit or above it, in whatever role, for the one
    on duty may be a viewer the rest of the year."""
    return bool(scope.units & set(unit.ancestry)) and is_at_work(edition)


def may_go_on(scope: Scope, incident: Incident) -> bool:
    return incident.closed is None and may_log(scope, incident.unit, incident.edition)


def may_see_phones(scope: Scope, above: AbstractSet[int], unit: Unit) -> bool:
    """Telephones are for the line of command: those who serve in the unit, above it or under it. `above`: all units over
    the person's own (`queries.duty.line_above`). Units of the same region see the roster without."""
    return bool(scope.units & set(unit.ancestry)) or unit.pk in above


def may_forecast(scope: Scope) -> bool:
    """Whoever coordinates or reviews somewhere may ask for a new forecast; it says the same to all."""
    return bool(scope.reviewing)
