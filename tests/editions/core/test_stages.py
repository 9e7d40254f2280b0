from __future__ import annotations

import pytest

from cyberweek.editions.core.stages import ORDER, stages_from
from cyberweek.editions.enums import Stage


def test_the_order_names_every_stage():
    assert list(ORDER) == Stage.values


@pytest.mark.parametrize(
    ("stage", "following"),
    [
        ("preparing", ["open"]),
        ("open", ["running", "preparing"]),
        ("running", ["closed", "open"]),
        ("closed", ["archived", "running"]),
        ("archived", ["closed"]),
    ],
)
def test_a_stage_is_followed_by_the_next_or_the_one_before(stage, following):
    assert stages_from(stage) == following
