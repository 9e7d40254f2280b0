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
from cyberweek.accounts.actions import create_organiser
from cyberweek.editions.actions import DayEntry, open_edition
from cyberweek.editions.enums import Stage
from cyberweek.editions.models import Edition
from cyberweek.editions.queries import editions_published, theme_days_of
from cyberweek.programme.actions import Entry, register_activities
from cyberweek.programme.formats.editions import PATHS, Unreadable, read
from cyberweek.programme.models import Activity
from cyberweek.regions.actions import Refused, appoint, create_unit, name_accountable
from cyberweek.regions.enums import Role
from cyberweek.regions.models import Region, Unit
from cyberweek.regions.queries import regions_named, units_named

SAMPLES: Final = Path(editions.__file__).parent / "data"
_EDITION: Final = ("slug", "year", "title", "theme", "starts", "ends", "zone", "venue", "provenance", "sources")
_ACTIVITY: Final = (
    "code", "title", "summary", "kind", "venue", "address", "starts", "ends", "audience", "format", "capacity",
    "contact_name", "contact", "provenance",
)  # fmt: skip


class Command(BaseCommand):
    help = (
        "Load an edition with its units and activities from a JSON file, all of it or nothing. Loaded again: no change."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        names = ", ".join(sorted(path.stem for path in SAMPLES.glob("*.json")))
        parser.add_argument("source", help=f"a file, or the name of a sample: {names}")

    def handle(self, *_args: Any, source: str, verbosity: int, **_options: Any) -> None:
        path = SAMPLES / f"{source}.json" if (SAMPLES / f"{source}.json").is_file() else Path(source)
        try:
            data = read(path.read_bytes())
        except OSError as problem:
            raise CommandError(
                f"{source}: {problem.strerror or problem}. Give a file, or the name of a sample."
            ) from None
        except Unreadable as problem:
            raise CommandError(f"{path.name}: nothing was loaded.\n{problem}") from None
        if editions_published().filter(slug=data["slug"]).exists():
            told = "loaded before, nothing was changed"
        else:
            load(data, source=path.name, now=timezone.now())
            told = f"{len(data['units'])} units, {len(data['activities'])} activities"
        if verbosity:
            self.stdout.write(f"{data['slug']}: {told}")


@transaction.atomic
def load(data: dict[str, Any], *, source: str, now: dt.datetime) -> Edition:
    """Make units that are not there yet, the edition and its activities. Raises CommandError; then nothing is made.

    Where no edition is on the front page yet, this one is, and it runs; another is closed once it is over.
    """
    codes = {data["scope"], data["host"], *(row["region"] for kind in ("units", "activities") for row in data[kind])}
    regions = regions_named(codes)
    if lacking := sorted(codes - regions.keys()):
        raise CommandError(f"No region has the code {', '.join(lacking)}. Load the regions first: manage loadregions.")
    units = _units(data["units"], regions)
    lead = next((code for code, role in data["organisers"] if role == "lead"), data["units"][0]["code"])
    first = not editions_published().filter(is_current=True).exists()
    stage = Stage.RUNNING if first else Stage.CLOSED if data["ends"] < now.date() else Stage.OPEN
    edition = open_edition(
        edition=Edition(
            **{name: data[name] for name in _EDITION},
            scope=regions[data["scope"]],
            host=regions[data["host"]],
            owner=units[lead],
            stage=stage,
            is_current=first,
        ),
        days=[DayEntry(**{**row, "lead": units.get(row["lead"])}) for row in data["days"]],
        organisers=[(units[code], role) for code, role in data["organisers"]],
        by=None,
    )
    days = {day.number: day for day in theme_days_of(edition)}
    entries = [_entry(row, units, days, regions, data["zone"]) for row in data["activities"]]
    register_activities(edition=edition, entries=entries, by=None, now=now, source=source)
    return edition


def _units(rows: list[dict[str, Any]], regions: dict[str, Region]) -> dict[str, Unit]:
    """All units by code; those that exist stay as they are. An accountable person cannot sign in until given a password."""
    units = {unit.code: unit for unit in units_named(row["code"] for row in rows)}
    for row in rows:
        if row["code"] in units:
            continue
        try:
            unit = create_unit(
                **{name: row[name] for name in ("code", "name", "level", "sector", "provenance")},
                region=regions[row["region"]],
                parent=units[row["parent"]] if row["parent"] else None,
                by=None,
            )
        except Refused as problem:
            raise CommandError(f"unit {row['code']}: {problem}") from None
        units[unit.code] = unit
        if row["accountable"]:
            person = create_organiser(username=unit.code, name=row["accountable"], password=None, by=None)
            appoint(person=person, unit=unit, roles=[Role.COORDINATOR], by=None)
            name_accountable(unit=unit, person=person, by=None)
    return units


def _entry(
    row: dict[str, Any], units: dict[str, Unit], days: dict[int, Any], regions: dict[str, Region], zone: str
) -> Entry:
    activity = Activity(
        **{name: row[name] for name in _ACTIVITY},
        lead=units[row["lead"]],
        region=regions[row["region"]],
        theme_day=days.get(row["theme_day"]),
        zone=zone,
    )
    partners = [(units[code], role) for code, role in row["partners"]]
    return Entry(activity, partners, PATHS[row["status"]], row["reason"])
