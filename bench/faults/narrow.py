"""An arena that takes little: small batches, so that one machine can offer it ten times what it takes."""

from typing import Final

import msgspec

from cyberweek.arena.app import Arena
from cyberweek.arena.clock import Clock
from cyberweek.arena.config import Config
from cyberweek.arena.rsgi import App

BATCH_LIMIT: Final = 16


class NarrowApp(App):
    async def _start(self) -> None:
        config = msgspec.structs.replace(Config.from_environment(), batch_limit=BATCH_LIMIT)
        self._arena = Arena(config, Clock())
        await self._arena.start()


app = NarrowApp()
