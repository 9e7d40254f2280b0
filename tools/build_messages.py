"""Compile every catalogue (`locale/*/LC_MESSAGES/*.po`) beside itself."""

from __future__ import annotations

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compile_catalogues(root: Path) -> int:
    """Write a `.mo` for each `.po` under `root` whose `.mo` is missing or older; return how many were written."""
    written = 0
    for source in sorted(root.glob("src/cyberweek/**/locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as text:
            catalogue = read_po(text, locale=source.parent.parent.name)
        with target.open("wb") as binary:
            write_mo(binary, catalogue)
        written += 1
    return written


if __name__ == "__main__":
    compile_catalogues(Path(__file__).resolve().parent.parent)
