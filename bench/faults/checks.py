"""What must hold afterwards: every acknowledged request is in the ledger exactly once, every retry got the first answer,
every receipt proves its place, the standings are what a replay of the ledger gives, nobody played more than allowed.
"""

import json
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any, Final

import msgspec
import psycopg

from cyberweek.arena.entries import COLUMNS
from cyberweek.arena.releases import Release
from cyberweek.arena.replay import replay
from cyberweek.knowledge.core.chain import Entry, ReceiptRefusedError, read_receipt, signing_key
from cyberweek.knowledge.core.grading import mark_paper
from cyberweek.knowledge.core.release import open_pack

ENTRIES: Final = f"SELECT {COLUMNS} FROM ledger_entry s ORDER BY s.batch, s.position"  # noqa: S608 -- constants
HEADS: Final = "SELECT number, head FROM ledger_batch"
RELEASES: Final = "SELECT contest, number, pack, sha256 FROM knowledge_release WHERE published IS NOT NULL"
BEHIND: Final = "SELECT (SELECT batch FROM standing_progress) < (SELECT coalesce(max(number), 0) FROM ledger_batch)"
SECONDS_TO_CATCH_UP: Final = 60
MOST_TOLD: Final = 20
Note = dict[str, Any]


class Report(msgspec.Struct):
    acknowledged: dict[str, int] = {}
    """Different starts, saves and submits that were acknowledged at least once."""
    answers: dict[str, int] = {}
    """Acknowledging answers, retries included."""
    entries: int = 0
    batches: int = 0
    faults: list[str] = []

    @property
    def holds(self) -> bool:
        return not self.faults


def check(dsn: str, secret: str, journal: Path) -> Report:
    """Reads journal and ledger; needs an arena that runs, for the standings to come up to the ledger's end."""
    report = Report()
    key = signing_key(secret).public_key()
    notes = [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]
    with psycopg.connect(dsn, autocommit=True) as connection:
        _await_standings(connection, report)
        ledger = _Ledger(connection)
    _count(notes, report)
    report.faults.extend(ledger.faults())
    report.faults.extend(_faults_of_retries(notes))
    for note in notes:
        report.faults.extend(ledger.faults_of(note))
    for note in notes:
        if note["kind"] == "submit":
            report.faults.extend(ledger.faults_of_receipt(note, key))
    replayed = replay(dsn, key)
    report.entries, report.batches = replayed.entries, replayed.batches
    report.faults.extend(f"replay: {fault}" for fault in replayed.faults)
    return report


def _await_standings(connection: psycopg.Connection[Any], report: Report) -> None:
    deadline = time.monotonic() + SECONDS_TO_CATCH_UP
    while connection.execute(BEHIND).fetchone() == (True,):
        if time.monotonic() > deadline:
            report.faults.append(f"the standings did not come up to the ledger within {SECONDS_TO_CATCH_UP} s")
            return
        time.sleep(0.2)


def _count(notes: list[Note], report: Report) -> None:
    report.answers = dict(Counter(note["kind"] for note in notes))
    asked = {(note["kind"], note["attempt"], _key(note)) for note in notes}
    report.acknowledged = dict(Counter(kind for kind, *_ in asked))


def _key(note: Note) -> str:
    """What makes a save the same save; an attempt has one start and one submit."""
    return json.dumps(note["answers"], sort_keys=True) if note["kind"] == "save" else ""


def _faults_of_retries(notes: list[Note]) -> list[str]:
    answers: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for note in notes:
        answers[note["kind"], note["attempt"], _key(note)].add(note["hash"])
    return [
        f"{kind} of {attempt}: {len(hashes)} different answers to the same request"
        for (kind, attempt, _), hashes in answers.items()
        if len(hashes) > 1
    ]


