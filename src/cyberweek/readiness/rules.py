from __future__ import annotations

from cyberweek.regions.queries import Scope


def may_forecast(scope: Scope) -> bool:
    """Whoever coordinates or reviews somewhere may ask for a new forecast; it says the same to all."""
    return bool(scope.reviewing)
