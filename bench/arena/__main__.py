"""How fast the arena is, beside PostgreSQL's own single-row insert: one run, one machine, everything on loopback.

By turns pgbench, the arena under wrk, and the arena at 80 % of the rate that wrk had just then; then listeners, reads on
one core, two processes.
Usage: python -m bench.arena [--rounds 3] [--seconds 6] [--listeners 10000] [--write docs/loads.md]
"""

import argparse
import sys
import time
from pathlib import Path
from statistics import median
from typing import Final

import psycopg
from bench.arena import listeners, load, paced, report
from bench.arena.ground import Ground, catch_up, count_submits, prepared, write_papers, write_passports
from bench.arena.load import Measured
from bench.arena.report import Row
from bench.arena.servers import arena, held_to, resident_bytes, website

PGBENCH_CLIENTS: Final = (1, 16, 64)
PAPERS_A_SECOND: Final = 14_000
PASSPORTS_A_SECOND: Final = 7_000
SHARE_OF_A_CORE: Final = 0.2
SHARE_OF_SATURATED: Final = 0.8
PACED: Final = "submit at a fixed rate"
Round = dict[str, Measured]


def main() -> None:
    options = arguments()
    load.check_tools()
    listeners.allow_files(options.listeners + 1000)
    began = time.monotonic()
    with prepared() as ground:
        say(f"the ground is laid, {time.monotonic() - began:.0f} s")
        rounds = [measure_round(ground, options.seconds, number) for number in range(options.rounds)]
        rows = [*ratios(rounds), latency(rounds)]
        rows += [
            Row(
                "the same rate with 20 million attempts in the ledger ÷ with none", "≥ 0.9", report.MEASURED_APART, None
            ),
            Row("“my rank” and a province's board among 10 million", "≤ 5 ms at p99", report.MEASURED_APART, None),
        ]
        rows.append(live(ground, options.listeners, 2 * options.seconds))
        rows.append(reads(ground, options.seconds))
        rows.append(two_processes(ground, options.seconds))
        checked = check(ground)
    words = f"python -m bench.arena --rounds {options.rounds} --seconds {options.seconds}"
    last = rounds[-1]
    text = [*report.machine(words), f"It took {(time.monotonic() - began) / 60:.0f} minutes.", "", *report.table(rows)]
    text += ["", "Ratios are of the same round, told is the median. All rates, in the order of the rounds:", ""]
    text += [f"- {name}: " + ", ".join(f"{one[name].rate:,.0f}" for one in rounds) + " a second" for name in last]
    text += ["", *report.balance(last["submit"], last["start or submit"], best_pgbench(last)), "", checked]
    print("\n" + "\n".join(text))
    if options.write:
        report.keep(options.write, "bench", "\n".join(text))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=6)
    parser.add_argument("--listeners", type=int, default=10_000)
    parser.add_argument("--write", type=Path, help="put the report into this file, between its two marks")
    return parser.parse_args()


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def measure_round(ground: Ground, seconds: int, number: int) -> Round:
    measured = {}
    for clients in PGBENCH_CLIENTS:
        measured[f"pgbench, {clients} clients"] = load.pgbench(ground, clients, max(seconds - 2, 2))
    papers = write_papers(ground, "papers", seconds * PAPERS_A_SECOND)
    passports = write_passports(ground, "passports", seconds * PASSPORTS_A_SECOND)
    with arena(ground) as pids:
        for name, script, feed in (("submit", "submit.lua", papers), ("start or submit", "attempt.lua", passports)):
            found = load.wrk(ground, name, script, str(feed), seconds=seconds, pids=pids)
            measured[name] = found._replace(lag=catch_up(ground.url))
            if name == "submit":
                measured[PACED] = at_a_fixed_rate(ground, SHARE_OF_SATURATED * found.rate, seconds)
    say(f"round {number + 1}: " + ", ".join(f"{name} {one.rate:,.0f}" for name, one in measured.items()))
    return measured


def best_pgbench(measured: Round) -> Measured:
    return max((one for name, one in measured.items() if name.startswith("pgbench")), key=lambda one: one.rate)


def ratios(rounds: list[Round]) -> list[Row]:
    def row(what: str, must: float, name: str, requests: int) -> Row:
        found = [one[name].rate / requests / best_pgbench(one).rate for one in rounds]
        rates = [one[name].rate / requests for one in rounds]
        p99 = median(one[name].p99 for one in rounds)
        got = f"{median(found):.2f} ({min(found):.2f} to {max(found):.2f}): {median(rates):,.0f} a second, p99 {p99:.0f} ms"
        got += f", boards caught up {max(one[name].lag for one in rounds):.1f} s after the end"
        return Row(what, f"≥ {must}", got, median(found) >= must)

    return [
        row("durable, graded `submit` ÷ pgbench single-row insert", 1.0, "submit", 1),
        row("a whole attempt (start + submit) ÷ the same", 0.5, "start or submit", 2),
    ]


