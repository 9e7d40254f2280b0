"""Writes of editions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import F
from django.dispatch import Signal
from django.utils.text import format_lazy
from django.utils.translation import gettext as _

from cyberweek.kernel.actions import record, snapshot
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.regions.enums import Provenance
from cyberweek.regions.models import Unit

from .core.stages import stages_from
from .enums import OrganiserRole, Stage
from .models import Edition, Organiser, ThemeDay
from .queries import day_number

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

EDITION_FIELDS: Final = ["title", "theme", "year", "starts", "ends", "zone", "scope", "host", "venue", "owner"]


class Refused(Exception):  # noqa: N818 -- reads as the sentence it makes
    """What the data does not allow. `field` names the field that the message belongs to, "" for the whole."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


# Sent inside the transaction that moves an edition, with `edition` and `delta`: apps above move what they hold.
edition_moved = Signal()


@transaction.atomic
def rehearse_edition(*, edition: Edition, day: int, by: User | None, now: dt.datetime) -> Edition:
    """Move the whole edition so that `now` falls on its day `day` (from 1); the true dates stay known and shown."""
    return _move(edition, dt.timedelta(days=day_number(edition, now=now) - day), verb="edition.rehearse", by=by)


@transaction.atomic
def end_rehearsal(*, edition: Edition, by: User | None) -> Edition:
    """Move the edition back to its true dates. Nothing happens when it is not being rehearsed."""
    return _move(edition, -(edition.rehearsal_shift or dt.timedelta()), verb="edition.end-rehearsal", by=by)


def _move(edition: Edition, delta: dt.timedelta, *, verb: str, by: User | None) -> Edition:
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    if not delta:
        return edition
    fields = ["starts", "ends", "rehearsal_shift"]
    before = snapshot(edition, fields)
    edition.starts += delta
    edition.ends += delta
    edition.rehearsal_shift = (edition.rehearsal_shift or dt.timedelta()) + delta or None
    edition.save(update_fields=fields)
    ThemeDay.objects.filter(edition=edition).update(date=F("date") + delta)
    edition_moved.send(sender=Edition, edition=edition, delta=delta)
    record(actor=by, verb=verb, thing=edition, unit=edition.owner_id, before=before, after=snapshot(edition, fields))
    return edition


@dataclass(frozen=True)
class DayEntry:
    """A theme day to be made."""

    number: int
    date: dt.date
    name: LocalizedText
    lead: Unit | None = None
    provenance: str = Provenance.OWN


@transaction.atomic
def open_edition(
    *, edition: Edition, days: Iterable[DayEntry], organisers: Iterable[tuple[Unit, str]], by: User | None
) -> Edition:
    """Make an edition (not saved yet) with its theme days and its organisers, these in the order of protocol."""
    edition.save(force_insert=True)
    ThemeDay.objects.bulk_create(ThemeDay(edition=edition, **vars(day)) for day in days)
    Organiser.objects.bulk_create(
        Organiser(edition=edition, unit=unit, role=role, order=order)
        for order, (unit, role) in enumerate(organisers, start=1)
    )
    record(
        actor=by, verb="edition.open", thing=edition, unit=edition.owner_id,
        after=snapshot(edition, ["slug", "year", "title", "theme", "starts", "ends", "zone", "stage"]),
    )  # fmt: skip
    return edition


@transaction.atomic
def edit_edition(*, edition: Edition, facts: dict[str, Any], by: User | None) -> Edition:
    """Change what an edition is (fields of EDITION_FIELDS). Where it is moved as a whole, its theme days move along.

    Raises Refused when a theme day would lie outside, and for dates while it is rehearsed. Activities keep their times.
    """
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    before = snapshot(edition, EDITION_FIELDS)
    starts, ends = facts.get("starts", edition.starts), facts.get("ends", edition.ends)
    moved = starts - edition.starts
    if (starts, ends) != (edition.starts, edition.ends):
        if edition.rehearsal_shift:
            raise Refused(_("The dates are moved for the rehearsal: end it before you change them."), "starts")
        if ends - edition.ends == moved:
            ThemeDay.objects.filter(edition=edition).update(date=F("date") + moved)
        elif stray := edition.theme_days.exclude(date__range=(starts, ends)).first():
            raise Refused(
                _("%(day)s on %(date)s would lie outside: change the theme days first.")
                % {"day": stray, "date": stray.date},
                "ends",
            )
    for name in facts.keys() & set(EDITION_FIELDS):
        setattr(edition, name, facts[name])
    edition.save(update_fields=EDITION_FIELDS)
    after = snapshot(edition, EDITION_FIELDS)
    record(actor=by, verb="edition.edit", thing=edition, unit=edition.owner_id, before=before, after=after)
    return edition


