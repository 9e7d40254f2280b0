"""The database of the tests: DATABASE_URL where it is given, else an embedded PostgreSQL under var/test."""

from __future__ import annotations

import os
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
os.environ.setdefault("DATA_DIR", str(_ROOT / "var" / "test"))
os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 40)
os.environ["DJANGO_SETTINGS_MODULE"] = "cyberweek.settings.testing"

import django  # noqa: E402 -- after the environment
from hypothesis import HealthCheck, settings  # noqa: E402

from cyberweek.launch.postgres import EmbeddedPostgres  # noqa: E402 -- after the environment

# A laden machine is slow, not wrong.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

pytest_plugins = ["tests.factories.cast"]

_server: EmbeddedPostgres | None = None
if not os.environ.get("DATABASE_URL"):
    # xdist workers inherit DATABASE_URL from the first process, which starts and stops the server.
    _server = EmbeddedPostgres(Path(os.environ["DATA_DIR"]) / "postgres")
    os.environ["DATABASE_URL"] = _server.start()
django.setup()


def pytest_unconfigure(config) -> None:
    if _server and not hasattr(config, "workerinput"):
        _server.stop()
