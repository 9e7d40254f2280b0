"""An attempt: start, save, submit. All three answer only when the ledger holds them."""

import os
from typing import TYPE_CHECKING, Annotated, Final

import msgspec

from cyberweek.arena.http import Request, Response
from cyberweek.arena.ledger import Start, Stored, find_submit, with_proof
from cyberweek.arena.problems import Problem
from cyberweek.arena.releases import Release
from cyberweek.arena.tickets import Ticket
from cyberweek.arena.times import as_instant
from cyberweek.knowledge.core.chain import Entry
from cyberweek.knowledge.core.grading import AnswersRefusedError, Marked, mark_paper

if TYPE_CHECKING:
    from cyberweek.arena.app import Arena


class Sent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a client sends to save or submit. A missing ticket is a 401, so the form allows it."""

    answers: dict[str, tuple[str, ...]]
    ticket: str | None = None
    number: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)] | None = None
    """A save's own number, any: sent again with the same one it is the same save, and is written once."""


_SENT: Final = msgspec.json.Decoder(Sent)


async def start(arena: "Arena", request: Request, contest: str) -> Response:
    arena.ledger.check_room()
    await request.body()  # it means nothing, but it has a limit
    now = arena.clock.now_ms()
    passport = arena.office.passport(request.header("authorization"), now)
    release = arena.releases.newest(contest)
    if not release.opens_ms <= now < release.closes_ms:
        raise Problem("not-open", opens=release.pack.opens.isoformat(), closes=release.pack.closes.isoformat())
    today, earliest = release.local_day(now), release.local_day(now - release.pack.minutes * 60_000)
    entry = Entry(
        "start", today, _new_attempt(now), contest, passport.participant, passport.region, 1, release.number, now
    )
    days = (today,) if today == earliest else (today, earliest)
    stored = await arena.ledger.append(
        Start(entry, days, release.pack.attempts_per_day, lambda earlier: now <= arena.deadline_ms(earlier))
    )
    release = await arena.release(contest, stored.entry.release)
    return _paper(arena, release, stored, request)


async def save(arena: "Arena", request: Request, attempt: str) -> Response:
    arena.ledger.check_room()
    sent = await request.read(_SENT)
    ticket, release, now = await _admit(arena, request, sent, attempt)
    marked = _mark(release, ticket, sent)
    if now > ticket.deadline_ms + release.grace_ms:
        raise _late(ticket)
    stored = await arena.ledger.append(_entry("save", ticket, now, marked.sheet, 0, 0, 0, sent.number or 0))
    if stored.entry.answers != marked.sheet:
        raise Problem("number-taken")
    return Response(204)


async def submit(arena: "Arena", request: Request, attempt: str) -> Response:
    arena.ledger.check_room()
    sent = await request.read(_SENT)
    ticket, release, now = await _admit(arena, request, sent, attempt)
    marked = _mark(release, ticket, sent)
    if now <= ticket.deadline_ms + release.grace_ms:
        stored = await arena.ledger.append(_graded(release, ticket, now, marked))
    else:
        stored = await _submitted_before(arena, ticket)
    if stored.entry.answers != marked.sheet:
        raise Problem("other-answers")
    if stored.proof is None:
        async with arena.pool.connection() as connection:
            stored = await with_proof(connection, stored)
    return _verdict(release, ticket, stored, request)


async def _admit(arena: "Arena", request: Request, sent: Sent, attempt: str) -> tuple[Ticket, Release, int]:
    now = arena.clock.now_ms()
    ticket = arena.office.ticket(sent.ticket, attempt)
    authorization = request.header("authorization")
    if authorization and arena.office.passport(authorization, now).participant != ticket.participant:
        raise Problem("another-attempt")
    return ticket, await arena.release(ticket.contest, ticket.release), now


def _mark(release: Release, ticket: Ticket, sent: Sent) -> Marked:
    try:
        return mark_paper([release.questions[place] for place in ticket.items], sent.answers)
    except AnswersRefusedError as error:
        raise Problem(error.reason, item=error.item, option=error.option) from error


def _graded(release: Release, ticket: Ticket, now: int, marked: Marked) -> Entry:
    answered, correct = marked.grade
    score = correct.bit_count() * release.pack.points
    seconds = max(0, now - ticket.started_ms) // 1000
    return _entry("submit", ticket, now, marked.sheet, answered, correct, score, seconds)


async def _submitted_before(arena: "Arena", ticket: Ticket) -> Stored:
    """A retry may come late: it gets the first answer. A first submit may not."""
    async with arena.pool.connection() as connection:
        stored = await find_submit(connection, ticket.attempt, ticket.day)
    if stored is None:
        raise _late(ticket)
    return stored


def _late(ticket: Ticket) -> Problem:
    return Problem("late", deadline=as_instant(ticket.deadline_ms))


def _entry(kind: str, ticket: Ticket, now: int, *result: object) -> Entry:
    return Entry(
        kind,  # type: ignore[arg-type]
        ticket.day,
        ticket.attempt,
        ticket.contest,
        ticket.participant,
        ticket.region,
        ticket.ordinal,
        ticket.release,
        now,
        *result,  # type: ignore[arg-type]
    )


def _paper(arena: "Arena", release: Release, stored: Stored, request: Request) -> Response:
    entry = stored.entry
    paper = release.deck.draw(entry.participant, entry.day, entry.ordinal)
    deadline = release.deadline_ms(entry.at_ms)
    ticket = Ticket(
        entry.attempt,
        entry.participant,
        entry.region,
        entry.contest,
        entry.release,
        entry.day,
        entry.ordinal,
        entry.at_ms,
        deadline,
        list(paper.items),
    )
    body = b'{"attempt":"%b","ticket":"%b","started":"%b","deadline":"%b","items":[%b]}' % (
        entry.attempt.encode(),
        arena.office.issue_ticket(ticket).encode(),
        as_instant(entry.at_ms).encode(),
        as_instant(deadline).encode(),
        release.show(paper, request.language),
    )
    return Response(201 if stored.fresh else 200, body, request.json_headers())


def _verdict(release: Release, ticket: Ticket, stored: Stored, request: Request) -> Response:
    entry = stored.entry
    verdicts, correct = release.verdicts[request.language], entry.correct
    items = b",".join([verdicts[item][correct >> place & 1] for place, item in enumerate(ticket.items)])
    body = b'{"score":%d,"max":%d,"seconds":%d,"items":[%b],"receipt":"%b"}' % (
        entry.score,
        release.max_score,
        entry.seconds,
        items,
        stored.receipt().encode(),
    )
    return Response(200, body, request.json_headers())


def _new_attempt(now_ms: int) -> str:
    """A UUID of version 7: attempts of the same minute lie together in the ledger's index."""
    value = (now_ms & (1 << 48) - 1) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 7 << 76
    text = f"{value & ~(0b11 << 62) | 0b10 << 62:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
