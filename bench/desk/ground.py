"""The ground of a run: a database with a simulated nation, the real server before it, people signed in."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import httpx
import psycopg
from bench.arena.ground import publish
from bench.arena.servers import wait_until_ready
from django_otp.oath import TOTP

from cyberweek.launch.postgres import EmbeddedPostgres

SECRET: Final = "a secret for the bench only, long enough to be one"  # noqa: S105 -- it opens nothing
PORT: Final = 8798
HOME: Final = f"http://127.0.0.1:{PORT}"
EDITION: Final = "nation"
PEOPLE: Final = {"nation": "sim-cn", "province": "sim-350000", "city": "sim-350100", "county": "sim-350102"}
WORKSHOP: Final = "/var/tmp"  # noqa: S108 -- a disk, as /tmp may not be; a folder of our own is made in it
_PATIENCE: Final = 180


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


@contextmanager
def database(url: str | None) -> Iterator[tuple[str, dict[str, float]]]:
    """A database with the nation, and what the steps of its loading took: the one that is given, or a fresh one."""
    if url:
        yield url, {}
        return
    with TemporaryDirectory(prefix="cyberweek-desk-", dir=WORKSHOP, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)  # the system user that runs PostgreSQL passes through
        server = EmbeddedPostgres(folder / "postgres")
        try:
            fresh = server.start()
            manage(fresh, "migrate", "--verbosity=0")
            manage(fresh, "loadregions", "--verbosity=0")
            told = manage(fresh, "loadnation", EDITION, "--sample-accounts")
            say(told)
            # Rows that come over a year are tidied up as they come; these came in three minutes, and what would be
            # measured is their tidying up.
            with psycopg.connect(fresh, autocommit=True) as connection:
                connection.execute("VACUUM (ANALYZE)")
            yield fresh, {what: float(took) for what, took in re.findall(r"^(.+): ([0-9.]+) s$", told, re.MULTILINE)}
        finally:
            server.stop()


def environment(url: str) -> dict[str, str]:
    return {**os.environ, "DATABASE_URL": url, "SECRET_KEY": SECRET, "DJANGO_SETTINGS_MODULE": "cyberweek.settings"}


def manage(url: str, *command: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "django", *command, "--skip-checks"],
        check=True, env=environment(url), stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return done.stdout


@contextmanager
def website(url: str) -> Iterator[None]:
    """The whole of it as `cyberweek serve` runs it, on PORT: pages, arena, static files, worker."""
    with psycopg.connect(url) as connection:
        released = connection.execute("SELECT EXISTS (SELECT FROM knowledge_release)").fetchone()
    if released == (False,):
        publish(url)  # without one the arena is not ready, and so the server is not
    with TemporaryDirectory(prefix="cyberweek-desk-web-", dir=WORKSHOP, ignore_cleanup_errors=True) as folder:
        settings = {**environment(url), "DATA_DIR": folder, "PORT": str(PORT)}
        process = subprocess.Popen(
            [sys.executable, "-m", "cyberweek", "serve"], env=settings, stdout=subprocess.DEVNULL
        )
        try:
            wait_until_ready(process, PORT)
            yield
        finally:
            process.terminate()
            process.wait(30)


def signed_in(username: str, password: str, key: bytes) -> httpx.Client:
    """Sign in with the password and the six digits, as a person does."""
    client = httpx.Client(base_url=HOME, headers={"Accept-Language": "en"}, timeout=_PATIENCE)
    client.get("/sign-in/")
    _post(client, "/sign-in/", username=username, password=password)
    answer = _post(client, "/sign-in/code/", code=f"{TOTP(key).token():06d}")
    if answer.status_code != 302 or client.get("/desk/", follow_redirects=True).status_code != 200:
        sys.exit(f"{username} cannot sign in ({answer.status_code})")
    return client


def _post(client: httpx.Client, path: str, **fields: str) -> httpx.Response:
    page = client.get(path)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    if token is None:
        sys.exit(f"{path} has no form ({page.status_code})")
    return client.post(path, data={"csrfmiddlewaretoken": token[1], **fields}, headers={"Referer": HOME + path})
