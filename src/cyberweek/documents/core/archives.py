"""Office files are ZIPs that remember when each member was written; a frozen version must not."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any, Final

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the first date that a ZIP can hold


class Outlet(io.RawIOBase):
    """What a ZIP is written into when it goes out as it is made: nothing of it can be looked at again."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any, /) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def taken(self) -> bytes:
        """What was written since the last time."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def entry(path: str) -> zipfile.ZipInfo:
    """A member without the date of its making."""
    info = zipfile.ZipInfo(path, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info


def _as_it_is(_name: str, content: bytes) -> bytes:
    return content


def undated(archive: bytes, change: Callable[[str, bytes], bytes] = _as_it_is) -> bytes:
    """The same members in the same order, all of one date; `change` may give a member other contents."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for member in given.infolist():
            made.writestr(entry(member.filename), change(member.filename, given.read(member)))
    return out.getvalue()
