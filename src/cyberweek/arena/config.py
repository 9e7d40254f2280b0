"""Settings: from the environment, and nothing else."""

import os
from collections.abc import Mapping
from typing import Final, Self

import msgspec

from cyberweek.kernel.core.addresses import trusted_networks

USUAL_WORK: Final = 200_000
USUAL_PASSPORTS: Final = 10_000
MOST_WORK: Final = 20_000_000
"""Iterations: a minute of a good telephone. More is a slip of the keyboard."""


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

    proof_work: int = USUAL_WORK
    """Iterations that a passport's proof of work takes on average, for the first of a network block and day."""
    passports_a_day: int = USUAL_PASSPORTS
    """Passports that one network block gets in a day; above it 429."""
    trusted_proxies: str = ""
    """Addresses and networks, with commas, whose X-Forwarded-For is believed."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        missing = [name for name in ("DATABASE_URL", "SECRET_KEY") if not environment.get(name)]
        if missing:
            raise RuntimeError(f"the arena needs {' and '.join(missing)} in its environment")
        return cls(
            database_url=environment["DATABASE_URL"],
            secret_key=environment["SECRET_KEY"],
            proof_work=_whole(environment, "PROOF_WORK", USUAL_WORK, MOST_WORK),
            passports_a_day=_whole(environment, "PASSPORTS_A_DAY", USUAL_PASSPORTS, 2**31 - 1),
            trusted_proxies=_networks(environment, "TRUSTED_PROXIES"),
        )


def _whole(environment: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = environment.get(name, "").strip() or str(default)
    if not text.isdecimal() or not 1 <= int(text[:12]) <= most:
        raise RuntimeError(f"{name} must be a number from 1 to {most}, not {text!r}")
    return int(text)


def _networks(environment: Mapping[str, str], name: str) -> str:
    text = environment.get(name, "").strip()
    try:
        trusted_networks(text)
    except ValueError as error:
        raise RuntimeError(f"{name} must list addresses and networks with commas: {error}") from None
    return text