class _Ledger:
    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._entries = [Entry(*row) for row in connection.execute(ENTRIES)]
        self._heads = {number: bytes(head) for number, head in connection.execute(HEADS)}
        self._releases = {
            (contest, number): Release(open_pack(bytes(pack), digest))
            for contest, number, pack, digest in connection.execute(RELEASES)
        }
        self._starts = {entry.attempt: entry for entry in self._entries if entry.kind == "start"}
        self._submits = {entry.attempt: entry for entry in self._entries if entry.kind == "submit"}
        self._counts = Counter((entry.kind, entry.attempt, self._sheet(entry)) for entry in self._entries)

    @staticmethod
    def _sheet(entry: Entry) -> str:
        return entry.answers if entry.kind == "save" else ""

    def faults(self) -> list[str]:
        """What is wrong in the ledger by itself, whoever was told what."""
        found = [
            f"{kind} of {attempt} is there {count} times"
            for (kind, attempt, _), count in self._counts.items()
            if count > 1
        ]
        found += [
            f"{entry.attempt} was submitted, not started" for entry in self._submits.values() if not self._start(entry)
        ]
        tries = Counter((entry.contest, entry.participant, entry.day) for entry in self._starts.values())
        ordinals = Counter(
            (entry.contest, entry.participant, entry.day, entry.ordinal) for entry in self._starts.values()
        )
        found += [
            f"ordinal {place[3]} of {place[1]} was given {count} times"
            for place, count in ordinals.items()
            if count > 1
        ]
        by_player: dict[tuple[str, str, str], list[tuple[str, str, str, int]]] = defaultdict(list)
        for place in ordinals:
            by_player[place[:3]].append(place)
        for (contest, participant, day), count in tries.items():
            allowed = max(r.pack.attempts_per_day for (name, _), r in self._releases.items() if name == contest)
            if count > allowed:
                found.append(f"{participant} started {count} times on {day}, {allowed} are allowed")
            if max(place[3] for place in by_player[contest, participant, day]) != count:
                found.append(f"the ordinals of {participant} have a gap")
        return found

    def _start(self, entry: Entry) -> Entry | None:
        return self._starts.get(entry.attempt)

    def faults_of(self, note: Note) -> list[str]:
        """An acknowledged request is in the ledger, once, as it was sent."""
        start = self._starts.get(note["attempt"])
        if start is None:
            return [f"{note['kind']} of {note['attempt']} was acknowledged, its start is not in the ledger"]
        if note["kind"] == "start":
            wrong = start.participant != note["participant"]
            return [f"the start {start.attempt} is another participant's"] if wrong else []
        sheet = self._marked(start, note)
        if note["kind"] == "save":
            count = self._counts["save", start.attempt, sheet]
            return [] if count == 1 else [f"an acknowledged save of {start.attempt} is in the ledger {count} times"]
        submit = self._submits.get(start.attempt)
        if submit is None:
            return [f"the submit of {start.attempt} was acknowledged and is not in the ledger"]
        if (submit.answers, submit.score) != (sheet, note["score"]):
            return [f"the submit of {start.attempt} is in the ledger with other answers or another score"]
        return []

    def _marked(self, start: Entry, note: Note) -> str:
        release = self._releases[start.contest, start.release]
        paper = release.deck.draw(start.participant, start.day, start.ordinal)
        answers = {item: tuple(given) for item, given in note["answers"].items()}
        return mark_paper([release.questions[place] for place in paper.items], answers).sheet

    def faults_of_receipt(self, note: Note, key: Any) -> list[str]:
        try:
            receipt, head = read_receipt(note["receipt"], key)
        except ReceiptRefusedError as error:
            return [f"the receipt of {note['attempt']}: {error}"]
        submit = self._submits.get(note["attempt"])
        if submit is None or receipt.entry != submit.line():
            return [f"the receipt of {note['attempt']} proves another entry"]
        if self._heads.get(receipt.batch) != head:
            return [f"the receipt of {note['attempt']} names a batch that is not in the chain"]
        return []
