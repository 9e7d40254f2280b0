"""A crowd that plays through everything: start, saves, submit, retries after lost answers, retries on purpose, the same
request twice at once, connections cut in the middle. Every acknowledged answer goes into a journal, one JSON line each.

    crowd = Crowd(servers=[("127.0.0.1", 8101), ("127.0.0.1", 8102)], secret=SECRET, release=release,
                  region="350203", journal=path, people=40, seed=1)
    playing = asyncio.create_task(crowd.play())
    …                                   # whatever is to be survived
    crowd.closing = True                # every paper that was begun is finished
    await playing                       # then `checks.check(dsn, secret, journal)`
"""

import asyncio
import json
import random
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, Final

from cyberweek.arena.releases import Release
from cyberweek.arena.tickets import Office, Passport

from .wire import Address, Answer, Cut, Line, LostError, wait_for

SAVES: Final = 3
MOST_TRIES: Final = 40
CUTS: Final[tuple[Cut, ...]] = ("in the body", "before the answer")


class GaveUpError(Exception):
    """A person asked `MOST_TRIES` times and got nothing: the system did not recover."""


@dataclass
class Crowd:
    """`people` participants at once; each plays all tries of a day, then makes room for the next one."""

    servers: Sequence[Address]
    secret: str
    release: Release
    region: str
    journal: Path
    people: int
    seed: int
    think_seconds: float = 0.3
    closing: bool = False
    """Set to True: nobody starts another paper; what was begun is finished."""
    cutting: float = 0.0
    """The share of requests whose connection is cut (a fault that the crowd itself commits)."""
    counts: Counter[str] = field(default_factory=Counter)
    acknowledged: list[float] = field(default_factory=list)
    """When (monotonic seconds) each start, save and submit was acknowledged."""
    unexpected: list[str] = field(default_factory=list)
    """What no rule of the API allows: a refusal where an answer was due, a person who gave up."""
    log: IO[str] = field(init=False)

    async def play(self) -> None:
        """Returns when `closing` is set and everybody has finished."""
        with self.journal.open("a", encoding="utf-8") as self.log:
            await asyncio.gather(*[self._seat(number) for number in range(self.people)])

    async def _seat(self, number: int) -> None:
        dice = random.Random(f"{self.seed}/{number}")
        await asyncio.sleep(dice.random() * self.think_seconds * 3)
        while not self.closing:
            person = Person(self, dice, number)
            try:
                await person.play()
            except GaveUpError as error:
                self.unexpected.append(f"{person.participant} gave up: {error}")
            finally:
                person.leave()

    def note(self, kind: str, **facts: object) -> None:
        self.counts[kind] += 1
        self.acknowledged.append(time.monotonic())
        self.log.write(json.dumps({"kind": kind, **facts}, separators=(",", ":")) + "\n")


