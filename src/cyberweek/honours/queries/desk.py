"""What organisers read: every read starts from `calls_visible_to` or `entries_visible_to`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from cyberweek.honours.core.blindness import needles
from cyberweek.honours.enums import AwardLevel, EntryState, State
from cyberweek.honours.models import Call, Entry, Juror, Move, Objection, Result
from cyberweek.honours.rules import BLIND, Part
from cyberweek.kernel.queries import says
from cyberweek.regions.models import Post, Region, Unit
from cyberweek.regions.queries import Scope, scope_of, units_changeable_by

if TYPE_CHECKING:
    from cyberweek.accounts.models import User


def calls_visible_to(user: User, scope: Scope | None = None) -> QuerySet[Call]:
    """Calls of one's units, those below and of the same region; and, once open, those of the units above."""
    scope = scope or scope_of(user)
    above = {pk for line in Unit.objects.filter(pk__in=scope.units).values_list("ancestry", flat=True) for pk in line}
    seen = scope.seeing("owner") | Q(~Q(state=State.DRAFT), owner__in=above)
    return Call.objects.filter(seen).select_related("owner", "owner__region", "edition")


def with_call_counts(calls: QuerySet[Call]) -> QuerySet[Call]:
    """The calls with `n_entries` (sent in), `n_jurors` and `n_published`."""
    sent = Entry.objects.filter(call=OuterRef("pk"), state=EntryState.SUBMITTED).order_by().values("call")
    jurors = Juror.objects.filter(call=OuterRef("pk")).order_by().values("call")
    return calls.annotate(
        n_entries=Coalesce(Subquery(sent.annotate(n=Count("pk")).values("n")), 0),
        n_jurors=Coalesce(Subquery(jurors.annotate(n=Count("pk")).values("n")), 0),
    )


def part_of(user: User, call: Call, scope: Scope | None = None) -> Part:
    """What the person is to the call: two queries, three without a scope."""
    scope = scope or scope_of(user)
    own = Entry.objects.filter(call=call, state=EntryState.SUBMITTED).filter(Q(unit__in=scope.units) | Q(by=user))
    return Part(
        scope=scope,
        is_juror=Juror.objects.filter(call=call, person=user).exists(),
        is_interested=own.exists(),
    )


def entries_visible_to(user: User, scope: Scope | None = None) -> QuerySet[Entry]:
    """Entries of one's own units and those below; and what was sent in to calls that one leads.

    Narrower than the scope of plans: units of the same region do not see each other's entries, and who sits on a jury
    sees none of its call's but their own branch's (which they cannot judge) until scoring has ended.
    """
    scope = scope or scope_of(user)
    own = Q(unit__ancestry__overlap=list(scope.units))
    sits = Exists(Juror.objects.filter(call=OuterRef("call"), person=user))
    led = Q(
        state__in=[EntryState.SUBMITTED, EntryState.WITHDRAWN], call__owner__ancestry__overlap=list(scope.reviewing)
    )
    seen = own | (led & (~Q(sits) | ~Q(call__state__in=BLIND)))
    return Entry.objects.filter(seen).select_related("unit", "unit__region", "call", "call__owner", "call__edition")


def call_counts(calls: QuerySet[Call]) -> dict[str, int]:
    """How many of the calls are in each state; states without any are 0."""
    found = dict(calls.order_by().values_list("state").annotate(n=Count("pk")))
    return {state: found.get(state, 0) for state in State.values}


def units_that_call(scope: Scope) -> QuerySet[Unit]:
    """Units in whose name the person may call for cases."""
    return Unit.objects.filter(scope.deciding())


def award_label(level: str) -> str:
    """The award's name in the active language."""
    return str(AwardLevel(level).label)


def entries_asked(rows: QuerySet[Entry], *, q: str = "", theme: str = "", state: str = "") -> QuerySet[Entry]:
    """Of the entries those that are asked for."""
    if q:
        rows = rows.filter(Q(unit__code__icontains=q) | says(q, "title", "unit__name"))
    if theme:
        rows = rows.filter(theme=theme)
    if state:
        rows = rows.filter(state=state)
    return rows


def entry_counts(rows: QuerySet[Entry]) -> dict[str, int]:
    """How many of the rows are in each state; states without any are 0."""
    found = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    return {state: found.get(state, 0) for state in EntryState.values}


def units_addressed(user: User, call: Call, scope: Scope | None = None) -> QuerySet[Unit]:
    """Units for which the person may enter a case."""
    units = units_changeable_by(user, scope).filter(ancestry__contains=[call.owner_id])
    if call.levels:
        units = units.filter(level__in=call.levels)
    if call.sectors:
        units = units.filter(sector__in=call.sectors)
    return units


def names_behind(entries: Collection[Entry]) -> dict[int, list[str]]:
    """What would give each entry away (`core.blindness`): its unit and those between it and the unit that calls, their
    regions below that of the call, the people of the unit and the contact. Three queries.

    Wants `unit.region` and `call.owner.region` fetched.
    """
    entries = list(entries)
    between = {one.pk: set(one.unit.ancestry) - set(one.call.owner.ancestry) for one in entries}
    places = {one.pk: set(one.unit.region.ancestry) - set(one.call.owner.region.ancestry) for one in entries}
    units = {unit.pk: unit for unit in Unit.objects.filter(pk__in=set().union(*between.values()))}
    regions = {region.pk: region for region in Region.objects.filter(pk__in=set().union(*places.values()))}
    people: dict[int, list[str]] = defaultdict(list)
    for unit, name in Post.objects.filter(unit__in={one.unit_id for one in entries}).values_list(
        "unit", "person__name"
    ):
        people[unit].append(name)
    found = {}
    for one in entries:
        names = [one.unit.code, *one.unit.name.values(), one.contact_name, one.contact, *people[one.unit_id]]
        for pk in between[one.pk] & set(units):
            names += [units[pk].code, *units[pk].name.values()]
        for code in places[one.pk] & set(regions):
            names += regions[code].name.values()
        found[one.pk] = needles(names)
    return found


def moves_of(call: Call) -> QuerySet[Move]:
    """Its history, last first."""
    return Move.objects.filter(call=call).select_related("by").order_by("-id")


def results_of(call: Call) -> QuerySet[Result]:
    """The outcome, best first, with the entry, its unit and its award."""
    rows = Result.objects.filter(entry__call=call).select_related(
        "entry", "entry__unit", "entry__unit__region", "entry__award"
    )
    return rows.order_by("-corrected", "entry__number")


def objections_of(call: Call) -> QuerySet[Objection]:
    rows = Objection.objects.filter(call=call).select_related("entry", "entry__unit", "by", "decided_by")
    return rows.order_by("decided_at", "id")
