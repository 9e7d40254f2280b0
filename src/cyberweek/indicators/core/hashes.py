"""A list of hashed identities: 64 hexadecimal signs on each line, made with the key of the edition."""

from __future__ import annotations

import re
from typing import Final

from .sketches import BadSketchError, sketch_of

_HASH: Final = re.compile(r"[0-9a-f]{64}")
_HEADS: Final = frozenset({"hash", "id", "sha256", "hmac"})


def read_hashes(content: bytes) -> bytes:
    """The sketch of a list. Raises `BadSketchError`: "bare" where a line may be an identity that nobody hashed."""
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise BadSketchError("shape") from None
    found = [line.strip().strip('",;').lower() for line in lines if line.strip()]
    if found and found[0] in _HEADS:
        found = found[1:]
    if not found:
        raise BadSketchError("shape")
    if not all(_HASH.fullmatch(line) for line in found):
        raise BadSketchError("bare" if any(len(line) < 64 for line in found) else "shape")
    return sketch_of(found)
