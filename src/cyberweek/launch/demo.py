"""`cyberweek demo`: a whole Week in the browser, from nothing, with a crowd that plays."""

from __future__ import annotations

import os
import sys
from typing import Final

from .environment import data_folder, prepared
from .processes import Processes, Stopped, stop_on_signals
from .samples import ACCOUNTS, NATIONAL, PASSWORD
from .serve import address, collect_static_files, refuse_taken_port, set_up_django, start_server, wait_until_ready

WORK_OF_CROWD: Final = "500"


def demo(arguments: list[str]) -> int:
    """Prepare what is missing, start everything, print where to look, and stay until a signal comes."""
    if arguments:
        sys.stderr.write("cyberweek demo takes no arguments; PORT, DATA_DIR and CROWD come from the environment.\n")
        return 2
    stop_on_signals()
    processes = Processes()
    try:
        refuse_taken_port()
        os.environ["DEMO"] = "1"
        os.environ.setdefault("PROOF_WORK", WORK_OF_CROWD)  # the crowd does the sums of thousands on this one machine
        os.environ.setdefault("PASSPORTS_A_DAY", "1000000")  # and comes from one address
        with prepared() as database:
            set_up_django()
            from .filling import fill  # noqa: PLC0415 -- models need Django set up

            fill()
            collect_static_files()
            try:
                start_server(processes)
                wait_until_ready(processes)
                if os.environ.get("CROWD", "1").strip() != "0":
                    processes.start("crowd", "cyberweek", "simulate", needed=False)
                _tell()
                processes.watch(database)
            finally:
                processes.stop()
    except Stopped:
        pass
    sys.stdout.write("stopped\n")
    return 0


def _tell() -> None:
    home = address()
    rows = [
        ("the Week", home),
        ("programme", f"{home}{NATIONAL}/programme/"),
        ("contest", f"{home}{NATIONAL}/play/"),
        ("final", f"{home}{NATIONAL}/finals/grand-final/"),
        ("wall", f"{home}wall"),
        ("desk", f"{home}desk/"),
        ("arena API", f"{home}arena/v1/openapi.json"),
    ]
    lines = [f"  {name:<11}{url}" for name, url in rows]
    lines.append("")
    lines += [f"  sign in     {one.username:<10}{one.unit:<14}{', '.join(one.roles)}" for one in ACCOUNTS]
    lines += [f"  password    {PASSWORD}   (the six-digit code is shown at sign-in)", ""]
    lines.append(f"  data        {data_folder()}   (CROWD=0: no simulated participants)")
    lines.append("  stop        Ctrl-C")
    sys.stdout.write("\nCyberweek: the Week of 2019, rehearsed as if today were its fourth day\n\n")
    sys.stdout.write("\n".join(lines) + f"\nready  {home}\n")
    sys.stdout.flush()
