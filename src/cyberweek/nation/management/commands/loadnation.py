"""`manage loadnation [EDITION]`: a simulated nation, to try everything at the size that it has in earnest."""

from __future__ import annotations

import argparse
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cyberweek.nation.actions import PASSWORD, Refused, load_nation, open_sample_accounts
from cyberweek.nation.core.course import YEARS


class Command(BaseCommand):
    help = (
        "Make an edition of a simulated nation: 31 provinces, 3,000 units, 200,000 tasks, 60,000 activities with reports, "
        "five earlier years. Everything is marked as illustrative. Done before, nothing is changed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("edition", nargs="?", default="nation", help="short name of the edition that is made")
        parser.add_argument("--seed", type=int, default=1, help="another seed is another nation")
        parser.add_argument("--share", type=_share, default=1.0, help="of the full size: 0.01 is a nation of 30 units")
        parser.add_argument("--days-before", type=int, default=12, help="how many days before the opening today is")
        parser.add_argument("--years", type=int, choices=range(YEARS + 1), default=YEARS, help="years of history")
        parser.add_argument(
            "--sample-accounts", action="store_true",
            help="let the coordinators of one unit of each level sign in with a published password (never in earnest)",
        )  # fmt: skip

    def handle(
        self, *, edition: str, seed: int, share: float, days_before: int, years: int, sample_accounts: bool,
        verbosity: int, **_options: Any,
    ) -> None:  # fmt: skip
        def say(what: str, seconds: float) -> None:
            if verbosity:
                self.stdout.write(f"{what}: {seconds:.1f} s")
                self.stdout.flush()

        try:
            loaded = load_nation(
                slug=edition, now=timezone.now(), seed=seed, share=share, days_before=days_before, years=years, say=say
            )
        except Refused as problem:
            raise CommandError(str(problem)) from None
        names = open_sample_accounts() if sample_accounts or settings.DEMO else []
        if not verbosity:
            return
        told = ", ".join(f"{n:,} {what}" for what, n in loaded.counts.items()) or "there already, nothing was changed"
        self.stdout.write(f"{edition}: {told}")
        if loaded.seconds:
            self.stdout.write(f"It took {sum(loaded.seconds.values()):.0f} s.")
        if names:
            self.stdout.write(f"Sample accounts: {', '.join(names)}; password: {PASSWORD}")


def _share(text: str) -> float:
    value = float(text)
    if not 0 < value <= 1:
        raise argparse.ArgumentTypeError("more than 0, at most 1")
    return value
