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
from cyberweek.knowledge.models import Contest
from cyberweek.knowledge.queries import ledger_head
from cyberweek.knowledge.queries.rulings import ENTRIES, markers_of, rulings_up_to
from cyberweek.passport.models import Claim
from cyberweek.passport.queries import claims_for, nicknames_of

_SUBMITS: Final = ENTRIES + "WHERE kind = 'submit' AND contest = %s AND batch <= %s AND day BETWEEN %s AND %s"


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


def entries_until(contest: Contest, commit: Commit, batch: int) -> list[str]:
    """Who takes part, as the ledger says up to a batch; reads all submits of the contest, or of the day."""
    rulings = rulings_up_to(contest, batch)
    markers = markers_of(contest) if rulings.regrades else {}
    pool = Pool(contest.slug, commit, {(contest.slug, number): one for number, one in markers.items()}, rulings)
    for entry in _submits(contest.slug, commit.day, batch):
        pool.add(entry)
    return pool.entries()


def _submits(contest: str, day: str, batch: int) -> Iterator[Entry]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(_SUBMITS, [contest, batch, day or "-infinity", day or "infinity"])
        for row in cursor:
            yield Entry(*row)


def winners_of(draw: Draw, *, now: dt.datetime) -> list[Winner]:
    """Prizes and reserve in order, with nicknames and claims, as things stand. Four queries."""
    excluded = {participant for _, participant in rulings_up_to(draw.contest, ledger_head().batch).excluded}
    names, claims = nicknames_of(draw.winners), claims_for(draw.award, contest=draw.contest.slug)
    placed, given = [], 0
    for place, id_ in enumerate(draw.winners, 1):
        claim = claims.get(id_)
        lapsed = claim is not None and claim.lapsed(now)
        wins = id_ not in excluded and not lapsed and given < draw.prizes
        given += wins
        placed.append(Winner(place, names.get(id_, ""), id_, id_ in excluded, lapsed, wins, claim))
    return placed


def place_of(winners: Sequence[Winner], participant: str) -> int:
    """Where in the list somebody stands, counted from 0; 0 for whoever does not."""
    return next((n for n, winner in enumerate(winners) if winner.id == participant), 0)


def to_invite(draw: Draw, *, now: dt.datetime) -> list[UUID]:
    """Who wins as things stand and was not invited yet, in the order of the draw."""
    return [UUID(one.id) for one in winners_of(draw, now=now) if one.wins and one.claim is None]
