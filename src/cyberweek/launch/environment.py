"""Before Django reads its settings: the secret key on disk, and an embedded PostgreSQL where none is named."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .failures import CannotStart
from .postgres import EmbeddedPostgres


def data_folder() -> Path:
    """DATA_DIR, made when missing. Raises CannotStart when it cannot be written."""
    folder = Path(os.environ.get("DATA_DIR", "").strip() or "./var").expanduser().resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".write-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as problem:
        raise CannotStart(f"Cannot write to {folder}: {problem.strerror}. Set DATA_DIR to a folder of yours.") from None
    return folder


def keep_secret_key(folder: Path) -> None:
    """Make the key that signs sessions and passports, once, readable by the owner alone."""
    path = folder / "secret.key"
    if os.environ.get("SECRET_KEY") or path.exists():
        return
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))


@contextmanager
def prepared() -> Iterator[EmbeddedPostgres | None]:
    """Set the environment for everything that starts within; stop the embedded server at the end if it was ours.

    Yields the embedded server, to be looked after; None where DATABASE_URL names another one.
    """
    folder = data_folder()
    os.environ["DATA_DIR"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cyberweek.settings")
    if os.environ.get("DATABASE_URL", "").strip():
        yield None
        return
    keep_secret_key(folder)
    server = EmbeddedPostgres(folder / "postgres")
    os.environ["DATABASE_URL"] = server.start()
    os.environ.setdefault("SECRET_KEY", (folder / "secret.key").read_text(encoding="ascii").strip())
    try:
        yield server
    finally:
        server.stop()