def at_a_fixed_rate(ground: Ground, rate: float, seconds: int) -> Measured:
    """Right after the rate that it is a share of: what the machine gives changes from minute to minute."""
    papers = write_papers(ground, "paced", int(rate * (seconds + paced.WARM_SECONDS)))
    with paced.controls(ground.folder, seconds) as controls:
        found = paced.result(paced.paced("submit", papers, rate, seconds))
        idle = {name: paced.result(client) for name, client in controls.items()}
    if found.failed:
        sys.exit(f"{found.failed} submits were refused at a fixed rate")
    beside = ", ".join(f"{name} {one}" for name, one in idle.items())
    say(f"at a fixed rate: {found}; beside it: {beside}")
    return Measured(PACED, found.rate, found.p50, found.p99, lag=catch_up(ground.url), beside=beside)


def latency(rounds: list[Round]) -> Row:
    p99 = [one[PACED].p99 for one in rounds]
    kept_up = all(one[PACED].rate > 0.97 * SHARE_OF_SATURATED * one["submit"].rate for one in rounds)
    rates = ", ".join(f"{one[PACED].rate:,.0f} of wrk's {one['submit'].rate:,.0f}" for one in rounds)
    got = f"{median(p99):.0f} ms ({min(p99):.0f} to {max(p99):.0f}) at {rates} a second"
    got += f", boards caught up {max(one[PACED].lag for one in rounds):.1f} s after the end; "
    got += f"beside the last of them: {rounds[-1][PACED].beside}"
    return Row("p99 of `submit` at 80 % of the saturated rate", "≤ 50 ms", got, kept_up and median(p99) <= 50)


def live(ground: Ground, count: int, seconds: int) -> Row:
    with arena(ground) as (pid, *_):
        time.sleep(1)
        before = resident_bytes(pid)
        crowd = listeners.listeners(count, seconds)
        assert crowd.stdout is not None
        crowd.stdout.readline()
        time.sleep(seconds / 2)
        each = (resident_bytes(pid) - before) / count / 1024
        heard = listeners.result(crowd)
    say(f"listeners: {heard}, {each:.1f} KiB each")
    got = f"{heard.worst:.0f} ms for the last of {heard.clients:,}, p99 {heard.p99:.0f} ms, {each:.1f} KiB a client"
    got += f"; a snapshot of {heard.frame_bytes / 1024:.1f} KiB"
    return Row("server-sent events, 10,000 clients, a snapshot a second", "≤ 1 s, ≤ 20 KiB", got,
               heard.worst <= 1000 and each <= 20 and count >= 10_000)  # fmt: skip


def reads(ground: Ground, seconds: int) -> Row:
    """Each kind of read that the play page makes, one after another, the server on one core."""
    found = {}
    with arena(ground, core=0):
        for name, path in (
            ("contests", "/arena/v1/contests"),
            ("board", "/arena/v1/contests/bench/standing?region=350000"),
        ):
            found[name] = load.wrk(ground, name, "read.lua", "-", seconds=max(seconds // 2, 2), path=path).rate
    with website(ground, core=0):
        scripts = sorted((ground.folder / "web" / "static" / "knowledge" / "play").glob("page.*.js"))
        path = f"/static/knowledge/play/{scripts[0].name}"
        found["script"] = load.wrk(ground, "script", "read.lua", "-", seconds=max(seconds // 2, 2), path=path).rate
    say(f"reads: {found}")
    got = ", ".join(f"{name} {rate:,.0f}" for name, rate in found.items())
    return Row("reads of the play page, server on one core", "≥ 5,000 a second", got, min(found.values()) >= 5000)


def two_processes(ground: Ground, seconds: int) -> Row:
    """Both held to a share of a core each, so that the other cores' time is no part of the question."""
    what, must = "two arena processes ÷ one, database not saturated", "≥ 1.7"
    rates: dict[int, list[float]] = {1: [], 2: []}
    for workers in (1, 2, 1, 2):
        papers = write_papers(ground, "papers", seconds * PAPERS_A_SECOND // 2)
        with arena(ground, workers=workers) as pids, held_to(SHARE_OF_A_CORE, pids) as allowed:
            if not allowed:
                return Row(what, must, "no leave to set a processor quota (it takes root)", None)
            rates[workers].append(
                load.wrk(ground, "submit", "submit.lua", str(papers), seconds=seconds, pids=pids).rate
            )
            catch_up(ground.url)
    one, two = median(rates[1]), median(rates[2])
    say(f"processes held to a fifth of a core: {rates}")
    got = f"{two / one:.2f}: {one:,.0f} and {two:,.0f} a second, each held to {SHARE_OF_A_CORE:.0%} of a core"
    return Row(what, must, got, two / one >= 1.7)


def check(ground: Ground) -> str:
    """What was counted is what is in the ledger, and the standings have it."""
    submits = count_submits(ground.url)
    with psycopg.connect(ground.url) as connection:
        counted = connection.execute("SELECT coalesce(sum(papers), 0) FROM standing_region WHERE region = 'CN'")
        if counted.fetchone() != (submits,):
            sys.exit("the standings are not what the ledger holds")
        batches = connection.execute("SELECT count(*), avg(size) FROM ledger_batch").fetchone() or (0, 0)
    return (
        f"Afterwards all {submits:,} submits were in the ledger and in the standings; "
        f"{batches[0]:,} batches of {batches[1]:.0f} on average."
    )


if __name__ == "__main__":
    main()
