"""Writing a plan: the plan itself and its arrangements. Nothing reaches the units before it is issued."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction

from cyberweek.editions.models import Edition
from cyberweek.kernel.actions import Outdated, record, snapshot
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.planning.models import Arrangement, Plan
from cyberweek.planning.queries.plans import arrangements_of
from cyberweek.regions.enums import Level
from cyberweek.regions.models import Unit

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

# What people enter of an arrangement; `units` and `after` beside them.
ENTERED: Final = (
    "code", "title", "what", "deliverables", "begins", "due", "levels", "sectors", "theme_day", "is_milestone",
    "needs_evidence",
)  # fmt: skip


@transaction.atomic
def create_plan(*, edition: Edition, unit: Unit, title: LocalizedText, preface: LocalizedText, by: User | None) -> Plan:
    """Begin a unit's plan, empty. One that there is already is given back as it is."""
    plan, made = Plan.objects.get_or_create(edition=edition, unit=unit, defaults={"title": title, "preface": preface})
    if made:
        record(actor=by, verb="plan.create", thing=plan, unit=unit.pk, after=snapshot(plan, ["title", "preface"]))
    return plan


@transaction.atomic
def edit_plan(*, plan: Plan, title: LocalizedText, preface: LocalizedText, version: int, by: User | None) -> Plan:
    """Change what the plan itself says. Raises Outdated when it is not the `version` that the person has read."""
    plan = Plan.objects.select_for_update(of=("self",)).select_related("unit", "edition").get(pk=plan.pk)
    if plan.version != version:
        raise Outdated(plan)
    before = snapshot(plan, ["title", "preface"])
    plan.title, plan.preface, plan.version = title, preface, version + 1
    plan.save(update_fields=["title", "preface", "version"])
    after = snapshot(plan, ["title", "preface"])
    record(actor=by, verb="plan.edit", thing=plan, unit=plan.unit_id, before=before, after=after)
    return plan


@transaction.atomic
def add_arrangement(
    *, plan: Plan, fields: Mapping[str, Any], units: Iterable[Unit] = (), after: Iterable[Arrangement] = (),
    by: User | None,
) -> Arrangement:  # fmt: skip
    """Add an arrangement (names in `ENTERED`; without a code it gets the next number)."""
    plan = _locked(plan)
    (made,) = _make(plan, [fields])
    made.units.set(units)
    made.after.set(after)
    record(actor=by, verb="plan.arrange", thing=made, unit=plan.unit_id, after=_in_words(made))
    return made


@transaction.atomic
def edit_arrangement(
    *, arrangement: Arrangement, fields: Mapping[str, Any], units: Iterable[Unit], after: Iterable[Arrangement],
    version: int, by: User | None,
) -> Arrangement:  # fmt: skip
    """Change an arrangement. Raises Outdated when it is not the `version` that the person has read."""
    plan = _locked(arrangement.plan)
    row = arrangements_of(plan).get(pk=arrangement.pk)
    if row.version != version:
        raise Outdated(row)
    before = _in_words(row)
    for name in ENTERED:
        if name in fields:
            setattr(row, name, fields[name])
    row.version += 1
    row.save(update_fields=[*ENTERED, "version"])
    row.units.set(units)
    row.after.set(after)
    row = arrangements_of(plan).get(pk=row.pk)
    record(actor=by, verb="plan.rearrange", thing=row, unit=plan.unit_id, before=before, after=_in_words(row))
    return row


@transaction.atomic
def withdraw_arrangement(*, arrangement: Arrangement, because: str, by: User | None) -> None:
    """Take an arrangement back. One that never went down is deleted; tasks of others hear of it with the next issue."""
    plan = _locked(arrangement.plan)
    row = Arrangement.objects.get(pk=arrangement.pk)
    record(actor=by, verb="plan.withdraw", thing=row, unit=plan.unit_id, reason=because)
    if not row.issued:
        row.delete()
        return
    Arrangement.objects.filter(pk=row.pk).update(is_withdrawn=True, withdrawn_because=because, version=row.version + 1)


