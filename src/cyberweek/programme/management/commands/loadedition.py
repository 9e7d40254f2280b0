"""`manage loadedition FILE|NAME`: a whole edition from one JSON file; NAME is one of the samples."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from cyberweek import editions
from cyberweek.editions.actions import DayEntry, open_edition
from cyberweek.editions.enums import Stage
from cyberweek.editions.models import Edition
from cyberweek.editions.queries import editions_published, theme_days_of
from cyberweek.programme.actions import Entry, register_activities
from cyberweek.programme.formats.editions import PATHS, Unreadable, read
from cyberweek.programme.models import Activity
from cyberweek.regions.actions import load_units
from cyberweek.regions.models import Unit
from cyberweek.regions.queries import regions_named

SAMPLES: Final = Path(editions.__file__).parent / "data"
_EDITION: Final = ("slug", "year", "title", "theme", "starts", "ends", "zone", "venue", "provenance", "sources")
_ACTIVITY: Final = (
    "code", "title", "summary", "kind", "venue", "address", "starts", "ends", "audience", "format", "capacity",
    "contact_name", "contact", "provenance",
)  # fmt: skip


class Command(BaseCommand):
    help = "Load an edition with its units and activities from a JSON file, all of it or nothing. Loaded again: no change."

    def add_arguments(self, parser: ArgumentParser) -> None:
        names = ", ".join(sorted(path.stem for path in SAMPLES.glob("*.json")))
        parser.add_argument("source", help=f"a file, or the name of a sample: {names}")
        parser.add_argument("--stage", choices=Stage.values, help="where it stands; without: closed once it is over")
        parser.add_argument("--current", action="store_true", help="show it on the front page, if no other is shown")

    def handle(self, *_args: Any, source: str, stage: str | None, current: bool, **_options: Any) -> None:
        path = SAMPLES / f"{source}.json" if (SAMPLES / f"{source}.json").is_file() else Path(source)
        try:
            data = read(path.read_bytes())
        except OSError as problem:
            raise CommandError(f"{source}: {problem.strerror or problem}. Give a file, or the name of a sample.") from None
        except Unreadable as problem:
            raise CommandError(f"{path.name}: nothing was loaded.\n{problem}") from None
        if editions_published().filter(slug=data["slug"]).exists():
            self.stdout.write(f"{data['slug']}: loaded before, nothing was changed")
            return
        made = load(data, stage=stage, current=current, source=path.name, now=timezone.now())
        self.stdout.write(f"{made.slug}: {len(data['units'])} units, {len(data['activities'])} activities")


@transaction.atomic
def load(data: dict[str, Any], *, stage: str | None, current: bool, source: str, now: dt.datetime) -> Edition:
    """Make units that are not there yet, the edition and its activities. Raises CommandError; then nothing is made."""
    codes = {data["scope"], data["host"], *(row["region"] for kind in ("units", "activities") for row in data[kind])}
    regions = regions_named(codes)
    if lacking := sorted(codes - regions.keys()):
        raise CommandError(f"No region has the code {', '.join(lacking)}. Load the regions first: manage loadregions.")
    rows = [{**row, "region": regions[row["region"]]} for row in data["units"]]
    units = load_units(rows=rows, by=None)
    lead = next((code for code, role in data["organisers"] if role == "lead"), data["units"][0]["code"])
    over = data["ends"] < now.date()
    edition = open_edition(
        edition=Edition(
            **{name: data[name] for name in _EDITION},
            scope=regions[data["scope"]],
            host=regions[data["host"]],
            owner=units[lead],
            stage=stage or (Stage.CLOSED if over else Stage.OPEN),
            is_current=current and not editions_published().filter(is_current=True).exists(),
        ),
        days=[DayEntry(**{**row, "lead": units.get(row["lead"])}) for row in data["days"]],
        organisers=[(units[code], role) for code, role in data["organisers"]],
        by=None,
    )
    days = {day.number: day for day in theme_days_of(edition)}
    entries = [_entry(row, units, days, regions, data["zone"]) for row in data["activities"]]
    register_activities(edition=edition, entries=entries, by=None, now=now, source=source)
    return edition


def _entry(row: dict[str, Any], units: dict[str, Unit], days: dict[int, Any], regions: dict[str, Any], zone: str) -> Entry:
    activity = Activity(
        **{name: row[name] for name in _ACTIVITY},
        lead=units[row["lead"]],
        region=regions[row["region"]],
        theme_day=days.get(row["theme_day"]),
        zone=zone,
    )
    partners = [(units[code], role) for code, role in row["partners"]]
    return Entry(activity, partners, PATHS[row["status"]], row["reason"])
