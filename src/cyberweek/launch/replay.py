"""`cyberweek replay`: reread the whole ledger, and say whether it leads to the boards that are shown."""

from __future__ import annotations

import os
import sys

from cyberweek.arena.replay import replay as reread
from cyberweek.knowledge.core.chain import signing_key

from .environment import prepared
from .failures import CannotStart


def replay(arguments: list[str]) -> int:
    """Verify chain and signatures, regrade every paper, rebuild every board. Exit status 1 names what does not hold."""
    if arguments:
        sys.stderr.write("cyberweek replay takes no arguments; DATABASE_URL or DATA_DIR say whose ledger is read.\n")
        return 2
    with prepared():
        if not os.environ.get("SECRET_KEY", "").strip():
            raise CannotStart("SECRET_KEY is not set: with DATABASE_URL, set the key that the server signs with.")
        report = reread(os.environ["DATABASE_URL"], signing_key(os.environ["SECRET_KEY"]).public_key())
    sys.stdout.write(
        f"{report.batches} batches, {report.entries} entries, {report.submits} papers\n"
        f"head    {report.head or '-'}\nboards  {report.boards}\n"
    )
    for fault in report.faults:
        sys.stderr.write(f"{fault}\n")
    sys.stdout.write("everything holds\n" if report.holds else f"{len(report.faults)} faults\n")
    return 0 if report.holds else 1
