"""Reads behind rulings: the result as it stands, a participant's papers, what a regrade would be made from."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import connection

from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.knowledge.core.chain import Entry, ReceiptRefusedError, read_receipt, signing_key
from cyberweek.knowledge.core.marking import Marker
from cyberweek.knowledge.core.rulings import Rulings, rulings_of
from cyberweek.knowledge.models import Contest, Release
from cyberweek.passport.models import Participant
from cyberweek.regions.models import Region

from . import ledger_head, pack_of

ENTRIES: Final = """
    SELECT kind, day::text, attempt::text, contest, participant::text, region, ordinal, release, at_ms, answers, answered,
           correct, score, seconds, team FROM ledger_entry
"""
_STARTS: Final = ENTRIES + "WHERE kind = 'start' AND participant = %s AND contest = %s ORDER BY at_ms DESC"
_KEPT: Final = ENTRIES + "WHERE kind IN ('submit', 'step') AND (attempt, day) = (%s, %s) ORDER BY batch, position"
_RULINGS: Final = (
    ENTRIES
    + "WHERE kind IN ('exclude', 'readmit', 'regrade') AND contest = %s AND batch <= %s ORDER BY batch, position"
)
_PAPERS: Final = ENTRIES + "WHERE kind IN ('submit', 'step') AND contest = %s AND batch <= %s"

# -- The result as it stands --


class PresentResult(NamedTuple):
    """The fields of a `ResultVersion` that the standings give."""

    batch: int
    head: str
    participants: int
    papers: int
    tops: dict[str, list[list[Any]]]


def present_result(contest: Contest) -> PresentResult:
    """The first twenty of the nation, its provinces and the edition's own regions, as of one batch: one statement, so
    that no count of the standings falls in between."""
    scope = contest.edition.scope
    nation = scope.ancestry[0]
    regions = [
        nation,
        scope.code,
        *Region.objects.filter(parent__in=[nation, scope.code]).values_list("code", flat=True),
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT p.batch, coalesce(encode(b.head, 'hex'), ''), coalesce(r.participants, 0), coalesce(r.papers, 0), (
                SELECT coalesce(json_object_agg(region, rows), '{}')::text FROM (
                    SELECT region, json_agg(json_build_array(participant, score, seconds)
                                            ORDER BY score DESC, seconds, at_ms, attempt) AS rows
                    FROM standing_top WHERE contest = %(contest)s AND region = ANY(%(regions)s) GROUP BY region
                ) AS tops)
            FROM standing_progress p LEFT JOIN ledger_batch b ON b.number = p.batch
            LEFT JOIN standing_region r ON (r.contest, r.region) = (%(contest)s, %(nation)s)
            """,
            {"contest": contest.slug, "regions": regions, "nation": nation},
        )
        batch, head, participants, papers, tops = cursor.fetchone()
    return PresentResult(batch, head, participants, papers, json.loads(tops))


# -- One participant --


class Answer(NamedTuple):
    """One item of a paper: what was ticked and what is right, as letters of the release; `right` by today's key."""

    item: str
    stem: LocalizedText
    given: str
    key: str
    right: bool


class Paper(NamedTuple):
    """A paper as a reviewer sees it. `score` is what the player was told, `counts` what it counts for now."""

    attempt: str
    release: int
    started: dt.datetime
    handed_in: dt.datetime | None
    seconds: int
    score: int
    counts: int
    steps: int
    answers: list[Answer]


def has_begun(contest: Contest, participant: UUID) -> bool:
    """True when this participant has begun a paper in the contest."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM ledger_entry WHERE kind = 'start' AND participant = %s AND contest = %s LIMIT 1",
            [participant, contest.slug],
        )
        return cursor.fetchone() is not None


def participant_named(contest: Contest, text: str) -> UUID | None:
    """Whom a participant's number, or the receipt of one of their papers in this contest, stands for."""
    text = "".join(text.split())
    try:
        found = UUID(text)
    except ValueError:
        try:
            receipt, _head = read_receipt(text, signing_key(settings.SECRET_KEY).public_key())
        except ReceiptRefusedError:
            return None
        _kind, _day, _attempt, of, participant, *_rest = receipt.entry.decode().split("\t")
        found = UUID(participant)
        if of != contest.slug:
            return None
    return found if has_begun(contest, found) else None


