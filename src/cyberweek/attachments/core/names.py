"""Names of files: what a person called it, without what could mislead or climb."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LONGEST: Final = 120
_ENDING: Final = re.compile(r"\.([A-Za-z0-9]{1,8})$")
_NO_NAME: Final = frozenset({"", ".", ".."})


def ending_of(name: str) -> str:
    """What stands after the last dot, in small letters; empty where there is none."""
    found = _ENDING.search(name)
    return found[1].lower() if found else ""


def cleaned(name: str) -> str:
    """The last part of a path, without control characters and signs that turn the line of reading, at most 120 long.

    The ending is kept when a long name is cut. Empty where nothing is left.
    """
    last = re.split(r"[/\\]", name)[-1]
    plain = "".join(" " if unicodedata.category(sign) in {"Cc", "Zl", "Zp"} else sign for sign in last)
    plain = "".join(sign for sign in plain if unicodedata.category(sign) not in {"Cf", "Cs", "Co", "Cn"})
    plain = " ".join(unicodedata.normalize("NFC", plain).split()).strip(" .") if plain not in _NO_NAME else ""
    if len(plain) <= LONGEST:
        return plain
    ending = f".{ending_of(plain)}" if ending_of(plain) else ""
    return plain[: LONGEST - len(ending)].rstrip(" .") + ending


def renamed(name: str, endings: tuple[str, ...], *, known: frozenset[str], otherwise: str) -> str:
    """The cleaned name with an ending that is true: one of `endings` stays, a known other one is replaced, any else kept and
    the first of `endings` added. `otherwise` is the name where none was given."""
    plain = cleaned(name) or otherwise
    ending = ending_of(plain)
    if ending in endings:
        return plain
    stem = plain[: -len(ending) - 1] if ending in known else plain
    return f"{stem[: LONGEST - len(endings[0]) - 1].rstrip(' .') or otherwise}.{endings[0]}"
