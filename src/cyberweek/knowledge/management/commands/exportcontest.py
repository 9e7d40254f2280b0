from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cyberweek.knowledge.core.chain import signing_key
from cyberweek.knowledge.models import Contest
from cyberweek.knowledge.queries.exporting import NotYetError, write_export
from cyberweek.knowledge.queries.proofs import contests_that_share_items

SAID = {
    "unknown": "There is no released contest {slug}.",
    "open": "{slug} is not over yet, or its last answers may still be on their way: an export holds the keys.",
    "behind": "The standings have not read all of {slug} yet: is an arena running?",
}


class Command(BaseCommand):
    help = "Write the export of a closed contest: a file from which anybody recomputes its result (docs/export.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the contest's short name")
        parser.add_argument("file", type=Path, help="where to; an existing file is replaced when the new one is whole")

    def handle(self, *, slug: str, file: Path, verbosity: int, **_options: Any) -> None:
        now = timezone.now()
        contest = Contest.objects.filter(slug=slug).first()
        if contest and (sharing := contests_that_share_items(contest, now)):
            raise CommandError(f"{sharing[0].slug} is still played with items of {slug}: an export holds their keys.")
        draft = file.with_name(f".{file.name}.part")
        try:
            with draft.open("wb") as out:
                key = signing_key(settings.SECRET_KEY)
                written = write_export(slug, write=out.write, key=key, now=now)
            draft.replace(file)
        except NotYetError as error:
            draft.unlink()
            raise CommandError(SAID[error.reason].format(slug=slug)) from error
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise CommandError(f"{file}: {error.strerror}") from error
        if verbosity:
            self.stdout.write(
                f"{written.papers} papers, batches {written.first} to {written.last}, {written.size} bytes\n"
                f"boards  {written.boards}\nhead    {written.head}\nsha256  {written.sha256}"
            )
