"""A small file system of its own for the data folder, so that it can be full in earnest.

As root an ext4 image is mounted (`loop`): ENOSPC comes where the kernel gives it, in the middle of a file, at a new WAL
segment, in pg_ctl itself. Where mounting is not allowed every process of PostgreSQL gets RLIMIT_FSIZE 0 instead
(`rlimit`): every write fails with EFBIG, which PostgreSQL meets in the same places, only sooner.
"""

import os
import resource
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, Literal

MIB: Final = 1024 * 1024


class Volume:
    def __init__(self, folder: Path, kind: Literal["loop", "rlimit"]) -> None:
        self.folder = folder
        self.kind = kind
        self._ballast = folder / "ballast"

    def fill(self, processes: list[int]) -> None:
        """From now on nothing more can be written; `processes` are those of the database."""
        if self.kind == "rlimit":
            _limit(processes, 0)
            return
        with self._ballast.open("wb", buffering=0) as file:
            for piece in (64 * MIB, MIB, 4096):
                with suppress(OSError):
                    while True:
                        os.posix_fallocate(file.fileno(), os.fstat(file.fileno()).st_size, piece)

    def empty(self, processes: list[int]) -> None:
        """Room again."""
        if self.kind == "rlimit":
            _limit(processes, resource.RLIM_INFINITY)
            return
        self._ballast.unlink(missing_ok=True)


@contextmanager
def make_volume(mebibytes: int = 1024) -> Iterator[Volume]:
    """A folder that can be filled; gone at the end. /var/tmp, because /tmp may be memory, where fsync means nothing."""
    with tempfile.TemporaryDirectory(prefix="cyberweek-faults-", dir="/var/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)  # the system user that runs PostgreSQL passes through
        mounted = os.geteuid() == 0 and _mount(folder, mebibytes)
        try:
            yield Volume(folder / "volume", "loop" if mounted else "rlimit")
        finally:
            if mounted:
                subprocess.run(["umount", "--lazy", str(folder / "volume")], check=False)


def _mount(folder: Path, mebibytes: int) -> bool:
    image, place = folder / "image", folder / "volume"
    place.mkdir()
    with image.open("wb") as file:
        file.truncate(mebibytes * MIB)
    commands = [["mkfs.ext4", "-q", "-m", "0", str(image)], ["mount", "-o", "loop", str(image), str(place)]]
    try:
        for command in commands:
            subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def _limit(processes: list[int], size: int) -> None:
    for process in processes:
        with suppress(ProcessLookupError):
            hard = resource.prlimit(process, resource.RLIMIT_FSIZE)[1]
            resource.prlimit(process, resource.RLIMIT_FSIZE, (size, hard))
