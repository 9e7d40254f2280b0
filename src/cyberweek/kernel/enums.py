"""Words that all apps share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models


class Fault(models.TextChoices):
    """Kinds of fault that core functions name, with their words; each app lists its own."""

    @classmethod
    def say(cls, reason: str, params: Mapping[str, Any]) -> str:
        """The fault in the words of the active language."""
        return str(cls(reason).label) % params
