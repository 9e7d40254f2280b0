from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cyberweek.regions.actions import load_regions
from cyberweek.regions.core.divisions import Unreadable, decode, read_divisions
from cyberweek.regions.queries import all_codes

CHINA = Path(__file__).resolve().parents[2] / "data" / "cn.csv"
SHOWN = 50


class Command(BaseCommand):
    help = "Load administrative divisions from a CSV (default: China's by GB/T 2260). Again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", nargs="?", type=Path, default=CHINA,
            help="columns code,parent,level,name_zh,name_en,short_zh,short_en,col,row in UTF-8",
        )  # fmt: skip

    def handle(self, *_arguments: Any, file: Path, verbosity: int, **_options: Any) -> None:
        try:
            divisions = read_divisions(decode(file.read_bytes()), known=all_codes())
        except OSError as problem:
            raise CommandError(f"Cannot read {file}: {problem.strerror}.") from None
        except Unreadable as problem:
            more = len(problem.problems) - SHOWN
            lines = problem.problems[:SHOWN] + ([f"… and {more} more"] if more > 0 else [])
            raise CommandError("\n".join([f"{file.name} was not loaded; nothing has changed.", *lines])) from None
        loaded = load_regions(divisions=divisions)
        if verbosity:
            self.stdout.write(f"{loaded.added} regions added, {loaded.changed} changed, {loaded.same} as they were.")
