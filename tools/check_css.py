"""Every class of a stylesheet is written somewhere: in a template, a script or Python. What nothing writes is dead.

A class put together in a template counts by its beginning: `because--{{ … }}` keeps every `because--…`.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "src" / "cyberweek"
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
SELECTOR = re.compile(r"([^{};]+)\{")
CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
WORD = re.compile(r"-?[A-Za-z_][\w-]*")
PUT_TOGETHER = re.compile(r"([A-Za-z_][\w-]*-)(?:\{\{|\{%|\$\{|\{)")


def classes(sheet: str) -> set[str]:
    """The classes that the selectors of a stylesheet name; what stands in values (`1.5rem`) is none."""
    plain = COMMENT.sub("", sheet)
    return {
        name
        for selector in SELECTOR.findall(plain)
        if not selector.strip().startswith("@")
        for name in CLASS.findall(selector)
    }


def dead(sheets: dict[str, str], text: str) -> list[str]:
    """`sheet: .class` for every class that `text` writes neither whole nor by its beginning."""
    written = set(WORD.findall(text))
    begun = tuple(set(PUT_TOGETHER.findall(text)))
    return [
        f"{where}: .{name}"
        for where, sheet in sheets.items()
        for name in sorted(classes(sheet))
        if name not in written and not (begun and name.startswith(begun))
    ]


def main() -> int:
    sheets = {
        str(path.relative_to(SOURCE)): path.read_text("utf-8") for path in sorted(SOURCE.glob("*/static/**/*.css"))
    }
    text = "\n".join(
        path.read_text("utf-8") for kind in ("html", "js", "py") for path in sorted(SOURCE.rglob(f"*.{kind}"))
    )
    found = dead(sheets, text)
    print("\n".join(f"{line} is written nowhere" for line in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
