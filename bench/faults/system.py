"""Embedded PostgreSQL and arenas under the supervisor of `cyberweek serve`; what the harness kills and restarts.

python -m bench.faults.system FOLDER PORT… (SECRET_KEY in the environment) serves until SIGTERM.
"""

import os
import sys
from pathlib import Path

from cyberweek.launch.postgres import EmbeddedPostgres
from cyberweek.launch.processes import Processes, Stopped, stop_on_signals


def main(folder: Path, ports: list[str]) -> None:
    stop_on_signals()
    database, processes = EmbeddedPostgres(folder), Processes()
    try:
        url = database.start()
        for port in ports:
            processes.start(
                f"arena {port}", os.environ.get("ARENA", "cyberweek.arena"), "--host", "127.0.0.1", "--port", port,
                DATABASE_URL=url, SECRET_KEY=os.environ["SECRET_KEY"],
            )  # fmt: skip
        processes.watch(database)
    except Stopped:
        pass
    finally:
        processes.stop()
        database.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