def nickname_of(participant: UUID) -> str:
    """Empty when it has been deleted."""
    return Participant.objects.filter(pk=participant).values_list("nickname", flat=True).first() or ""


def papers_of(contest: Contest, participant: UUID) -> list[Paper]:
    """All papers of one participant in a contest, newest first: found by the index on starts, then by attempt."""
    starts = _entries(
        _STARTS,
        [participant, contest.slug],
    )
    markers = markers_of(contest)
    later = markers.get(rulings_up_to(contest, ledger_head().batch).regrades.get(contest.slug, 0))
    return [_paper(start, _kept(start), markers, later) for start in starts]


def _kept(start: Entry) -> list[Entry]:
    """What came in of an attempt that counts: its submit, or the steps of a run; the last one last."""
    return list(
        _entries(
            _KEPT,
            [start.attempt, start.day],
        )
    )


def _entries(query: str, parameters: Sequence[str | int | UUID]) -> Iterator[Entry]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        yield from (Entry(*row) for row in cursor.fetchall())


def _releases(contest: Contest) -> list[Release]:
    return list(Release.objects.filter(contest=contest.slug, published__isnull=False).order_by("number"))


def _paper(start: Entry, kept: list[Entry], markers: dict[int, Marker], later: Marker | None) -> Paper:
    marker = markers[start.release]
    last = kept[-1] if kept else None
    shown = last or start
    if later and later.pack.number <= start.release:
        later = None
    items = [marker.pack.bank[place] for place in marker.deck.draw(
        start.participant, start.day, start.ordinal).items]  # fmt: skip
    given = shown.answers.split(",") if last else []
    marks = marker.mark(shown, later) if last else None
    keys = marker.keys(later)
    bank = {item.id: place for place, item in enumerate(marker.pack.bank)}
    answers = [
        Answer(
            item.id, LocalizedText({str(tag): text for tag, text in item.stem.items()}), mark.upper(),
            keys[bank[item.id]].upper(), bool(mark) and mark == keys[bank[item.id]],
        )
        for item, mark in zip(items, given, strict=False)
    ]  # fmt: skip
    return Paper(
        start.attempt, start.release, _instant(start.at_ms), _instant(last.at_ms) if last else None, shown.seconds,
        shown.score, marks.score if marks else 0, sum(entry.kind == "step" for entry in kept), answers,
    )  # fmt: skip


def _instant(at_ms: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(at_ms / 1000, dt.UTC)


# -- The ledger, for a regrade and for the hash of an earlier result --


def rulings_up_to(contest: Contest, batch: int) -> Rulings:
    """What the contest's rulings come to, as of a batch of the ledger."""
    return rulings_of(
        _entries(
            _RULINGS,
            [contest.slug, batch],
        )
    )


def papers_up_to(contest: Contest, batch: int) -> Iterator[Entry]:
    """Every submit and step of a contest up to a batch, a chunk at a time: read it outside of a transaction's rush."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            _PAPERS,
            [contest.slug, batch],
        )
        while rows := cursor.fetchmany(2000):
            yield from (Entry(*row) for row in rows)


def papers_handed_in(contest: Contest, batch: int) -> int:
    """How many entries `papers_up_to` will give."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM ledger_entry WHERE kind IN ('submit', 'step') AND contest = %s AND batch <= %s",
            [contest.slug, batch],
        )
        return int(cursor.fetchone()[0])


def is_outrun(contest: Contest, *, release: int, batch: int) -> bool:
    """True when the ledger has since got papers that a regrade to this release would mark again, or rulings."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM ledger_entry WHERE batch > %s AND contest = %s AND"
            " (kind IN ('exclude', 'readmit', 'regrade') OR (kind IN ('submit', 'step') AND release < %s)))",
            [batch, contest.slug, release],
        )
        return bool(cursor.fetchone()[0])


def markers_of(contest: Contest) -> dict[int, Marker]:
    """The contest's published releases by number, prepared for marking."""
    return {release.number: Marker(pack_of(release)) for release in _releases(contest)}


def ancestry_of_regions() -> dict[str, list[str]]:
    """Codes from the nation down, of every region."""
    return dict(Region.objects.values_list("code", "ancestry"))
