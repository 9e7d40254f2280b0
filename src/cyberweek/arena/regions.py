"""The regions table in memory: small, read at start, read again when someone names a code that we do not know."""

from typing import TYPE_CHECKING, Final, NamedTuple

from cyberweek.arena.clock import Clock
from cyberweek.arena.database import Connection, Pool
from cyberweek.arena.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

ALL: Final = "SELECT code, level, ancestry FROM regions_region"
_REREAD_MS: Final = 10_000


class Region(NamedTuple):
    code: str
    level: str
    ancestry: tuple[str, ...]
    """Codes from the nation down to and including this region."""


class Regions:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._regions: Mapping[str, Region] = {}
        self._read_at = 0

    def __len__(self) -> int:
        return len(self._regions)

    async def load(self, connection: Connection) -> None:
        rows = await (await connection.execute(ALL)).fetchall()
        self._regions = {code: Region(code, level, tuple(ancestry)) for code, level, ancestry in rows}
        self._read_at = self._clock.now_ms()

    async def find(self, code: str, pool: Pool) -> Region:
        if code not in self._regions and self._clock.now_ms() - self._read_at > _REREAD_MS:
            self._read_at = self._clock.now_ms()
            async with pool.connection() as connection:
                await self.load(connection)
        if code not in self._regions:
            raise Problem("unknown-region", region=code)
        return self._regions[code]

    def root(self) -> Region:
        """The nation: what a board is about when no region is asked for."""
        nations = sorted(region for region in self._regions.values() if len(region.ancestry) == 1)
        if not nations:
            raise Problem("not-ready", reason="no regions are loaded")
        return nations[0]

    def at_level(self, level: str) -> list[str]:
        return [region.code for region in self._regions.values() if region.level == level]
