"""A received archive becomes an edition: dates moved, tasks addressed anew. All of it or nothing, and once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from cyberweek.editions.actions import DayEntry, open_edition
from cyberweek.editions.enums import OrganiserRole
from cyberweek.editions.models import Edition
from cyberweek.editions.queries import editions_published
from cyberweek.handover.core import archive as packing
from cyberweek.handover.core import records
from cyberweek.handover.core.records import Contents, Template
from cyberweek.handover.models import Heritage, Reception
from cyberweek.handover.queries import is_known
from cyberweek.indicators.actions import take_dictionary
from cyberweek.kernel.actions import record
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.planning.actions import create_plan, import_arrangements
from cyberweek.readiness.actions.risks import raise_risk
from cyberweek.regions.enums import Level, Sector
from cyberweek.regions.models import Region, Unit
from cyberweek.regions.queries import units_named

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

KEPT: Final = ("tasks", "contacts", "items", "history", "lessons", "risks", "cases")  # for reading and comparing
_ROLES: Final = frozenset(OrganiserRole.values)


class Refused(Exception):  # noqa: N818 -- reads as the sentence it makes
    """What the data does not allow. `field` names the field that the message belongs to, "" for the whole."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Choice:
    """What the next host decides: the new edition, and for each unit of the archive that is named one of this house;
    a unit that is not there is left out."""

    slug: str
    year: int
    title: LocalizedText
    theme: LocalizedText
    starts: dt.date
    scope: Region
    host: Region
    owner: Unit
    units: Mapping[str, str]


@transaction.atomic
def take_over(*, reception: Reception, choice: Choice, by: User | None, now: dt.datetime) -> Edition:
    """The edition of a received archive; taken before, it is the one that was made then. Raises Refused."""
    reception = Reception.objects.select_for_update(of=("self",)).get(pk=reception.pk)
    if reception.edition:
        return reception.edition
    if not is_known(reception.key):
        raise Refused(_("Compare the fingerprint with the last host first."))
    if editions_published().filter(slug=choice.slug).exists():
        raise Refused(_("There is an edition of this name already."), "slug")
    contents = records.read(packing.unpack(bytes(reception.content)).files)
    units = {unit.code: unit for unit in units_named({*choice.units.values(), choice.owner.code})}
    found = {source: units[target] for source, target in choice.units.items() if target in units}
    edition = _open(contents, choice, found, by=by)
    left_out = _plan(contents, edition, found, by=by)
    rows = [_indicator(one) for one in contents.indicators]
    take_dictionary(edition=edition, rows=rows, source=reception.source, by=by, now=now)
    for risk in contents.risks:
        raise_risk(edition=edition, unit=found.get(risk.unit, edition.owner), fields=_risk(risk), by=by, now=now)
    Heritage.objects.bulk_create(
        Heritage(reception=reception, kind=kind, rows=msgspec.to_builtins(getattr(contents, kind))) for kind in KEPT
    )
    reception.edition, reception.taken, reception.taken_by, reception.left_out = edition, now, by, left_out
    reception.save(update_fields=["edition", "taken", "taken_by", "left_out"])
    record(
        actor=by, verb="hand-over.take", thing=reception, unit=edition.owner_id,
        after={"edition": edition.slug, "left_out": left_out},
    )  # fmt: skip
    return edition


def _open(contents: Contents, choice: Choice, units: Mapping[str, Unit], *, by: User | None) -> Edition:
    facts = contents.edition
    length = dt.date.fromisoformat(facts.ends) - dt.date.fromisoformat(facts.starts)
    edition = Edition(
        slug=choice.slug, year=choice.year, title=choice.title, theme=choice.theme, starts=choice.starts,
        ends=choice.starts + length, zone=facts.zone, scope=choice.scope, host=choice.host, owner=choice.owner,
    )  # fmt: skip
    days = [
        DayEntry(
            number=day.number, date=choice.starts + dt.timedelta(days=day.day), name=LocalizedText(day.name),
            lead=units.get(day.lead or ""),
        )
        for day in facts.theme_days
    ]  # fmt: skip
    roles: dict[Unit, str] = {choice.owner: OrganiserRole.LEAD.value}
    for one in contents.roles:
        if one.role in _ROLES and one.unit in units:
            roles.setdefault(units[one.unit], one.role if one.role != OrganiserRole.LEAD else OrganiserRole.CO.value)
    return open_edition(edition=edition, days=days, organisers=list(roles.items()), by=by)


def _plan(contents: Contents, edition: Edition, units: Mapping[str, Unit], *, by: User | None) -> list[str]:
    """The plan as a draft; gives the codes of units that were named and have no place here."""
    if contents.plan is None:
        return []
    plan = create_plan(
        edition=edition, unit=edition.owner, title=LocalizedText(contents.plan.title),
        preface=LocalizedText(contents.plan.preface), by=by,
    )  # fmt: skip
    days = {day.number: day for day in edition.theme_days.all()}
    rows = [
        (_arrangement(one, days), [units[code] for code in one.units if code in units], list(one.after))
        for one in contents.tasks
    ]
    import_arrangements(plan=plan, rows=rows, by=by)
    return sorted({code for one in contents.tasks for code in one.units if code not in units})


def _arrangement(one: Template, days: Mapping[int, Any]) -> dict[str, Any]:
    return {
        "code": one.code, "title": LocalizedText(one.title), "what": LocalizedText(one.what),
        "deliverables": LocalizedText(one.deliverables), "begins": one.begins, "due": one.due,
        "levels": [level for level in one.levels if level in Level.values],
        "sectors": [sector for sector in one.sectors if sector in Sector.values],
        "theme_day": days.get(one.theme_day or 0), "is_milestone": one.is_milestone,
        "needs_evidence": one.needs_evidence,
    }  # fmt: skip


def _risk(one: records.RiskFacts) -> dict[str, Any]:
    words = {name: LocalizedText(getattr(one, name)) for name in ("title", "cause", "effect")}
    return {**words, "likelihood": one.likelihood, "impact": one.impact}


def _indicator(one: records.IndicatorFacts) -> dict[str, Any]:
    facts = msgspec.structs.asdict(one)
    for name in ("least", "most", "most_capacity", "verify_above"):
        facts[name] = None if facts[name] is None else Decimal(facts[name])
    return {**facts, "name": LocalizedText(one.name), "definition": LocalizedText(one.definition)}
