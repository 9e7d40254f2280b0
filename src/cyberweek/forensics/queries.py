"""Reads of flags, and of the papers that the rules look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Count, QuerySet

from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.knowledge.core.chain import Entry
from cyberweek.knowledge.models import Contest, Exclusion
from cyberweek.knowledge.queries.rulings import ENTRIES, markers_of
from cyberweek.passport.queries import nicknames_of

from .core.inspection import Origins, Paper, paper_of
from .enums import FlagState
from .models import Flag, Inspection

_SUBMITS: Final = ENTRIES + "WHERE kind = 'submit' AND contest = %s AND batch <= %s ORDER BY batch, position"
_ORIGINS: Final = """
    SELECT id::text, encode(network, 'hex'), encode(device, 'hex') FROM passport_participant p
    WHERE (network IS NOT NULL OR device IS NOT NULL)
      AND EXISTS (SELECT FROM standing_best b WHERE (b.contest, b.participant) = (%s, p.id))
"""


class Suspect(NamedTuple):
    """A participant of a flag as the page shows them."""

    id: str
    nickname: str
    excluded: bool


def flags_of(contest: Contest) -> QuerySet[Flag]:
    """All flags of a contest, what is open and least likely by chance first."""
    return (
        Flag.objects.filter(contest=contest)
        .order_by("-state", "chance", "rule", "-found", "pk")
        .select_related("by", "contest")
    )


def open_flags_by_rule(contest: Contest) -> dict[str, int]:
    """How many flags of each rule wait for a reviewer."""
    waiting = Flag.objects.filter(contest=contest, state=FlagState.OPEN).order_by()
    return dict(waiting.values_list("rule").annotate(Count("pk")))


def last_inspection(contest: Contest) -> Inspection | None:
    return Inspection.objects.filter(contest=contest).first()


def suspects_of(contest: Contest, ids: Sequence[str]) -> list[Suspect]:
    """The participants of a flag with their nicknames, and who is excluded. Two queries."""
    keys = [UUID(id_) for id_ in ids]
    names = nicknames_of(keys)
    ruled = Exclusion.objects.filter(contest=contest, participant__in=keys, lifted=None)
    excluded = {str(who) for who in ruled.values_list("participant", flat=True)}
    return [Suspect(id_, names.get(id_, ""), id_ in excluded) for id_ in ids]


def errors_of(flag: Flag) -> list[dict[str, Any]]:
    """The items that two participants got wrong, with their questions; nothing for a flag of another rule."""
    rows = [row for row in flag.evidence if "item" in row]
    if not rows:
        return []
    stems = {
        (number, item.id): LocalizedText({str(tag): text for tag, text in item.stem.items()})
        for number, marker in markers_of(flag.contest).items()
        for item in marker.pack.bank
    }
    return [{**row, "stem": stems[row["release"], row["item"]]} for row in rows]


def origins_of(contest: Contest) -> Origins:
    """Where those who have handed in took their passports, as far as it is still kept."""
    with connection.cursor() as cursor:
        cursor.execute(_ORIGINS, [contest.slug])
        rows = cursor.fetchall()
    return Origins(
        {who: network for who, network, _ in rows if network}, {who: device for who, _, device in rows if device}
    )


def papers_of(contest: Contest, batch: int) -> Iterator[Paper]:
    """All papers handed in up to a batch, in the order in which they came in."""
    markers = markers_of(contest)
    with connection.chunked_cursor() as cursor:
        cursor.execute(_SUBMITS, [contest.slug, batch])
        while rows := cursor.fetchmany(2000):
            for row in rows:
                entry = Entry(*row)
                yield paper_of(entry, markers[entry.release])
