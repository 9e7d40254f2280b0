"""A prize draw that anyone can replay. Its three steps are entries of the ledger (kind `draw`), each a line of JSON:

    commit   before anybody knows: how many prizes, who may win, the SHA-256 of a secret seed, and which public number
             (a lottery's, an index's close) will be mixed in, known when
    freeze   before that number is known: how many entries there are, as of which batch, and the SHA-256 of their list
    reveal   after: the seed, the public number, and the SHA-256 of the winners' list

    entries  the ids of the participants who, up to that batch, handed in a paper of the day (or of any day) with at least
             `least` points, by the rulings up to that batch; in order, a line each
    key      SHA-256("cyberweek draw" ‖ seed ‖ SHA-256(public number, UTF-8) ‖ SHA-256 of the entries)
    winners  the entries in the order of HMAC-SHA256(key, id): first the prizes, then the reserve

Nobody can choose the winners: the seed is fixed before the entries are known, and the public number comes after both.
"""

import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Final

import msgspec

from cyberweek.knowledge.core.chain import Entry
from cyberweek.knowledge.core.marking import Marker
from cyberweek.knowledge.core.rulings import Rulings

MAX_PRIZES: Final = 10_000
MAX_PUBLIC_TEXT: Final = 160
_DOMAIN: Final = b"cyberweek draw"


class Commit(msgspec.Struct, frozen=True, tag="commit", tag_field="step"):
    """`day` is the contest's local day, "" for every day; `known_at` an instant in UTC."""

    prizes: int
    reserve: int
    day: str
    least: int
    seed_sha256: str
    source: str
    known_at: datetime


class Freeze(msgspec.Struct, frozen=True, tag="freeze", tag_field="step"):
    batch: int
    count: int
    entries_sha256: str


class Reveal(msgspec.Struct, frozen=True, tag="reveal", tag_field="step"):
    seed: str
    public: str
    winners_sha256: str


Step = Commit | Freeze | Reveal
_step: Final = msgspec.json.Decoder(Step)


class Draw:
    """One draw as the ledger tells it: its steps with the batch and the time (ms) of each."""

    def __init__(self, id_: str, contest: str) -> None:
        self.id = id_
        self.contest = contest
        self.commit: Commit | None = None
        self.freeze: Freeze | None = None
        self.reveal: Reveal | None = None
        self.freeze_batch = 0
        self.freeze_at_ms = 0
        self.reveal_at_ms = 0
        self.faults: list[str] = []

    def take(self, batch: int, entry: Entry) -> None:
        """The next step; one that does not follow is a fault."""
        try:
            step = _step.decode(entry.answers)
        except msgspec.DecodeError:
            self.faults.append(f"draw {self.id}: batch {batch} holds no step of a draw")
            return
        if isinstance(step, Commit) and self.commit is None:
            self.commit = step
        elif isinstance(step, Freeze) and self.commit and self.freeze is None:
            self.freeze, self.freeze_batch, self.freeze_at_ms = step, batch, entry.at_ms
        elif isinstance(step, Reveal) and self.freeze and self.reveal is None:
            self.reveal, self.reveal_at_ms = step, entry.at_ms
        else:
            self.faults.append(f"draw {self.id}: the step in batch {batch} does not follow the one before")


def draws_of(entries: Iterable[tuple[int, Entry]]) -> list[Draw]:
    """All draws, from (batch, entry) in ledger order; whatever is not of a draw is passed over."""
    draws: dict[str, Draw] = {}
    for batch, entry in entries:
        if entry.kind == "draw":
            draws.setdefault(entry.attempt, Draw(entry.attempt, entry.contest)).take(batch, entry)
    return list(draws.values())


class Pool:
    """Gathers who takes part in a draw, from the submits up to its freezing."""

    def __init__(
        self, contest: str, commit: Commit, markers: Mapping[tuple[str, int], Marker], rulings: Rulings
    ) -> None:
        self._contest = contest
        self._commit = commit
        self._markers = markers
        self._rulings = rulings
        self._regrade = rulings.regrades.get(contest, 0)
        self._participants: set[str] = set()

    def add(self, entry: Entry) -> None:
        if entry.kind != "submit" or entry.contest != self._contest or entry.participant in self._participants:
            return
        if self._commit.day not in ("", entry.day) or (self._contest, entry.participant) in self._rulings.excluded:
            return
        if self._score(entry) >= self._commit.least:
            self._participants.add(entry.participant)

    def entries(self) -> list[str]:
        return sorted(self._participants)

    def _score(self, entry: Entry) -> int:
        """The score that was given, unless a regrade has changed the keys since."""
        if self._regrade <= entry.release:
            return entry.score
        marker = self._markers[entry.contest, entry.release]
        return marker.mark(entry, self._markers[entry.contest, self._regrade]).score


def list_hash(ids: Sequence[str]) -> str:
    """SHA-256 of a list of ids, a line each."""
    return sha256("".join(f"{id_}\n" for id_ in ids).encode()).hexdigest()


def seed_hash(seed: str) -> str:
    """The commitment to a seed, which is written in hex."""
    return sha256(bytes.fromhex(seed)).hexdigest()


def winners(entries: Sequence[str], commit: Commit, seed: str, public: str) -> list[str]:
    """First the prizes, then the reserve; fewer when there are fewer entries."""
    mixed = sha256(public.encode()).digest() + bytes.fromhex(list_hash(entries))
    key = sha256(_DOMAIN + bytes.fromhex(seed) + mixed).digest()
    order = sorted(entries, key=lambda id_: (hmac.digest(key, id_.encode(), "sha256"), id_))
    return order[: commit.prizes + commit.reserve]


def faults_of(draw: Draw, entries: Sequence[str]) -> Iterator[str]:
    """What does not hold in a draw, given the entries that the ledger leads to. A draw under way has no fault."""
    yield from draw.faults
    commit, freeze, reveal = draw.commit, draw.freeze, draw.reveal
    if commit is None or freeze is None:
        return
    known_ms = commit.known_at.timestamp() * 1000
    if freeze.batch >= draw.freeze_batch:
        yield f"draw {draw.id}: its entries are of a batch that came after they were frozen"
    if draw.freeze_at_ms >= known_ms:
        yield f"draw {draw.id}: its entries were frozen when the public number was known"
    if (freeze.count, freeze.entries_sha256) != (len(entries), list_hash(entries)):
        yield f"draw {draw.id}: the ledger leads to {len(entries)} other entries than the {freeze.count} that were frozen"
    if reveal is None:
        return
    if draw.reveal_at_ms < known_ms:
        yield f"draw {draw.id}: it was revealed before the public number was known"
    try:
        if seed_hash(reveal.seed) != commit.seed_sha256:
            yield f"draw {draw.id}: the seed is not the one that was committed to"
        drawn = winners(entries, commit, reveal.seed, reveal.public)
    except ValueError:
        yield f"draw {draw.id}: its seed is not written in hex"
        return
    if list_hash(drawn) != reveal.winners_sha256:
        yield f"draw {draw.id}: the seed and the public number lead to other winners"


def write_step(step: Step) -> str:
    """The step as the ledger keeps it."""
    return msgspec.json.encode(step).decode()


def is_public_text(text: str) -> bool:
    """What names the public number, and the number itself: a line that JSON writes as it is."""
    return len(text.strip()) > 0 and len(text) <= MAX_PUBLIC_TEXT and text.isprintable() and not {'"', "\\"} & set(text)
