"""Office files are ZIPs that remember when each member was written; a frozen version must not."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Final

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the first date that a ZIP can hold


def _as_it_is(_name: str, content: bytes) -> bytes:
    return content


def undated(archive: bytes, change: Callable[[str, bytes], bytes] = _as_it_is) -> bytes:
    """The same members in the same order, all of one date; `change` may give a member other contents."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for member in given.infolist():
            info = zipfile.ZipInfo(member.filename, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            made.writestr(info, change(member.filename, given.read(member)))
    return out.getvalue()
