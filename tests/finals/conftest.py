from __future__ import annotations

import pytest

from cyberweek.finals.core.rules import Round
from tests.factories.finals import make_final, rules

MUST = Round(kind="must", items=3, right=10, wrong=5)
BUZZER = Round(kind="buzzer", items=2, right=10, wrong=10)


@pytest.fixture
def buzzer_final(cast):
    """An open final of the city: one round of two buzzer items."""
    return make_final(edition=cast.edition, owner=cast.city_unit, held=rules(BUZZER), opened=True)


@pytest.fixture
def must_final(cast):
    """An open final of the city: one must-answer item for each of three teams."""
    return make_final(edition=cast.edition, owner=cast.city_unit, held=rules(MUST), opened=True)
