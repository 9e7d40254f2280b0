"""An endless run: one answer at a time, each final once it is acknowledged; the first error ends it.

Every right answer is a `step` of the ledger whose sheet holds all answers so far, and is answered with a new ticket that
carries this sheet: the next place is known without asking anybody. An error, the last item and giving up are the run's
`submit`. What was answered before is decided under the ledger's lock (`Step.answered_before`), because a step and a
submit of the same run share no unique index.
"""

from typing import TYPE_CHECKING, Final

import msgspec

from cyberweek.arena.entries import find_run
from cyberweek.arena.problems import Problem
from cyberweek.arena.releases import Release
from cyberweek.arena.tickets import Ticket
from cyberweek.arena.times import as_instant
from cyberweek.arena.wishes import Step, Stored
from cyberweek.knowledge.core.chain import Entry, Kind
from cyberweek.knowledge.core.grading import AnswersRefusedError
from cyberweek.knowledge.core.release import Language

if TYPE_CHECKING:
    from cyberweek.arena.app import Arena


class SentStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    item: str
    answer: tuple[str, ...]
    ticket: str | None = None


SENT_STEP: Final = msgspec.json.Decoder(SentStep)


def turn(release: Release, ticket: Ticket, sent: SentStep, now: int) -> Step:
    """The wish to write this answer at the ticket's place."""
    if not release.endless:
        raise Problem("not-a-run")
    place = ticket.place
    question = release.questions[ticket.items[place]]
    if sent.item != question.id:
        raise Problem("not-yet", item=question.id)
    try:
        mark = question.mark(sent.answer)
    except AnswersRefusedError as error:
        raise Problem(error.reason, item=error.item, option=error.option) from error
    if not mark:
        raise Problem("no-answer", item=sent.item)
    answered = (2 << place) - 1
    correct = answered if mark == question.key else answered >> 1
    goes_on = correct == answered and place + 1 < len(ticket.items)
    sheet = f"{ticket.sheet},{mark}" if place else mark
    return Step(_entry("step" if goes_on else "submit", release, ticket, now, sheet, answered, correct), place)


def giving_up(release: Release, ticket: Ticket, now: int) -> Step:
    """The wish to end the run where it stands."""
    answered = (1 << ticket.place) - 1
    return Step(_entry("submit", release, ticket, now, ticket.sheet, answered, answered), None)


async def write(arena: "Arena", release: Release, ticket: Ticket, wish: Step) -> Stored:
    """What the ledger holds of this place: written now, or before. After the deadline only what was written before."""
    if wish.entry.at_ms <= ticket.deadline_ms + release.grace_ms:
        return await arena.ledger.append(wish)
    async with arena.pool.connection() as connection:
        before = wish.answered_before(await find_run(connection, ticket.attempt, ticket.day))
    if before is None:
        raise Problem("late", deadline=as_instant(ticket.deadline_ms))
    if isinstance(before, Problem):
        raise before
    return before


def ends_at(stored: Stored, place: int, ticket: Ticket) -> bool:
    """True when it was the answer at this place that ended the run."""
    entry = stored.entry
    if entry.kind != "submit" or entry.answered.bit_length() != place + 1:
        return False
    return not entry.correct >> place & 1 or place + 1 == len(ticket.items)


def next_item(arena: "Arena", release: Release, ticket: Ticket, stored: Stored, language: Language) -> bytes:
    """The answer to a right one: how many in a row, the next item, and the ticket for it."""
    place = ticket.place + 1
    onward = msgspec.structs.replace(ticket, sheet=",".join(stored.entry.answers.split(",")[:place]))
    paper = release.deck.draw(ticket.participant, ticket.day, ticket.ordinal)
    return b'{"correct":true,"streak":%d,"ticket":"%b","item":%b}' % (
        place,
        arena.office.issue_ticket(onward).encode(),
        release.show(paper.only(place), language),
    )


async def sheet_so_far(arena: "Arena", stored: Stored) -> str:
    """Of a run that is opened again: the answers that have arrived."""
    if stored.fresh:
        return ""
    async with arena.pool.connection() as connection:
        latest = await find_run(connection, stored.entry.attempt, stored.entry.day)
    return latest.entry.answers if latest else ""


def _entry(kind: Kind, release: Release, ticket: Ticket, now: int, sheet: str, answered: int, correct: int) -> Entry:
    score = correct.bit_count() * release.pack.points
    return ticket.entry(kind, now, sheet, answered, correct, score, max(0, now - ticket.started_ms) // 1000)
