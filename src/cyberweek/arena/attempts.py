"""An attempt: start, save, submit. All three answer only when the ledger holds them."""

import os
from typing import TYPE_CHECKING, Annotated, Final

import msgspec

from cyberweek.arena import runs
from cyberweek.arena.entries import find_submit, with_proof
from cyberweek.arena.http import Request, Response, decode
from cyberweek.arena.problems import Problem
from cyberweek.arena.releases import Release
from cyberweek.arena.tickets import Ticket
from cyberweek.arena.times import as_instant
from cyberweek.arena.wishes import Start, Stored
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


class Join(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a client may send to start: the code of the group that it plays for."""

    code: Annotated[str, msgspec.Meta(max_length=40)] | None = None


_SENT: Final = msgspec.json.Decoder(Sent)
_JOIN: Final = msgspec.json.Decoder(Join)


async def start(arena: "Arena", request: Request, contest: str) -> Response:
    arena.ledger.check_room()
    body = await request.body()
    code = decode(body, _JOIN).code if body else None
    now = arena.clock.now_ms()
    passport = arena.office.passport(request.header("authorization"), now)
    release = arena.releases.newest(contest)
    if not release.opens_ms <= now < release.closes_ms:
        raise Problem("not-open", opens=release.pack.opens.isoformat(), closes=release.pack.closes.isoformat())
    if not release.admits(passport.participant):
        raise Problem("not-admitted", after=arena.releases.title(release.pack.stage, request.language))
    today, earliest = release.local_day(now), release.local_day(now - release.pack.minutes * 60_000)
    entry = Entry(
        "start", today, _new_attempt(now), contest, passport.participant, passport.region, 1, release.number, now,
        team=_group(arena, request, release, code, passport.participant, now),
    )  # fmt: skip
    days = release.days_until(now) if release.counts_all_days else tuple({today, earliest})
    stored = await arena.ledger.append(
        Start(
            entry,
            days,
            release.pack.attempts_per_day,
            lambda earlier: now <= arena.deadline_ms(earlier),
            release.pack.attempts_in_all,
        )
    )
    release = await arena.release(contest, stored.entry.release)
    sheet = await runs.sheet_so_far(arena, stored) if release.endless else ""
    return _paper(arena, release, stored, sheet, request)


def _group(arena: "Arena", request: Request, release: Release, code: str | None, participant: str, now: int) -> str:
    """The group that a code lets into; a wrong one is counted (see `guesses`)."""
    if not code:
        return release.group_of(code)
    block = arena.networks.block(request)
    arena.guesses.check(participant, block, now)
    try:
        return release.group_of(code)
    except Problem as problem:
        if problem.kind == "wrong-code":
            arena.guesses.note(participant, block, now)
        raise


async def save(arena: "Arena", request: Request, attempt: str) -> Response:
    arena.ledger.check_room()
    sent = await request.read(_SENT)
    ticket, release, now = await _admit(arena, request, sent.ticket, attempt)
    if release.endless:
        raise Problem("a-run")
    marked = _mark(release, ticket, sent)
    if now > ticket.deadline_ms + release.grace_ms:
        raise _late(ticket)
    stored = await arena.ledger.append(ticket.entry("save", now, marked.sheet, seconds=sent.number or 0))
    if stored.entry.answers != marked.sheet:
        raise Problem("number-taken")
    return Response(204)


async def submit(arena: "Arena", request: Request, attempt: str) -> Response:
    arena.ledger.check_room()
    sent = await request.read(_SENT)
    ticket, release, now = await _admit(arena, request, sent.ticket, attempt)
    if release.endless:
        return await _give_up(arena, request, release, ticket, sent, now)
    marked = _mark(release, ticket, sent)
    if now <= ticket.deadline_ms + release.grace_ms:
        stored = await arena.ledger.append(_graded(release, ticket, now, marked))
    else:
        stored = await _submitted_before(arena, ticket)
    if stored.entry.answers != marked.sheet:
        raise Problem("other-answers")
    body = _result(release, ticket, await _proved(arena, stored), request)
    return Response(200, body, request.json_headers())


async def step(arena: "Arena", request: Request, attempt: str) -> Response:
    """One answer of an endless run."""
    sent = await request.read(runs.SENT_STEP)
    ticket, release, now = await _admit(arena, request, sent.ticket, attempt)
    wish = runs.turn(release, ticket, sent, now)
    stored = await runs.write(arena, release, ticket, wish)
    if not runs.ends_at(stored, ticket.place, ticket):
        return Response(200, runs.next_item(arena, release, ticket, stored, request.language), request.json_headers())
    entry = stored.entry
    right, streak = (b"true" if entry.correct == entry.answered else b"false"), entry.correct.bit_count()
    result = _result(release, ticket, await _proved(arena, stored), request)
    body = b'{"correct":%b,"streak":%d,"result":%b}' % (right, streak, result)
    return Response(200, body, request.json_headers())


async def _give_up(
    arena: "Arena", request: Request, release: Release, ticket: Ticket, sent: Sent, now: int
) -> Response:
    if sent.answers:
        raise Problem("a-run")
    stored = await runs.write(arena, release, ticket, runs.giving_up(release, ticket, now))
    body = _result(release, ticket, await _proved(arena, stored), request)
    return Response(200, body, request.json_headers())


async def _proved(arena: "Arena", stored: Stored) -> Stored:
    if stored.proof is not None:
        return stored
    async with arena.pool.connection() as connection:
        return await with_proof(connection, stored)


async def _admit(
    arena: "Arena", request: Request, sent_ticket: str | None, attempt: str
) -> tuple[Ticket, Release, int]:
    now = arena.clock.now_ms()
    ticket = arena.office.ticket(sent_ticket, attempt)
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
    return ticket.entry("submit", now, marked.sheet, answered, correct, score, seconds)


async def _submitted_before(arena: "Arena", ticket: Ticket) -> Stored:
    """A retry may come late: it gets the first answer. A first submit may not."""
    async with arena.pool.connection() as connection:
        stored = await find_submit(connection, ticket.attempt, ticket.day)
    if stored is None:
        raise _late(ticket)
    return stored


def _late(ticket: Ticket) -> Problem:
    return Problem("late", deadline=as_instant(ticket.deadline_ms))


def _paper(arena: "Arena", release: Release, stored: Stored, sheet: str, request: Request) -> Response:
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
        entry.team,
        sheet,
    )
    body = b'{"attempt":"%b","ticket":"%b","started":"%b","deadline":"%b","items":[%b]%b}' % (
        entry.attempt.encode(),
        arena.office.issue_ticket(ticket).encode(),
        as_instant(entry.at_ms).encode(),
        as_instant(deadline).encode(),
        release.show(paper.until(ticket.place) if release.endless else paper, request.language),
        release.told_team(entry.team, request.language),
    )
    return Response(201 if stored.fresh else 200, body, request.json_headers())


def _result(release: Release, ticket: Ticket, stored: Stored, request: Request) -> bytes:
    entry = stored.entry
    items, correct = ticket.items, entry.correct
    verdicts = release.verdicts[request.language]
    if release.endless:
        items = items[: entry.answered.bit_length()]  # those after the end stay unread
    elif release.until_right and correct.bit_count() < len(items):
        verdicts = release.hints
    return b'{"score":%d,"max":%d,"seconds":%d,"items":[%b],"receipt":"%b"}' % (
        entry.score,
        release.max_score,
        entry.seconds,
        b",".join([verdicts[item][correct >> place & 1] for place, item in enumerate(items)]),
        stored.receipt().encode(),
    )


def _new_attempt(now_ms: int) -> str:
    """A UUID of version 7: attempts of the same minute lie together in the ledger's index."""
    value = (now_ms & (1 << 48) - 1) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 7 << 76
    text = f"{value & ~(0b11 << 62) | 0b10 << 62:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
