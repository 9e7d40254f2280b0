"""The order of an edition's stages: one step on, or one step back where it was taken too early."""

from __future__ import annotations

from typing import Final

ORDER: Final = ("preparing", "open", "running", "closed", "archived")


def stages_from(stage: str) -> list[str]:
    """The stages that may follow `stage`: the next first, then the one before."""
    at = ORDER.index(stage)
    return [*ORDER[at + 1 : at + 2], *(ORDER[at - 1 : at] if at else ())]
