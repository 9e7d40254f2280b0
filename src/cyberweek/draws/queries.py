"""Reads of draws, and of what the ledger says about them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from cyberweek.draws.core.draws import Commit, Pool
from cyberweek.draws.models import Draw
from cyberweek.knowledge.core.chain import Entry
from cyberweek.knowledge.core.marking import Marker
from cyberweek.knowledge.core.rulings import RULINGS, Rulings, rulings_of
from cyberweek.knowledge.models import Contest, Release
from cyberweek.knowledge.queries import pack_of
from cyberweek.passport.models import Claim, Participant
from cyberweek.passport.queries import claims_for

_COLUMNS: Final = (
    "kind, day::text, attempt::text, contest, participant::text, region, ordinal, release, at_ms, answers, answered,"
    " correct, score, seconds, team"
)
_RULINGS: Final = f"SELECT {_COLUMNS} FROM ledger_entry WHERE kind = ANY(%s) AND contest = %s AND batch <= %s ORDER BY batch, position"  # noqa: S608 -- constants only
_SUBMITS: Final = f"SELECT {_COLUMNS} FROM ledger_entry WHERE kind = 'submit' AND contest = %s AND batch <= %s AND day BETWEEN %s AND %s"  # noqa: S608 -- as above
_NEWEST: Final = "SELECT coalesce(max(number), 0) FROM ledger_batch"
NO_LIMIT: Final = 2**62


class Winner(NamedTuple):
    place: int
    nickname: str
    id: str
    excluded: bool
    """Ruled out since; the prize goes to the next of the reserve."""
    lapsed: bool
    """Invited, and left no contact while there was time; the prize goes to the next of the reserve as well."""
    wins: bool
    claim: Claim | None

    @property
    def result(self) -> str:
        if self.excluded:
            return "excluded"
        return "lapsed" if self.lapsed else "wins" if self.wins else "reserve"


def draws_of(contest: Contest) -> QuerySet[Draw]:
    """A contest's draws, latest first, without their lists of entries."""
    return Draw.objects.filter(contest=contest).select_related("contest").defer("entries")


def has_draws(contest: Contest) -> bool:
    """Whether a draw has been announced."""
    return Draw.objects.filter(contest=contest).exists()


def draws_to_freeze(now: dt.datetime) -> list[Draw]:
    """Draws whose papers are all in and whose public number is not known yet."""
    waiting = Draw.objects.filter(frozen_at=None, known_at__gt=now).select_related("contest")
    return [draw for draw in waiting if draw.all_in_at <= now]


def newest_batch() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST)
        (number,) = cursor.fetchone()
    return int(number)


def rulings_until(contest: str, batch: int = NO_LIMIT) -> Rulings:
    """What the rulings on a contest come to, up to a batch."""
    with connection.cursor() as cursor:
        cursor.execute(_RULINGS, [list(RULINGS), contest, batch])
        return rulings_of(Entry(*row) for row in cursor.fetchall())


def entries_until(contest: str, commit: Commit, batch: int) -> list[str]:
    """Who takes part, as the ledger says up to a batch; reads all submits of the contest, or of the day."""
    rulings = rulings_until(contest, batch)
    releases = Release.objects.filter(contest=contest, published__isnull=False) if rulings.regrades else ()
    markers = {(contest, release.number): Marker(pack_of(release)) for release in releases}
    pool = Pool(contest, commit, markers, rulings)
    for entry in _submits(contest, commit.day, batch):
        pool.add(entry)
    return pool.entries()


def _submits(contest: str, day: str, batch: int) -> Iterator[Entry]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(_SUBMITS, [contest, batch, day or "-infinity", day or "infinity"])
        for row in cursor:
            yield Entry(*row)


def winners_of(draw: Draw, *, now: dt.datetime) -> list[Winner]:
    """Prizes and reserve in order, with nicknames and claims, as things stand. Three queries."""
    excluded = {participant for _, participant in rulings_until(draw.contest.slug).excluded}
    names, claims = nicknames(draw.winners), claims_for(draw.award, contest=draw.contest.slug)
    placed, given = [], 0
    for place, id_ in enumerate(draw.winners, 1):
        claim = claims.get(id_)
        lapsed = claim is not None and claim.lapsed(now)
        wins = id_ not in excluded and not lapsed and given < draw.prizes
        given += wins
        placed.append(Winner(place, names.get(id_, ""), id_, id_ in excluded, lapsed, wins, claim))
    return placed


def to_invite(draw: Draw, *, now: dt.datetime) -> list[UUID]:
    """Who wins as things stand and was not invited yet, in the order of the draw."""
    return [UUID(one.id) for one in winners_of(draw, now=now) if one.wins and one.claim is None]


def nicknames(ids: Sequence[str]) -> dict[str, str]:
    rows = Participant.objects.filter(pk__in=[UUID(id_) for id_ in ids]).values_list("pk", "nickname")
    return {str(pk): nickname for pk, nickname in rows}