@transaction.atomic
def change_stage(*, edition: Edition, stage: str, by: User | None, reason: str = "") -> Edition:
    """Take an edition one stage on, or one back. Raises Refused for any other, and to start what is rehearsed."""
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    if stage not in stages_from(edition.stage):
        raise Refused(
            _("From “%(present)s” an edition does not go to “%(wanted)s”.")
            % {"present": Stage(edition.stage).label, "wanted": Stage(stage).label if stage in Stage else stage}
        )
    before = snapshot(edition, ["stage"])
    edition.stage = stage
    edition.save(update_fields=["stage"])
    after = snapshot(edition, ["stage"])
    record(
        actor=by, verb="edition.stage", thing=edition, unit=edition.owner_id, before=before, after=after, reason=reason
    )
    return edition


@transaction.atomic
def show_on_front_page(*, edition: Edition, by: User | None) -> None:
    """Make this the edition of the front page, in place of any other."""
    present = Edition.objects.select_for_update().filter(is_current=True).first()
    if present == edition:
        return
    Edition.objects.filter(is_current=True).update(is_current=False)
    Edition.objects.filter(pk=edition.pk).update(is_current=True)
    before = {"front_page": present}
    after = {"front_page": edition}
    record(actor=by, verb="edition.front-page", thing=edition, unit=edition.owner_id, before=before, after=after)


@transaction.atomic
def arrange_theme_days(*, edition: Edition, days: Iterable[tuple[ThemeDay | None, DayEntry]], by: User | None) -> None:
    """Make the theme days what the rows say: each changes the day beside it, or adds one; days without a row go.

    Activities of a day that goes have no theme day then. Raises Refused for a day outside the edition, and for a
    number or a date that stands twice.
    """
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    rows = list(days)
    for place, (_day, entry) in enumerate(rows):
        if not edition.starts <= entry.date <= edition.ends:
            raise Refused(_("%(day)s lies outside the edition's dates.") % {"day": entry.name}, f"date:{place}")
    for name in ("number", "date"):
        values = [getattr(entry, name) for _day, entry in rows]
        if twice := next((place for place, value in enumerate(values) if value in values[:place]), None):
            raise Refused(_("%(value)s stands twice.") % {"value": values[twice]}, f"{name}:{twice}")
    before = _days_in_words(edition)
    kept = [day.pk for day, _entry in rows if day]
    edition.theme_days.exclude(pk__in=kept).delete()
    edition.theme_days.update(number=F("number") + 1000)  # so that two days can change places
    for day, entry in rows:
        facts = {name: getattr(entry, name) for name in ("number", "date", "name", "lead")}
        if day:
            ThemeDay.objects.filter(pk=day.pk, edition=edition).update(**facts)
        else:
            ThemeDay.objects.create(edition=edition, **facts)
    after = _days_in_words(edition)
    record(actor=by, verb="edition.theme-days", thing=edition, unit=edition.owner_id, before=before, after=after)


@transaction.atomic
def arrange_organisers(*, edition: Edition, organisers: Iterable[tuple[Unit, str]], by: User | None) -> None:
    """Make the organisers these, in this order of protocol. Raises Refused without a lead, and for a unit named twice."""
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    rows = list(organisers)
    units = [unit.pk for unit, _role in rows]
    if twice := next((place for place, pk in enumerate(units) if pk in units[:place]), None):
        raise Refused(_("%(unit)s stands twice.") % {"unit": rows[twice][0]}, f"unit:{twice}")
    if not any(role == OrganiserRole.LEAD for _unit, role in rows):
        raise Refused(_("One of them must be the lead organiser."))
    before = _organisers_in_words(edition)
    edition.organisers.all().delete()
    Organiser.objects.bulk_create(
        Organiser(edition=edition, unit=unit, role=role, order=order)
        for order, (unit, role) in enumerate(rows, start=1)
    )
    after = _organisers_in_words(edition)
    record(actor=by, verb="edition.organisers", thing=edition, unit=edition.owner_id, before=before, after=after)


def _days_in_words(edition: Edition) -> dict[str, Any]:
    days = edition.theme_days.order_by("number")
    return {"theme_days": [format_lazy("{} {} {}", day.number, day.date, day.name) for day in days]}


def _organisers_in_words(edition: Edition) -> dict[str, Any]:
    rows = _organisers(edition)
    return {"organisers": [format_lazy("{} ({})", one.unit, OrganiserRole(one.role).label) for one in rows]}


def _organisers(edition: Edition) -> list[Organiser]:
    return list(edition.organisers.select_related("unit").order_by("order"))
