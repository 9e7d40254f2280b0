"""The report: what must be reached, what was, and on which machine; kept between two marks of a file."""

import os
import platform
import re
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final, NamedTuple

from bench.arena.load import Measured

from cyberweek.launch.postgres import BIN

DOCUMENT: Final = Path(__file__).parent.parent.parent / "docs" / "loads.md"
MEASURED_APART: Final = "in the large run, below"


class Row(NamedTuple):
    what: str
    must: str
    got: str
    reached: bool | None
    """None: this machine cannot show it."""


def table(rows: Sequence[Row]) -> list[str]:
    words = {True: "yes", False: "**no**", None: "not shown"}
    lines = ["| what | must reach | measured | reached |", "|---|---|---|---|"]
    return lines + [f"| {row.what} | {row.must} | {row.got} | {words[row.reached]} |" for row in rows]


def balance(*columns: Measured) -> list[str]:
    """Microseconds of processor time for one, by process."""
    names = sorted({name for column in columns for name in column.spent}, key=lambda name: -columns[0].spent[name])
    head = " | ".join(column.what for column in columns)
    lines = [f"| µs of processor time for one | {head} |", "|---|" + "---|" * len(columns)]
    for name in names:
        micros = [column.spent[name] * 1e6 for column in columns]
        if max(micros) >= 0.5:
            lines.append(f"| {name} | " + " | ".join(f"{value:.0f}" for value in micros) + " |")
    totals = " | ".join(f"**{sum(column.spent.values()) * 1e6:.0f}**" for column in columns)
    return [*lines, f"| in all | {totals} |"]


def machine(command: str) -> list[str]:
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    packages = ", ".join(f"{name} {version(name)}" for name in ("uvloop", "httptools", "psycopg", "msgspec", "granian"))
    postgres = subprocess.run([BIN / "postgres", "--version"], check=True, capture_output=True, text=True).stdout
    return [
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, `{command}`",
        "",
        f"{os.cpu_count()} cores ({model[1] if model else platform.machine()}), Linux {platform.release()}.",
        f"Python {platform.python_version()}, {packages}, {postgres.strip()}.",
        f"Load average of the machine over the five minutes before the end: {os.getloadavg()[1]:.1f}.",
    ]


def keep(path: Path, mark: str, report: str) -> None:
    """Replaces what stands between `<!-- mark -->` and `<!-- /mark -->`."""
    begin, end = f"<!-- {mark} -->", f"<!-- /{mark} -->"
    text = path.read_text(encoding="utf-8")
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    path.write_text(f"{before}{begin}\n{report}\n{end}{after}", encoding="utf-8")
