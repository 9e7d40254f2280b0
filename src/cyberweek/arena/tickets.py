"""What a client holds: a passport says who plays, a ticket says which attempt. Both are signed, neither is stored."""

import msgspec

from cyberweek.arena.problems import Problem
from cyberweek.kernel.core.tokens import ForgedTokenError, Signer
from cyberweek.knowledge.core.chain import Entry, Kind
from cyberweek.passport.core.passports import Passport, PassportOffice


class Ticket(msgspec.Struct, frozen=True, array_like=True):
    attempt: str
    participant: str
    region: str
    contest: str
    release: int
    day: str
    ordinal: int
    started_ms: int
    deadline_ms: int
    items: list[int]
    """The paper: places in the release's bank. It could be drawn again from the rest; carrying it saves the drawing."""
    team: str = ""
    sheet: str = ""
    """Of an endless run: the answers so far."""

    @property
    def place(self) -> int:
        """Of an endless run: which item is to be answered now."""
        return self.sheet.count(",") + 1 if self.sheet else 0

    def entry(
        self, kind: Kind, now: int, sheet: str, answered: int = 0, correct: int = 0, score: int = 0, seconds: int = 0
    ) -> Entry:
        """An entry of this attempt."""
        return Entry(
            kind,
            self.day,
            self.attempt,
            self.contest,
            self.participant,
            self.region,
            self.ordinal,
            self.release,
            now,
            sheet,
            answered,
            correct,
            score,
            seconds,
            self.team,
        )


class Office:
    """Issues passports and tickets, and knows its own again."""

    def __init__(self, secret: str) -> None:
        self._passports = PassportOffice(secret)
        self._tickets = Signer(secret, "arena ticket")
        self._read_ticket = msgspec.msgpack.Decoder(Ticket).decode

    def issue_passport(self, passport: Passport) -> str:
        return self._passports.issue(passport)

    def issue_ticket(self, ticket: Ticket) -> str:
        return self._tickets.seal(msgspec.msgpack.encode(ticket))

    def passport(self, authorization: str | None, now_ms: int) -> Passport:
        """The passport in an Authorization header; 401 when there is none or it does not hold."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Problem("no-passport")
        try:
            return self._passports.open(token.strip(), now_ms)
        except ForgedTokenError as error:
            raise Problem("bad-passport") from error

    def ticket(self, token: str | None, attempt: str) -> Ticket:
        """The ticket for this attempt; 401 when it is missing or forged, 403 when it is for another one."""
        if not token:
            raise Problem("no-ticket")
        try:
            ticket = self._read_ticket(self._tickets.open(token))
        except ForgedTokenError as error:
            raise Problem("bad-ticket") from error
        if ticket.attempt != attempt:
            raise Problem("another-attempt")
        return ticket