class Person:
    def __init__(self, crowd: Crowd, dice: random.Random, number: int) -> None:
        self.crowd = crowd
        self.dice = dice
        self.participant = str(uuid.UUID(int=dice.getrandbits(128), version=4))
        expires = int(time.time() * 1000) + 10**9
        passport = Passport(self.participant, crowd.region, "12-17", "education", "小明", expires)
        self.bearer = Office(crowd.secret).issue_passport(passport)
        self.lines = [Line(crowd.servers, number + place) for place in range(2)]

    def leave(self) -> None:
        for line in self.lines:
            line.close()

    async def play(self) -> None:
        allowed = self.crowd.release.pack.attempts_per_day
        for _ in range(allowed):
            if self.crowd.closing:
                return
            started = await self._start()
            if started is None:
                return
            await self._answer(started)
        if self.dice.random() < 0.2:
            await self._ask_for_one_too_many()

    async def _start(self) -> dict[str, Any] | None:
        path = f"/arena/v1/contests/{self.crowd.release.contest}/attempts"
        answers = await self._persist("start", "POST", path)
        if answers is None:
            return None
        started: dict[str, Any] = json.loads(answers[0].body)
        for answer in answers:
            self.crowd.note("start", attempt=started["attempt"], participant=self.participant, hash=_hash(answer))
        return started

    async def _answer(self, started: dict[str, Any]) -> None:
        path = f"/arena/v1/attempts/{started['attempt']}"
        items = started["items"]
        step = max(1, len(items) // SAVES)
        given: dict[str, list[str]] = {}
        for first in range(0, len(items), step):
            await self._think()
            given |= {item["id"]: [self.dice.choice(item["options"])["id"]] for item in items[first : first + step]}
            sent = {"ticket": started["ticket"], "answers": given, "number": self.dice.randrange(1, 2**31)}
            for answer in await self._persist("save", "PUT", f"{path}/answers", sent) or ():
                self.crowd.note("save", attempt=started["attempt"], answers=dict(given), hash=_hash(answer))
        await self._think()
        sent = {"ticket": started["ticket"], "answers": given}
        for answer in await self._persist("submit", "POST", f"{path}/submit", sent) or ():
            body = json.loads(answer.body)
            facts = {"score": body["score"], "receipt": body["receipt"], "hash": _hash(answer)}
            self.crowd.note("submit", attempt=started["attempt"], answers=given, **facts)

    async def _ask_for_one_too_many(self) -> None:
        path = f"/arena/v1/contests/{self.crowd.release.contest}/attempts"
        try:
            answer = await self.lines[0].ask("POST", path, bearer=self.bearer)
        except LostError:
            return
        if answer.status not in {403, 503}:
            self.crowd.unexpected.append(f"{self.participant}: one start too many was answered with {answer.status}")

    async def _persist(
        self, kind: str, method: str, path: str, sent: dict[str, Any] | None = None
    ) -> list[Answer] | None:
        """Asks until answered; then, now and then, once more on purpose, or twice at once. All acknowledged answers.

        None when the arena refuses: that is noted as unexpected.
        """
        body = json.dumps(sent).encode() if sent else b""
        for failures in range(MOST_TRIES):
            wanted = 2 if self.dice.random() < 0.1 else 1
            asked = [self._ask(line, method, path, body) for line in self.lines[:wanted]]
            answers = [answer for answer in await asyncio.gather(*asked) if answer is not None]
            good = [answer for answer in answers if answer.status < 300]
            if good:
                self.crowd.counts["twice at once"] += wanted == 2
                self.crowd.counts["answered after a retry"] += failures > 0
                again = await self._ask(self.lines[1], method, path, body) if self.dice.random() < 0.15 else None
                if again is not None and again.status < 300:
                    self.crowd.counts["asked again on purpose"] += 1
                    good.append(again)
                return good
            refused = [answer for answer in answers if answer.status < 500]
            if refused:
                self.crowd.unexpected.append(
                    f"{self.participant} {kind} {path} after {failures}: {refused[0].status} {refused[0].body.decode()}"
                )
                return None
            self.crowd.counts["retries"] += 1
            retry_after = max((answer.retry_after for answer in answers), default=0.0)
            await asyncio.sleep(wait_for(retry_after, failures, self.dice))
        raise GaveUpError(f"{kind} {path}")

    async def _ask(self, line: Line, method: str, path: str, body: bytes) -> Answer | None:
        cut = self.dice.choice(CUTS) if self.dice.random() < self.crowd.cutting else None
        bearer = "" if body else self.bearer
        try:
            answer = await line.ask(method, path, body, bearer=bearer, cut=cut)
        except LostError:
            self.crowd.counts["cut" if cut else "lost"] += 1
            return None
        if answer.status >= 500:
            self.crowd.counts[f"{answer.status}"] += 1
            if answer.status != 503 or not answer.retry_after:
                self.crowd.unexpected.append(f"{path}: {answer.status}, Retry-After {answer.retry_after}")
        return answer

    async def _think(self) -> None:
        await asyncio.sleep(self.dice.expovariate(1 / self.crowd.think_seconds))


def _hash(answer: Answer) -> str:
    return sha256(answer.body).hexdigest()
