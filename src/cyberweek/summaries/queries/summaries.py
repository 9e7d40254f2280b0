"""Summaries at the desk: whose one sees, what was written, versions, who owes one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Q, QuerySet, Subquery

from cyberweek.editions.models import Edition
from cyberweek.regions.models import Unit
from cyberweek.regions.queries import Scope, units_visible_to
from cyberweek.summaries.core.deadlines import due_on
from cyberweek.summaries.enums import State
from cyberweek.summaries.models import Lesson, Link, Publication, Section, Summary, Version

if TYPE_CHECKING:
    from cyberweek.accounts.models import User


def units_with_a_summary(user: User, scope: Scope, edition: Edition) -> QuerySet[Unit]:
    """The units whose summaries a person may open: those that they see, within the edition's region, and the units
    right above their own, which took theirs in."""
    above = Q(children__in=scope.units)
    found = Unit.objects.filter(Q(pk__in=units_visible_to(user, scope).values("pk")) | above)
    return found.filter(region__ancestry__contains=[edition.scope_id]).select_related("region", "parent").distinct()


def summary_of(edition: Edition, unit: Unit) -> Summary | None:
    """What there is of it; None where nobody has touched it yet."""
    return Summary.objects.filter(edition=edition, unit=unit).select_related("unit", "edition").first()


def sections_of(summary: Summary | None) -> dict[str, Section]:
    """What people wrote, by part."""
    if summary is None:
        return {}
    return {one.part: one for one in Section.objects.filter(summary=summary).select_related("changed_by")}


def lessons_of(edition: Edition, unit: Unit) -> QuerySet[Lesson]:
    """The unit's own."""
    return Lesson.objects.filter(edition=edition, unit=unit).select_related("unit")


def lessons_below(edition: Edition, unit: Unit) -> QuerySet[Lesson]:
    """Those of the units right under it that were sent up with their summaries."""
    sent = Summary.objects.filter(edition=edition, state__in=[State.SENT, State.TAKEN]).values("unit")
    rows = Lesson.objects.filter(edition=edition, unit__parent=unit, unit__in=sent)
    return rows.select_related("unit").order_by("unit__code", "pk")


def versions_of(summary: Summary | None) -> QuerySet[Version]:
    """All, the newest first, without their content."""
    rows = Version.objects.filter(summary=summary) if summary else Version.objects.none()
    return rows.select_related("by", "publication").defer("content").order_by("-number")


def latest_version(summary: Summary | None) -> Version | None:
    """The newest, with its content."""
    return Version.objects.filter(summary=summary).order_by("-number").first() if summary else None


def published_versions(edition: Edition) -> QuerySet[Version]:
    """Of each unit the newest version that the public may read; from the top of the tree down."""
    newest = Publication.objects.filter(version__summary=OuterRef("summary")).order_by("-version__number")
    rows = Version.objects.filter(summary__edition=edition, pk=Subquery(newest.values("version")[:1]))
    return rows.select_related("summary__unit__region", "summary__edition", "publication").order_by(
        "summary__unit__ancestry"
    )


def link_of(code: str) -> Link | None:
    """The figure behind a short link."""
    found = Link.objects.filter(pk=code)
    return found.select_related(
        "version__summary__unit__region", "version__summary__unit__parent", "version__summary__edition__scope",
        "version__publication",
    ).first()  # fmt: skip


def is_public(version: Version) -> bool:
    """True once it is published, itself or as a later version's forerunner that was not taken back."""
    return hasattr(version, "publication")


def due_day(edition: Edition, unit: Unit) -> dt.date:
    """The last day for the unit's summary, in the edition's zone."""
    shift = edition.rehearsal_shift or dt.timedelta()
    return due_on(unit.level, year=edition.year, ends=edition.true_ends, shift=shift)


@dataclass(frozen=True)
class Owed:
    """A unit right under another, and how far its summary is."""

    unit: Unit
    state: str  # of `enums.State`
    sent: int | None
    reminded: dt.datetime | None

    @property
    def is_in(self) -> bool:
        return self.state in {State.SENT, State.TAKEN}


def units_owing(edition: Edition, unit: Unit) -> QuerySet[Unit]:
    """The units right under one that owe it a summary, with `summary_state`, `summary_sent`, `summary_reminded`: those
    that have not sent it first."""
    own = Summary.objects.filter(edition=edition, unit=OuterRef("pk"))
    return (
        Unit.objects.filter(parent=unit, region__ancestry__contains=[edition.scope_id])
        .select_related("region")
        .annotate(
            summary_state=Subquery(own.values("state")[:1]),
            summary_sent=Subquery(own.values("sent")[:1]),
            summary_reminded=Subquery(own.values("reminded")[:1]),
        )
        .order_by("code")
    )


def owed_to(edition: Edition, unit: Unit, *, limit: int = 400) -> list[Owed]:
    """Who owes the unit a summary, and how far each is: one query."""
    return as_owed(units_owing(edition, unit)[:limit])


def as_owed(rows: Iterable[Unit]) -> list[Owed]:
    """The rows of `units_owing` with their names."""
    made = []
    for row in rows:
        state, sent, reminded = (getattr(row, f"summary_{name}") for name in ("state", "sent", "reminded"))
        made.append(Owed(row, state or State.DRAFT, sent, reminded))
    return made


def still_owing(edition: Edition, units: QuerySet[Unit]) -> QuerySet[Unit]:
    """Of these those that have not sent theirs."""
    sent = Summary.objects.filter(edition=edition, state__in=[State.SENT, State.TAKEN]).values("unit")
    return units.exclude(pk__in=sent)


def versions_public(edition: str, unit: str) -> QuerySet[Version]:
    """Those that the public may read, by the edition's short name and the unit's code."""
    rows = Version.objects.filter(summary__edition__slug=edition, summary__unit__code=unit, publication__isnull=False)
    return rows.select_related("summary__unit__region", "summary__edition", "publication")
