"""The prize draws of a contest, drawn again from the ledger."""

from collections.abc import Mapping, Sequence
from contextlib import suppress

from cyberweek.draws.core.draws import Draw, Pool, draws_of, faults_of
from cyberweek.knowledge.core.audit import Ruled
from cyberweek.knowledge.core.chain import Entry
from cyberweek.knowledge.core.marking import Marker
from cyberweek.knowledge.core.rulings import rulings_of
from cyberweek.verify.report import Drawn, Fault, Report


class Draws:
    """`told` are the organisers' entries: with them the terms of every draw are known before the first paper is read."""

    def __init__(self, told: Sequence[Ruled], markers: Mapping[tuple[str, int], Marker], report: Report) -> None:
        self._report = report
        self._draws = draws_of((ruled.batch, ruled.entry) for ruled in told)
        self._pools: dict[str, tuple[int, Pool]] = {}
        for draw in self._draws:
            if draw.commit and draw.freeze:
                until = draw.freeze.batch
                rulings = rulings_of(ruled.entry for ruled in told if ruled.batch <= until)
                self._pools[draw.id] = until, Pool(draw.contest, draw.commit, markers, rulings)

    def see(self, batch: int, entry: Entry) -> None:
        for until, pool in self._pools.values():
            if batch <= until:
                with suppress(KeyError, ValueError):  # what cannot be marked is named by the audit
                    pool.add(entry)

    def end(self) -> None:
        for draw in self._draws:
            self._judge(draw)

    def _judge(self, draw: Draw) -> None:
        _, pool = self._pools.get(draw.id, (0, None))
        faults = list(faults_of(draw, pool.entries() if pool else ()))
        for fault in faults:
            self._report.add(Fault(fault))
        step = "revealed" if draw.reveal else "frozen" if draw.freeze else "announced"
        prizes = draw.commit.prizes if draw.commit else 0
        count = draw.freeze.count if draw.freeze else 0
        self._report.draws.append(Drawn(not faults, draw.id, step, prizes, count))
