"""Compile every catalogue (`locale/*/LC_MESSAGES/*.po`) beside itself: the build hook of the wheel and `make messages`."""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ModuleNotFoundError:  # called by make, where hatchling is not installed
    BuildHookInterface = object  # type: ignore[assignment,misc]


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


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Hatchling calls this before it packs the wheel (the editable one as well)."""

    def initialize(self, version: str, build_data: dict[str, object]) -> None:  # noqa: ARG002 -- hatchling's signature
        compile_catalogues(Path(self.root))


if __name__ == "__main__":
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent
    compile_catalogues(root)
