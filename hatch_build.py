"""The build hook of the wheel: catalogues are compiled into it, so that nobody needs gettext to install."""

from __future__ import annotations

import sys
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent / "tools"))
from build_messages import compile_catalogues


class CustomBuildHook(BuildHookInterface):
    """Hatchling calls this before it packs the wheel (the editable one as well)."""

    def initialize(self, version: str, build_data: dict[str, object]) -> None:  # noqa: ARG002 -- hatchling's signature
        compile_catalogues(Path(self.root))
