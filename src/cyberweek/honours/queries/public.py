"""What the public reads: the casebook over all editions, and calls that are open, under objection or decided."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import IntegerField, QuerySet, Value
from django.db.models.expressions import Case, When

from cyberweek.editions.models import Edition
from cyberweek.honours.enums import AwardLevel, State
from cyberweek.honours.models import Award, Call, Entry, Objection
from cyberweek.kernel.queries import says

_TEXTS = ("title", "problem", "practice", "result", "reuse", "unit__name")


def cases_published() -> QuerySet[Entry]:
    """The casebook: what was awarded, with the unit's consent, in any edition; the newest first, then by award."""
    height = Case(
        *[When(award__level=level, then=Value(n)) for n, level in enumerate(AwardLevel.values)],
        default=Value(9),
        output_field=IntegerField(),
    )
    rows = Entry.objects.filter(published_at__isnull=False, award__isnull=False)
    rows = rows.select_related("unit", "unit__region", "call", "call__edition", "call__owner", "award")
    return rows.annotate(height=height).order_by("-call__edition__year", "height", "-published_at", "id")


@dataclass(frozen=True)
class Asked:
    """What a visitor asks of the casebook; what is empty is not asked."""

    q: str = ""
    theme: str = ""
    sector: str = ""
    level: str = ""
    year: int | None = None
    kind: str = ""

    def n(self) -> int:
        return sum(map(bool, (self.q, self.theme, self.sector, self.level, self.year, self.kind)))


def narrowed(cases: QuerySet[Entry], asked: Asked) -> QuerySet[Entry]:
    """Of the cases those that are asked for; every word of `q` has to stand somewhere, in any language."""
    for word in asked.q.split()[:8]:
        cases = cases.filter(says(word, *_TEXTS))
    exact = {
        "theme": asked.theme,
        "unit__sector": asked.sector,
        "unit__level": asked.level,
        "call__edition__year": asked.year,
        "kind": asked.kind,
    }
    return cases.filter(**{name: value for name, value in exact.items() if value})


def years_with_cases() -> list[int]:
    """Newest first."""
    rows = Entry.objects.filter(published_at__isnull=False).order_by().values_list("call__edition__year", flat=True)
    return sorted(set(rows.distinct()), reverse=True)


def calls_announced(edition: Edition) -> QuerySet[Call]:
    """Calls of an edition that the public may know of: all but drafts."""
    rows = Call.objects.filter(edition=edition).exclude(state=State.DRAFT)
    return rows.select_related("owner", "edition").order_by("closes", "id")


def shortlist_of(call: Call) -> QuerySet[Award]:
    """The awards, proposed or given, highest first; empty before they are announced."""
    rows = Award.objects.filter(entry__call=call).select_related("entry", "entry__unit", "entry__unit__region")
    if call.state not in {State.OBJECTION, State.PUBLISHED}:
        return rows.none()
    height = Case(
        *[When(level=level, then=Value(n)) for n, level in enumerate(AwardLevel.values)], output_field=IntegerField()
    )
    return rows.annotate(height=height).order_by("height", "entry__number")


def cases_like(case: Entry) -> QuerySet[Entry]:
    """Others of the same theme, a few."""
    return cases_published().filter(theme=case.theme).exclude(pk=case.pk)[:3]


def objections_decided(call: Call) -> QuerySet[Objection]:
    """How objections were answered, once the cases are published; who objected is not said."""
    rows = Objection.objects.filter(call=call, upheld__isnull=False).select_related("entry").order_by("id")
    return rows if call.state == State.PUBLISHED else rows.none()
