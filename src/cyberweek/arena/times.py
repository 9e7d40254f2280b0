"""Instants as the API writes them."""

from datetime import UTC, datetime
from functools import lru_cache


def as_instant(at_ms: int) -> str:
    second, milliseconds = divmod(at_ms, 1000)
    return f"{_second(second)}.{milliseconds:03d}Z"


@lru_cache(maxsize=1024)
def _second(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).isoformat().removesuffix("+00:00")