@transaction.atomic
def restore_arrangement(*, arrangement: Arrangement, by: User | None) -> None:
    """Let a withdrawn arrangement stand again; tasks follow with the next issue."""
    plan = _locked(arrangement.plan)
    Arrangement.objects.filter(pk=arrangement.pk).update(
        is_withdrawn=False, withdrawn_because="", version=arrangement.version + 1
    )
    record(actor=by, verb="plan.restore", thing=arrangement, unit=plan.unit_id)


@transaction.atomic
def take_arrangements(*, plan: Plan, arrangements: Sequence[Arrangement], by: User | None) -> list[Arrangement]:
    """Take arrangements of a plan above as templates: words, days, and what they wait for among those taken.

    Levels that do not lie under the plan's unit are left out; where none is left, they fall to the levels below it.
    """
    plan = _locked(plan)
    order = list(Level.values)
    own = order.index(plan.unit.level)
    rows = []
    for one in arrangements:
        levels = [level for level in one.levels if order.index(level) > own] or order[own + 1 :] or [plan.unit.level]
        rows.append({**{name: getattr(one, name) for name in ENTERED}, "levels": levels, "code": ""})
    made = _make(plan, rows)
    by_template = dict(zip([one.pk for one in arrangements], made, strict=True))
    for one in arrangements:
        by_template[one.pk].after.set(
            [by_template[pk] for pk in one.after.values_list("pk", flat=True) if pk in by_template]
        )
    record(
        actor=by, verb="plan.take", thing=plan, unit=plan.unit_id, after={"arrangements": [one.code for one in made]}
    )
    return made


@transaction.atomic
def import_arrangements(
    *, plan: Plan, rows: Sequence[tuple[Mapping[str, Any], Sequence[Unit], Sequence[str]]], by: User | None
) -> tuple[int, int]:
    """Take in a table of arrangements, each with its units and the numbers that it waits for; a number that there is
    is changed, any other added. Gives how many were added and how many changed. All or none."""
    plan = _locked(plan)
    present = {one.code: one for one in arrangements_of(plan)}
    fresh = [fields for fields, _units, _after in rows if fields["code"] not in present]
    made = {one.code: one for one in _make(plan, fresh)}
    for fields, _units, _after in rows:
        if one := present.get(fields["code"]):
            for name in ENTERED:
                setattr(one, name, fields[name])
            one.version += 1
            one.save(update_fields=[*ENTERED, "version"])
    everything = present | made
    for fields, units, after in rows:
        one = everything[fields["code"]]
        one.units.set(units)
        one.after.set([everything[code] for code in after])
    record(
        actor=by, verb="plan.import", thing=plan, unit=plan.unit_id,
        after={"added": sorted(made), "changed": sorted({fields["code"] for fields, _u, _a in rows} - set(made))},
    )  # fmt: skip
    return len(made), len(rows) - len(made)


def next_code(taken: Iterable[str]) -> str:
    """The number after the highest like P07 that is taken."""
    numbers = [int(found[1]) for code in taken if (found := re.fullmatch(r"P(\d{1,6})", code))]
    return f"P{max(numbers, default=0) + 1:02d}"


def _make(plan: Plan, rows: Sequence[Mapping[str, Any]]) -> list[Arrangement]:
    taken = set(Arrangement.objects.filter(plan=plan).values_list("code", flat=True))
    taken |= {row["code"] for row in rows if row.get("code")}
    made = []
    for row in rows:
        values = {name: row[name] for name in ENTERED if name in row}
        values["code"] = values.get("code") or next_code(taken)
        taken.add(values["code"])
        made.append(Arrangement(plan=plan, **values))
    return Arrangement.objects.bulk_create(made)


def _locked(plan: Plan) -> Plan:
    """The plan under its lock: its arrangements are changed by one person at a time, and not while it is frozen."""
    return Plan.objects.select_for_update(of=("self",)).select_related("unit", "edition").get(pk=plan.pk)


def _in_words(one: Arrangement) -> dict[str, Any]:
    return {
        **snapshot(one, ENTERED),
        "units": [unit.code for unit in one.units.all()],
        "after": sorted(other.code for other in one.after.all()),
    }
