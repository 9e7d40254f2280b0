"""The command `cyberweek`: demo, serve, simulate, replay, manage."""

from __future__ import annotations

import sys
from typing import Final

from cyberweek.launch.crowd import simulate
from cyberweek.launch.demo import demo
from cyberweek.launch.environment import prepared
from cyberweek.launch.failures import CannotStart
from cyberweek.launch.replay import replay
from cyberweek.launch.serve import serve

USAGE: Final = """\
cyberweek demo               a whole Week in the browser: sample edition, simulated crowd
cyberweek serve              web, arena and worker, on HOST and PORT; --only web|arena|worker: one of them
cyberweek simulate           a paced crowd that plays the contest of a running server
cyberweek replay             reread the ledger: does it lead to the boards that are shown?
cyberweek manage COMMAND     Django's commands: migrate, loadregions, loadedition, …
"""


def manage(arguments: list[str]) -> int:
    """Run a Django command, with the embedded server where no other is named."""
    with prepared():
        from django.core.management import execute_from_command_line  # noqa: PLC0415 -- settings need `prepared`

        execute_from_command_line(["cyberweek manage", *arguments])
    return 0


COMMANDS: Final = {"demo": demo, "serve": serve, "simulate": simulate, "replay": replay, "manage": manage}


def main(arguments: list[str] | None = None) -> int:
    """Entry point. What stands in the way is told in one sentence, with exit status 1."""
    name, *rest = (sys.argv[1:] if arguments is None else arguments) or ["help"]
    if name not in COMMANDS:
        sys.stdout.write(USAGE)
        return 0 if name in {"help", "--help", "-h"} else 2
    try:
        return COMMANDS[name](rest)
    except CannotStart as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
