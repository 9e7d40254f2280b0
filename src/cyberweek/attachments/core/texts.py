"""Plain text and tables as text, in the encodings that offices use."""

from __future__ import annotations

import re
from typing import Final

from .faults import Fault, UnfitError

ENDINGS: Final = ("txt", "csv", "tsv", "md")
_TYPES: Final = {"csv": "text/csv", "tsv": "text/tab-separated-values"}
_MARKUP: Final = re.compile(
    r"<(!doctype\s+html|html|head|body|script|iframe|svg|\?php|object|embed|hta:)\b", re.IGNORECASE
)
# A cell that starts a program when a spreadsheet opens the table: =cmd|' /C calc'!A0
_CALL: Final = re.compile(r"""(?:^|[,;\t"])\s*[=+\-@][^,;\t\n|]{0,200}\|[^,;\t\n!]{0,500}!""", re.MULTILINE)
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def decoded(content: bytes) -> tuple[str, str] | None:
    """The text and its encoding: UTF-8, UTF-16 with a mark, or GB18030 (which holds GBK). None where it is no text."""
    encodings = ("utf-16",) if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8", "gb18030")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _CONTROLS.search(text):
            return text, encoding
    return None


def is_text(content: bytes) -> bool:
    return decoded(content) is not None


def look_through(content: bytes, ending: str) -> str | None:
    """The media type of a text that may be kept under `ending`; None where it is no text. Raises `UnfitError`."""
    found = decoded(content)
    if found is None:
        if ending in ENDINGS:
            raise UnfitError(Fault.ENCODING)
        return None
    text, encoding = found
    head = text[:4096].lstrip("\ufeff \t\r\n")
    if markup := _MARKUP.search(head):
        raise UnfitError(Fault.DRAWING if markup[1].lower() == "svg" else Fault.WEB_PAGE)
    if head.startswith("<?xml"):
        raise UnfitError(Fault.WEB_PAGE)
    if head.startswith("#!"):
        raise UnfitError(Fault.SCRIPT)
    if ending not in ENDINGS:
        raise UnfitError(Fault.TEXT_NAME)
    if _CALL.search(text):
        raise UnfitError(Fault.CALLS)
    return f"{_TYPES.get(ending, 'text/plain')}; charset={encoding}"
