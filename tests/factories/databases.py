"""Migrated databases by the copy: migrating takes ten seconds, a copy of what was migrated a tenth of one.

The original stays in the server between runs, under a name made of all that it follows from.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager, suppress
from functools import cache
from hashlib import sha256
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from cyberweek.launch.postgres import BIN

ROOT = Path(__file__).parents[2]
FOLLOWS_FROM = ("*/migrations/*.py", "*/models.py", "*/models/*.py", "*/apps.py", "settings/*.py")
PREFIX = "migrated_"
_LOCK = 7_262_414  # any number that nobody else locks


def at(database: str) -> str:
    """The address of another database on the server of the tests."""
    return make_conninfo(**{**conninfo_to_dict(os.environ["DATABASE_URL"]), "dbname": database})


def administer(statement: str, *names: str) -> None:
    with psycopg.connect(at("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextmanager
def fresh_database(name: str, template: str | None = None):
    """The address of a copy of `template` (an original of `migrated` where none is named), dropped at the end."""
    _copy(template or migrated(), name)
    try:
        yield at(name)
    finally:
        administer("DROP DATABASE {} WITH (FORCE)", name)


def _copy(original: str, name: str) -> None:
    """PostgreSQL waits five seconds for whoever is just leaving the original; a laden machine takes longer."""
    for _ in range(11):
        with suppress(psycopg.errors.ObjectInUse):
            administer("CREATE DATABASE {} TEMPLATE {}", name, original)
            return
    administer("CREATE DATABASE {} TEMPLATE {}", name, original)


def copy_to_server(url: str) -> None:
    """The migrated database once more, in an empty database of another server."""
    with fresh_database(f"dumped_{os.getpid()}") as copy:  # the original can be copied by nobody while it is read
        dumped = subprocess.run([BIN / "pg_dump", "--dbname", copy], check=True, stdout=subprocess.PIPE).stdout
    quiet = ["--quiet", "--no-psqlrc", "--output=/dev/null", "--set=ON_ERROR_STOP=1"]
    subprocess.run([BIN / "psql", *quiet, "--dbname", url], check=True, input=dumped)


@cache
def migrated() -> str:
    """The name of a database with every migration applied and nothing else in it; to be copied, never to be used."""
    name = PREFIX + _fingerprint()
    with psycopg.connect(at("postgres"), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])  # until the connection closes
        query = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
        found = [row[0] for row in connection.execute(query, [PREFIX])]
        if name not in found:
            for old in found:
                with suppress(psycopg.errors.ObjectInUse):
                    connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(old)))
            _make(name)
    return name


def _make(name: str) -> None:
    """Whole or not at all: a run that is broken off leaves no half-migrated original behind."""
    half = f"half_{name}"
    administer("DROP DATABASE IF EXISTS {} WITH (FORCE)", half)
    administer("CREATE DATABASE {}", half)
    environment = {**os.environ, "DATABASE_URL": at(half), "PYTHONPATH": str(ROOT / "src")}
    migrate = [sys.executable, "-m", "django", "migrate", "--verbosity=0", "--skip-checks"]
    subprocess.run(migrate, check=True, env=environment, cwd=ROOT)
    administer("ALTER DATABASE {} RENAME TO {}", half, name)


def _fingerprint() -> str:
    source = ROOT / "src" / "cyberweek"
    files = sorted({path for pattern in FOLLOWS_FROM for path in source.glob(pattern)})
    digest = sha256()
    for path in [ROOT / "uv.lock", *files]:
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
