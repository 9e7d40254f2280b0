"""Contingency plans are written, and tried."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction

from cyberweek.attachments.actions import Chosen, keep_attachment
from cyberweek.attachments.models import Attachment
from cyberweek.editions.models import Edition
from cyberweek.kernel.actions import Outdated, record, snapshot
from cyberweek.programme.models import Activity
from cyberweek.readiness.models import Contact, Contingency, Drill, Step
from cyberweek.regions.models import Unit

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

WRITTEN: Final = ("danger", "other", "title", "trigger", "authority", "reviewed")
StepLine = tuple[str, str, int | None]
"""What, who, within how many minutes."""
ContactLine = tuple[str, str, str]
"""Name, role, telephone."""


@transaction.atomic
def write_contingency(
    *, edition: Edition, unit: Unit, fields: Mapping[str, Any], steps: Sequence[StepLine],
    contacts: Sequence[ContactLine], activities: Iterable[Activity], files: Iterable[Chosen] = (), by: User | None,
    now: dt.datetime,
) -> Contingency:  # fmt: skip
    """Enter a plan (names in `WRITTEN`) with its first steps, in order, and whom to call."""
    plan = Contingency.objects.create(edition=edition, unit=unit, **fields)
    _fill(plan, steps, contacts, activities)
    _keep(plan, files, by=by, now=now)
    record(actor=by, verb="contingency.write", thing=plan, unit=unit.pk, after=_told(plan))
    return plan


@transaction.atomic
def edit_contingency(
    *, plan: Contingency, fields: Mapping[str, Any], steps: Sequence[StepLine], contacts: Sequence[ContactLine],
    activities: Iterable[Activity], files: Iterable[Chosen] = (), revision: int, by: User | None,
    now: dt.datetime,
) -> Contingency:  # fmt: skip
    """Change a plan. A step that is kept by its words stays the same step, so that ticks in the log stay with it. Raises
    Outdated."""
    row = Contingency.objects.select_for_update(of=("self",)).select_related("edition", "unit").get(pk=plan.pk)
    if row.revision != revision:
        raise Outdated(row)
    before = _told(row)
    for name in WRITTEN:
        setattr(row, name, fields[name])
    row.revision += 1
    row.save()
    _fill(row, steps, contacts, activities)
    _keep(row, files, by=by, now=now)
    record(actor=by, verb="contingency.edit", thing=row, unit=row.unit_id, before=before, after=_told(row))
    return row


def _fill(
    plan: Contingency, steps: Sequence[StepLine], contacts: Sequence[ContactLine], activities: Iterable[Activity]
) -> None:
    known = {one.what: one for one in plan.steps.all()}
    kept = []
    for number, (what, who, within) in enumerate(steps, start=1):
        step = known.pop(what, None) or Step(plan=plan, what=what)
        step.number, step.who, step.within = number, who, within
        step.save()
        kept.append(step.pk)
    plan.steps.exclude(pk__in=kept).delete()
    plan.contacts.all().delete()
    Contact.objects.bulk_create(Contact(plan=plan, name=name, role=role, phone=phone) for name, role, phone in contacts)
    plan.activities.set(activities)


def _keep(owner: Contingency | Drill, files: Iterable[Chosen], *, by: User | None, now: dt.datetime) -> None:
    owner.files.add(*[keep_attachment(file=file, by=by, now=now, field="files") for file in files])


def _told(plan: Contingency) -> dict[str, Any]:
    """Without telephones: the audit trail is kept longer than they are."""
    return {
        **snapshot(plan, WRITTEN),
        "steps": [one.what for one in plan.steps.order_by("number")],
        "contacts": plan.contacts.count(),
        "activities": list(plan.activities.order_by("code").values_list("code", flat=True)),
    }


@transaction.atomic
def drop_file(*, plan: Contingency, attachment: Attachment, by: User | None) -> None:
    plan.files.remove(attachment)
    record(actor=by, verb="contingency.drop-file", thing=plan, unit=plan.unit_id, before={"file": attachment.name})


@transaction.atomic
def record_drill(
    *, plan: Contingency, held: dt.datetime, who: str, found: str, minutes: int | None,
    files: Iterable[Chosen] = (), by: User | None, now: dt.datetime,
) -> Drill:  # fmt: skip
    """Keep that a plan was tried: when, by whom, what was found."""
    drill = Drill.objects.create(plan=plan, held=held, who=who, found=found, minutes=minutes, by=by)
    _keep(drill, files, by=by, now=now)
    record(
        actor=by, verb="drill.record", thing=plan, unit=plan.unit_id,
        after={"held": held.isoformat(), "who": who, "minutes": minutes},
    )  # fmt: skip
    return drill
