"""How many passports a network block got today, and what a passport remembers of where it came from.

An address is never stored. What is stored is a keyed hash of its block: for counting with a key that changes every day,
for a participant with a key that changes every year. Whoever has SECRET_KEY and the hashes could try all addresses of
IPv4; the hashes therefore have a delete date (docs/threats.md).
"""

from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Final

from cyberweek.arena.clock import Clock
from cyberweek.arena.config import Config
from cyberweek.arena.http import Request
from cyberweek.kernel.core.addresses import block_of, client_address, trusted_networks
from cyberweek.kernel.core.tokens import derive_key

_BYTES: Final = 16


class Networks:
    def __init__(self, config: Config, clock: Clock) -> None:
        self._secret = config.secret_key
        self._trusted = trusted_networks(config.trusted_proxies)
        self._clock = clock

    def block(self, request: Request) -> bytes:
        """The block that asks. Only a trusted peer's word is taken for another address than its own."""
        return block_of(client_address(request.peer(), request.header_lines("x-forwarded-for"), self._trusted))

    def today(self) -> str:
        return self._now().date().isoformat()

    def seconds_left_today(self) -> int:
        now = self._now()
        midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), UTC)
        return max(1, int((midnight - now).total_seconds()))

    def of_day(self, block: bytes) -> bytes:
        return self._hash(f"network of {self.today()}", block)

    def of_season(self, block: bytes) -> bytes:
        """What shows that participants of one year came from one block."""
        return self._hash(f"network of {self.today()[:4]}", block)

    def device(self, token: str | None) -> bytes | None:
        return None if token is None else self._hash("device", token.encode())

    def _hash(self, purpose: str, data: bytes) -> bytes:
        return blake2b(data, digest_size=_BYTES, key=derive_key(self._secret, f"passport {purpose}")).digest()

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock.now_ms() / 1000, UTC)
