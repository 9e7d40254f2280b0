from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cyberweek.editions.queries import current_edition
from cyberweek.knowledge.actions import ItemsRefusedError, load_bank, load_topics
from cyberweek.knowledge.core.release import Item
from cyberweek.knowledge.formats.bank import read_bank, shipped_files, shipped_topics
from cyberweek.regions.models import Unit


class Command(BaseCommand):
    help = "Load topics and items of a bank: those that ship, or files of your own. Loading again adds nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, help="JSON files of items; default: the bank that ships")
        parser.add_argument(
            "--owner", help="code of the unit that owns new items; default: the one that leads the Week"
        )
        parser.add_argument(
            "--update", action="store_true", help="items that say something else take what the files say"
        )

    def handle(self, *, files: list[Path], owner: str | None, update: bool, verbosity: int, **_options: Any) -> None:
        items = self._read(files or shipped_files())
        load_topics(shipped_topics())
        try:
            loaded = load_bank(owner=self._owner(owner), contents=items, by=None, now=timezone.now(), update=update)
        except ItemsRefusedError as error:
            raise CommandError(f"Nothing was loaded.\n{error}") from error
        changed = "updated" if update else "kept as they are, though the files say otherwise"
        if verbosity:
            self.stdout.write(
                f"{loaded.added} items added, {loaded.same} already there, {len(loaded.different)} {changed}."
            )

    def _read(self, files: list[Path]) -> list[Item]:
        items, problems = [], []
        for file in files:
            try:
                reading = read_bank(file.read_bytes())
            except OSError as error:
                raise CommandError(f"{file}: {error.strerror}") from error
            items += reading.items
            problems += [f"{file.name}: {problem}" for problem in reading.problems]
        if problems:
            raise CommandError("\n".join(["Nothing was loaded.", *problems]))
        return items

    def _owner(self, code: str | None) -> Unit:
        if code:
            unit = Unit.objects.filter(code=code).first()
        else:
            edition = current_edition()
            unit = edition.owner if edition else None
        if unit is None:
            raise CommandError(
                f"There is no unit {code}." if code else "There is no edition yet: say whose with --owner."
            )
        return unit
