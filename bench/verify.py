"""How fast `cyberweek verify` is and what it holds in memory: an export of N papers is made, then verified.

    python -m bench.verify 1000000 /tmp/export.txt

A paper each of N participants in 310 cities, 20 items of a bank of 300, batches of 120 entries.
"""

import random
import resource
import sys
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from tests.arena.packs import KINDS, make_item, make_pack

from cyberweek.knowledge.core.chain import GENESIS, Batch, Entry, Tree, chain_head, signing_key
from cyberweek.knowledge.core.exports import Exporter
from cyberweek.knowledge.core.marking import Marker
from cyberweek.knowledge.core.release import Quota, seal
from cyberweek.verify.reader import read_export

BATCH = 120
OPENS = datetime(2019, 9, 16, tzinfo=UTC)
OPENS_MS = int(OPENS.timestamp() * 1000)
TOPICS = [f"topic-{number}" for number in range(5)]
CITIES = [f"{province}{city:02d}00" for province in range(11, 42) for city in range(1, 11)]


def lines(papers: int, marker: Marker) -> Iterator[bytes]:
    chance = random.Random(1)
    for number in range(papers):
        who, attempt = (str(uuid.UUID(int=chance.getrandbits(128), version=4)) for _ in range(2))
        at_ms = OPENS_MS + 43_000_000 * number // papers
        names = ("2019-09-16", attempt, "week", who, CITIES[number % len(CITIES)], 1, 1)
        yield Entry("start", *names, at_ms).line()
        sheet = ",".join(chance.choice("abcd") for _ in range(20))
        seconds = 100 + number % 300
        blank = Entry("submit", *names, at_ms + 1000 * seconds, sheet)
        yield Entry("submit", *names, blank.at_ms, sheet, *marker.mark(blank), seconds).line()


def make(papers: int, path: Path) -> None:
    bank = [make_item(topic, number, KINDS[number % 4]) for topic in TOPICS for number in range(60)]
    blueprint = [Quota(topic, 4) for topic in TOPICS]
    pack = make_pack(opens=OPENS, closes=OPENS + timedelta(days=7), items=20, blueprint=blueprint, bank=bank)
    key, head, written = signing_key("bench"), GENESIS, lines(papers, Marker(pack))
    with path.open("wb") as out:
        exporter = Exporter(out.write, key)
        last = -(-2 * papers // BATCH)
        exporter.begin(contest="week", made_ms=OPENS_MS, first=1, last=last, previous=GENESIS)
        exporter.release(1, seal(pack))
        for code in CITIES:
            exporter.region(code, ["CN", f"{code[:2]}0000", code])
        for number in range(1, last + 1):
            entries = list(islice(written, BATCH))
            root = Tree(entries).root
            following = chain_head(head, number, len(entries), OPENS_MS, root)
            batch = Batch(number, head, len(entries), OPENS_MS, root, key.sign(following))
            exporter.batch(batch, following, entries)
            head = following
        exporter.end("not known here")


def main() -> None:
    papers, path = int(sys.argv[1]), Path(sys.argv[2])
    if not path.exists():
        make(papers, path)
    began, spent = time.time(), time.process_time()
    report = read_export(path)
    assert [fault.text for fault in report.faults] == [
        "the boards that the server showed are not those that follow from the ledger"
    ]
    spent = time.process_time() - spent
    print(f"{path.stat().st_size / 1e6:.0f} MB, {report.papers} papers: {spent:.0f} s of processor", end=", ")
    print(f"{report.papers / spent:.0f} papers/s, {time.time() - began:.0f} s by the clock", end=", ")
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB at most")


if __name__ == "__main__":
    main()
