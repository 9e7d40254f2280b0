"""The hash of plain values: the same for the same values, whatever the order of their keys."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def digest_of(values: Any) -> str:
    """SHA-256 in hexadecimal of the values as JSON with sorted keys, no spaces, in UTF-8."""
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
