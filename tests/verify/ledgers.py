"""A contest played without arena and database: its ledger, and the export of it."""

import random
import uuid
from datetime import UTC, datetime, timedelta

from cyberweek.knowledge.core.audit import OF_ORGANISERS
from cyberweek.knowledge.core.boards import Boards, board_hash
from cyberweek.knowledge.core.chain import GENESIS, NOBODY, Batch, Entry, Tree, chain_head, read_entry, signing_key
from cyberweek.knowledge.core.chain import write_receipt as write
from cyberweek.knowledge.core.exports import Exporter, contest_of
from cyberweek.knowledge.core.marking import Marker
from cyberweek.knowledge.core.release import open_pack, seal
from cyberweek.knowledge.core.rulings import rulings_of
from tests.arena.packs import make_pack

KEY = signing_key("the key of these tests")
OPENS = datetime(2019, 9, 16, tzinfo=UTC)
OPENS_MS = int(OPENS.timestamp() * 1000)
ANCESTRY = {"CN": ["CN"], "350000": ["CN", "350000"], "350200": ["CN", "350000", "350200"]}


class Contest:
    """Everything that an export is made of; deterministic."""

    def __init__(self, players=6, batch_size=7, seed=1, key=KEY, **changes):
        pack = make_pack(opens=OPENS, closes=OPENS + timedelta(days=7), **changes)
        self.sealed = [seal(pack)]
        self.key = key
        self.batches = []
        self._random = random.Random(seed)
        self._marker = Marker(open_pack(self.sealed[0].pack, self.sealed[0].sha256))
        self._head = GENESIS
        entries = self._play(players)
        for place in range(0, len(entries), batch_size):
            self.append(entries[place : place + batch_size])

    def append(self, entries):
        lines = [entry if isinstance(entry, bytes) else entry.line() for entry in entries]
        tree, number, at_ms = Tree(lines), len(self.batches) + 1, OPENS_MS + 1000 * len(self.batches)
        head = chain_head(self._head, number, len(lines), at_ms, tree.root)
        self.batches.append((Batch(number, self._head, len(lines), at_ms, tree.root, self.key.sign(head)), lines))
        self._head = head

    def rule(self, kind, participant=NOBODY, release=0, reason="as the rules say"):
        entry = Entry(kind, "2019-09-20", str(self._uuid()), "week", participant, "", 0, release, OPENS_MS, reason)
        self.append([entry])

    def release(self, pack):
        self.sealed.append(seal(pack))

    @property
    def pack(self):
        return self._marker.pack

    @property
    def papers(self):
        return [e for e in self._entries() if e.kind == "submit"]

    def receipt(self, batch, position):
        told, lines = self.batches[batch - 1]
        return write(told, Tree(lines), position)

    def boards(self):
        markers = {("week", n): Marker(open_pack(s.pack, s.sha256)) for n, s in enumerate(self.sealed, 1)}
        boards = Boards(markers, ANCESTRY, rulings_of(self._entries()))
        for entry in self._entries():
            boards.add(entry)
        return board_hash(boards.tables())

    def export(self, key=None, first=1, boards=None):
        written = []
        exporter = Exporter(written.append, key or self.key)
        told = self.batches[first - 1 :]
        exporter.begin(
            contest="week", made_ms=OPENS_MS, first=first, last=len(self.batches), previous=told[0][0].previous
        )
        for number, sealed in enumerate(self.sealed, 1):
            exporter.release(number, sealed)
        for code, ancestry in ANCESTRY.items():
            exporter.region(code, ancestry)
        for batch, lines in told:
            for position, line in enumerate(lines):
                if line.split(b"\t")[0].decode() in OF_ORGANISERS and contest_of(line) == b"week":
                    exporter.told(batch.number, position, line)
        for batch, lines in told:
            exporter.batch(batch, batch.head, lines)
        exporter.end(boards or self.boards())
        return b"".join(written)

    def _entries(self):
        lines = [line for _, lines in self.batches for line in lines]
        return [entry for entry in map(read_entry, lines) if entry.contest == "week"]

    def _play(self, players):
        told = []
        for n in range(players):
            who, region, at = str(self._uuid()), list(ANCESTRY)[n % 3], OPENS_MS + 60_000 * n
            team = "blue" if n % 3 == 0 else ""
            for ordinal in range(1, 3):
                attempt = str(self._uuid())
                names = ("2019-09-16", attempt, "week", who, region, ordinal, 1)
                told.append(Entry("start", *names, at, team=team))
                told.append(Entry("start", "2019-09-16", str(self._uuid()), "other", who, region, 1, 1, at))
                paper = self._marker.deck.draw(who, "2019-09-16", ordinal)
                keys = ["".join(sorted(self.pack.bank[item].key)) for item in paper.items]
                sheet = ",".join(key if self._random.random() < 0.7 else "" for key in keys)
                told.append(Entry("save", *names, at + 500, sheet, team=team))
                blank = Entry("submit", *names, at + 90_000, sheet, team=team)
                marks = self._marker.mark(blank)
                told.append(Entry("submit", *names, at + 90_000, sheet, *marks, 90, team))
                at += 100_000
        return told

    def _uuid(self):
        return uuid.UUID(int=self._random.getrandbits(128), version=4)
