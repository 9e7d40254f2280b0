"""The database of the tests: DATABASE_URL where it is given, else an embedded PostgreSQL under var/test.

What is the same for all tests is made once: bytecode, the migrated database (`factories.databases`), the browser and
its server (`scheduling`).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from threading import Thread

_ROOT = Path(__file__).resolve().parent.parent
os.environ.setdefault("DATA_DIR", str(_ROOT / "var" / "test"))
os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 40)
os.environ["DJANGO_SETTINGS_MODULE"] = "cyberweek.settings.testing"
# Tests start some sixty processes; each would compile all that it imports where the environment forbids to keep it.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

import django  # noqa: E402 -- after the environment
import psycopg  # noqa: E402 -- as above
import pytest  # noqa: E402 -- as above
from hypothesis import HealthCheck, settings  # noqa: E402 -- as above
from tools.build_messages import compile_catalogues  # noqa: E402 -- as above

from cyberweek.launch.postgres import EmbeddedPostgres  # noqa: E402 -- as above

# A laden machine is slow, not wrong; and what is refused or taken is not a matter of luck: the same examples each time.
# `--hypothesis-profile=explore` looks further.
settings.register_profile("explore", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("house", settings.get_profile("explore"), derandomize=True)
settings.load_profile("house")

# What the tests' own server holds is of no worth when the power goes (servers that are killed on purpose are others),
# and whoever vacuums a database sits in it: while he does, it cannot be copied.
OFF = ("fsync", "full_page_writes", "synchronous_commit", "autovacuum")

if "PYTEST_XDIST_WORKER" not in os.environ:  # once, before anybody reads them
    compile_catalogues(_ROOT)

pytest_plugins = ["tests.factories.cast", "tests.factories.clock"]

_server: EmbeddedPostgres | None = None
if not os.environ.get("DATABASE_URL"):
    # xdist workers inherit DATABASE_URL from the first process, which starts and stops the server.
    _server = EmbeddedPostgres(Path(os.environ["DATA_DIR"]) / "postgres")
    os.environ["DATABASE_URL"] = _server.start()
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as _connection:
        for _name in OFF:
            _connection.execute(f"ALTER SYSTEM SET {_name} = off")
        _connection.execute("SELECT pg_reload_conf()")
django.setup()


_maker: Thread | None = None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config, specs) -> None:
    """The migrated database is made while the workers collect; they wait for it where it takes longer."""
    from tests.factories.databases import migrated

    global _maker  # noqa: PLW0603 -- the process has one
    _maker = Thread(target=migrated)
    _maker.start()


def pytest_unconfigure(config) -> None:
    if _maker:
        _maker.join()
    if _server and not hasattr(config, "workerinput"):
        _server.stop()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix) -> None:
    """The test database is a copy of the migrated one."""
    from django.db import connections

    from tests.factories.databases import migrated

    connections["default"].settings_dict["TEST"]["TEMPLATE"] = migrated()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    if config.getvalue("dist") != "loadfile":
        return None
    from tests.scheduling import HouseScheduling

    return HouseScheduling(config, log)


def pytest_collection_modifyitems(config, items) -> None:
    if hasattr(config, "workerinput"):
        from tests.scheduling import long_ones_first

        long_ones_first(items)
