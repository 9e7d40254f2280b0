"""The command `cyberweek`: demo, serve, simulate, replay, verify, manage.

Each command is imported when it is called: `verify` runs where there is neither Django nor a database.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Final

from cyberweek.launch.failures import CannotStart

USAGE: Final = """\
cyberweek demo               a whole Week in the browser: sample edition, simulated crowd
cyberweek serve              web, arena and worker, on HOST and PORT; --only web|arena|worker: one of them
cyberweek simulate           a paced crowd that plays the contest of a running server
cyberweek replay             reread the ledger: does it lead to the boards that are shown?
cyberweek verify EXPORT      check the export of a contest: chain, papers, boards; needs nothing but the file
cyberweek manage COMMAND     Django's commands: migrate, loadregions, loadedition, exportcontest, …
"""

COMMANDS: Final = {
    "demo": "cyberweek.launch.demo:demo",
    "serve": "cyberweek.launch.serve:serve",
    "simulate": "cyberweek.launch.crowd:simulate",
    "replay": "cyberweek.launch.replay:replay",
    "manage": "cyberweek.launch.manage:manage",
    "verify": "cyberweek.verify.command:verify",
}


def main(arguments: list[str] | None = None) -> int:
    """Entry point. What stands in the way is told in one sentence, with exit status 1."""
    name, *rest = (sys.argv[1:] if arguments is None else arguments) or ["help"]
    if name not in COMMANDS:
        sys.stdout.write(USAGE)
        return 0 if name in {"help", "--help", "-h"} else 2
    module, _, function = COMMANDS[name].partition(":")
    try:
        return int(getattr(import_module(module), function)(rest))
    except CannotStart as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
