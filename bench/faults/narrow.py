"""An arena that takes little: small batches, so that one machine can offer it ten times what it takes."""

from typing import Final

import msgspec

from cyberweek.arena import __main__ as server
from cyberweek.arena.config import Config

BATCH_LIMIT: Final = 16


if __name__ == "__main__":
    server.main(msgspec.structs.replace(Config.from_environment(), batch_limit=BATCH_LIMIT))
