"""The risk register is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from cyberweek.editions.models import Edition
from cyberweek.kernel.actions import Outdated, plain, record, snapshot
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.readiness.core.levels import level_of
from cyberweek.readiness.enums import RiskAct, RiskState
from cyberweek.readiness.models import Drill, Measure, Risk, RiskEvent
from cyberweek.regions.models import Unit

from .meetings import RefusedError
from .tasks import make_task

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

WRITTEN: Final = (
    "title", "cause", "effect", "likelihood", "impact", "likelihood_left", "impact_left", "owner", "review",
)  # fmt: skip


def _locked(risk: Risk, revision: int | None = None) -> Risk:
    rows = Risk.objects.select_for_update(of=("self",)).select_related("edition", "unit", "holder", "owner")
    row = rows.get(pk=risk.pk)
    if revision is not None and row.revision != revision:
        raise Outdated(row)
    return row


def _levelled(risk: Risk) -> None:
    risk.level = level_of(risk.likelihood, risk.impact)
    likelihood, impact = risk.likelihood_left, risk.impact_left
    risk.left = "" if likelihood is None or impact is None else level_of(likelihood, impact)


def _happened(risk: Risk, act: RiskAct, *, by: User | None, now: dt.datetime, text: str = "", **sides: Any) -> None:
    RiskEvent.objects.create(risk=risk, act=act, by=by, at=now, text=text, **sides)


@transaction.atomic
def raise_risk(*, edition: Edition, unit: Unit, fields: Mapping[str, Any], by: User | None, now: dt.datetime) -> Risk:
    """Enter a risk (names in `WRITTEN`); it is in the hands of the unit that enters it."""
    risk = Risk(edition=edition, unit=unit, holder=unit, changed=now, **fields)
    _levelled(risk)
    risk.save()
    _happened(risk, RiskAct.RAISED, by=by, now=now)
    record(actor=by, verb="risk.raise", thing=risk, unit=unit.pk, after=snapshot(risk, [*WRITTEN, "level"]))
    return risk


@transaction.atomic
def edit_risk(*, risk: Risk, fields: Mapping[str, Any], revision: int, by: User | None, now: dt.datetime) -> Risk:
    """Change what a risk says. Raises Outdated."""
    row = _locked(risk, revision)
    names = [name for name in WRITTEN if name in fields and getattr(row, name) != fields[name]]
    if not names:
        return row
    shown = [*names, "level", "left"]
    before = snapshot(row, shown)
    for name in names:
        setattr(row, name, fields[name])
    _levelled(row)
    row.revision += 1
    row.changed = now
    row.save()
    sides: dict[str, Any] = {"before": before, "after": snapshot(row, shown)}
    _happened(row, RiskAct.EDITED, by=by, now=now, **sides)
    record(actor=by, verb="risk.edit", thing=row, unit=row.unit_id, **sides)
    return row


@transaction.atomic
def move_risk(*, risk: Risk, state: str, text: str, by: User | None, now: dt.datetime) -> Risk:
    """Watch it, say that it happened, close or open it again; closing wants a reason. Raises RefusedError."""
    row = _locked(risk)
    if row.state == state:
        return row
    if state == RiskState.CLOSED and not text.strip():
        raise RefusedError(_("Say why it is closed."), "text")
    sides: dict[str, Any] = {"before": {"state": row.state}, "after": {"state": state}}
    row.state, row.changed, row.revision = state, now, row.revision + 1
    row.save(update_fields=["state", "changed", "revision"])
    _happened(row, RiskAct.STATE, by=by, now=now, text=text, **sides)
    record(actor=by, verb="risk.move", thing=row, unit=row.unit_id, reason=text, **sides)
    return row


@transaction.atomic
def pass_up(*, risk: Risk, text: str, by: User | None, now: dt.datetime) -> Risk:
    """Put a risk into the hands of the unit above the one that holds it. Raises RefusedError."""
    row = _locked(risk)
    above = row.holder.parent
    if above is None:
        raise RefusedError(_("There is no unit above %(unit)s.") % {"unit": row.holder})
    return _hand(row, above, RiskAct.PASSED_UP, verb="risk.pass-up", text=text, by=by, now=now)


@transaction.atomic
def hand_back(*, risk: Risk, text: str, by: User | None, now: dt.datetime) -> Risk:
    """Give a risk back to the unit that found it. Raises RefusedError."""
    row = _locked(risk)
    if row.holder_id == row.unit_id:
        raise RefusedError(_("It is in the hands of the unit that found it already."))
    return _hand(row, row.unit, RiskAct.HANDED_BACK, verb="risk.hand-back", text=text, by=by, now=now)


def _hand(risk: Risk, to: Unit, act: RiskAct, *, verb: str, text: str, by: User | None, now: dt.datetime) -> Risk:
    sides: dict[str, Any] = {"before": {"holder": plain(risk.holder)}, "after": {"holder": plain(to)}}
    risk.holder, risk.changed, risk.revision = to, now, risk.revision + 1
    risk.save(update_fields=["holder", "changed", "revision"])
    _happened(risk, act, by=by, now=now, text=text, **sides)
    record(actor=by, verb=verb, thing=risk, unit=risk.unit_id, reason=text, **sides)
    return risk


# -- Measures ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_measure(
    *, risk: Risk | None = None, drill: Drill | None = None, what: LocalizedText, unit: Unit, due: dt.date,
    as_task: bool, by: User | None, now: dt.datetime,
) -> Measure:  # fmt: skip
    """Add what is done against a risk, or because of what a drill showed; as a task of the unit where so wished."""
    measure = Measure.objects.create(risk=risk, drill=drill, what=what, unit=unit, due=due)
    if risk:
        _happened(risk, RiskAct.MEASURE, by=by, now=now, after={"what": dict(what)})
    thing: Any = risk or drill
    record(
        actor=by, verb="measure.add", thing=thing, unit=unit.pk,
        after={"what": dict(what), "unit": unit, "due": due.isoformat()},
    )  # fmt: skip
    if as_task:
        give_task(measure=measure, by=by, now=now)
    return measure


@transaction.atomic
def give_task(*, measure: Measure, by: User | None, now: dt.datetime) -> Measure:
    """Make the measure a task of its unit; it is one already: nothing happens."""
    rows = Measure.objects.select_for_update(of=("self",)).select_related(
        "unit", "risk__edition", "drill__plan__edition"
    )
    row = rows.get(pk=measure.pk)
    if row.task_id or row.done:
        return row
    row.task = make_task(
        edition=_edition_of(row), unit=row.unit, title=row.what, what=_origin(row), due=row.due, accountable=None,
        by=by, now=now,
    )  # fmt: skip
    row.save(update_fields=["task"])
    return row


def _edition_of(measure: Measure) -> Edition:
    if measure.risk:
        return measure.risk.edition
    assert measure.drill is not None, "a measure of nothing"
    return measure.drill.plan.edition


def _origin(measure: Measure) -> LocalizedText:
    if measure.risk:
        subject, zh, en = measure.risk.title, "风险", "the risk"
    else:
        assert measure.drill is not None, "a measure of nothing"
        subject, zh, en = measure.drill.plan.title, "演练", "a drill of"
    return LocalizedText(
        {
            "zh-Hans": f"针对{zh}“{subject.in_language('zh-Hans')}”的措施。",
            "en": f"A measure because of {en} “{subject.in_language('en')}”.",
        }
    )


@transaction.atomic
def tick_measure(*, measure: Measure, by: User | None, now: dt.datetime) -> bool:
    """Say that a measure is done; of one that is a task the task says so. False: it was done already, or is a task."""
    if not Measure.objects.filter(pk=measure.pk, done=None, task=None).update(done=now):
        return False
    if measure.risk:
        _happened(measure.risk, RiskAct.MEASURE_DONE, by=by, now=now, after={"what": dict(measure.what)})
    record(
        actor=by, verb="measure.tick", thing=measure.risk or measure, unit=measure.unit_id,
        after={"what": dict(measure.what)},
    )  # fmt: skip
    return True
