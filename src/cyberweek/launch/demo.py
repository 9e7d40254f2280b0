"""`cyberweek demo`: a whole Week in the browser, from nothing, with a crowd that plays."""

from __future__ import annotations

import os
import sys
from typing import Final, NamedTuple

from .environment import data_folder, prepared
from .processes import Processes, Stopped, stop_on_signals
from .serve import address, collect_static_files, refuse_taken_port, start_server, wait_until_ready

NATIONAL: Final = "2019-national"
PASSWORD: Final = "a week for everyone"  # noqa: S105 -- of sample accounts, printed at every start
AUTHENTICATOR_KEY: Final = b"sample accounts only".hex()
DAY_OF_REHEARSAL: Final = 4
WORK_OF_CROWD: Final = "500"


class Sample(NamedTuple):
    """A sample account: who signs in, where they serve, as what."""

    username: str
    name: str
    unit: str
    roles: tuple[str, ...]
    keeper: bool = False


ACCOUNTS: Final = (
    Sample("national", "林悦 Lin Yue", "cac", ("coordinator",), keeper=True),
    Sample("tianjin", "赵磊 Zhao Lei", "cac-tianjin", ("coordinator",)),
    Sample("editor", "孙立新 Sun Lixin", "cac-tianjin", ("editor",)),
    Sample("fujian", "陈榕 Chen Rong", "cac-fujian", ("coordinator",)),
)


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
            _prepare_database()
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


def _prepare_database() -> None:
    """Migrate; load what is not there yet; move the edition so that today is its fourth day."""
    import django  # noqa: PLC0415 -- settings need the prepared environment

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from cyberweek.editions.actions import rehearse_edition  # noqa: PLC0415
    from cyberweek.editions.queries import current_edition, editions_published  # noqa: PLC0415
    from cyberweek.finals.actions import open_sample_final  # noqa: PLC0415
    from cyberweek.honours.actions import open_sample_call  # noqa: PLC0415
    from cyberweek.indicators.actions import open_sample_reports  # noqa: PLC0415
    from cyberweek.knowledge.actions import open_sample_contest  # noqa: PLC0415
    from cyberweek.planning.actions import open_sample_plan  # noqa: PLC0415
    from cyberweek.readiness.actions import make_forecast, open_sample_readiness  # noqa: PLC0415
    from cyberweek.readiness.queries import last_forecast  # noqa: PLC0415
    from cyberweek.summaries.actions import open_sample_summaries  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    if not editions_published().filter(slug=NATIONAL).exists():
        call_command("loadregions", verbosity=0)
        call_command("loadedition", NATIONAL, verbosity=0)
        call_command("loadedition", "2022-fujian", verbosity=0)
        call_command("loaditems", verbosity=0)
        _open_accounts()
    now = timezone.now()
    edition = editions_published().get(slug=NATIONAL)
    if current_edition() == edition:
        rehearse_edition(edition=edition, day=DAY_OF_REHEARSAL, by=None, now=now)
    edition.refresh_from_db()
    open_sample_plan(edition=edition, by=None, now=now)
    open_sample_readiness(edition=edition, by=None, now=now)
    open_sample_contest(edition=edition, by=None, now=now)
    open_sample_final(edition=edition, by=None, now=now)
    open_sample_call(edition=edition, by=None, now=now)
    open_sample_reports(edition=edition, now=now)
    open_sample_summaries(edition=edition, base=address().rstrip("/"), now=now)
    if last_forecast(edition) is None:
        make_forecast(edition=edition, now=now)
    connection.close()


def _open_accounts() -> None:
    """The sample organisers; their second factor is shown at sign-in while DEMO is on."""
    from cyberweek.accounts.actions import create_organiser, enrol_with_known_secret  # noqa: PLC0415
    from cyberweek.regions.actions import appoint  # noqa: PLC0415
    from cyberweek.regions.models import Unit  # noqa: PLC0415

    for sample in ACCOUNTS:
        person = create_organiser(
            username=sample.username, name=sample.name, password=PASSWORD, by=None, is_keeper=sample.keeper
        )
        enrol_with_known_secret(user=person, key=AUTHENTICATOR_KEY)
        appoint(person=person, unit=Unit.objects.get(code=sample.unit), roles=list(sample.roles), by=None)


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
