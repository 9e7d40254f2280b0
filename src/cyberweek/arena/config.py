"""Settings: from the environment, and nothing else."""

import os
from collections.abc import Mapping
from typing import Self

import msgspec


class Config(msgspec.Struct, frozen=True):
    database_url: str
    secret_key: str
    queue_limit: int = 4096
    """Requests that may wait for the ledger in one process; above it 503."""
    queue_seconds: float = 1.0
    """How long a request may have to wait, by the pace of the last batches; above it 503 too."""
    batch_limit: int = 512
    """Entries of one transaction."""
    live_limit: int = 20_000
    """Listeners to `live` in one process; above it 503."""
    standings_seconds: float = 0.5
    """How often the elected worker reads the ledger."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        missing = [name for name in ("DATABASE_URL", "SECRET_KEY") if not environment.get(name)]
        if missing:
            raise RuntimeError(f"the arena needs {' and '.join(missing)} in its environment")
        return cls(database_url=environment["DATABASE_URL"], secret_key=environment["SECRET_KEY"])
