"""For tests that know today by the clock: it stands, so that no midnight comes between what they ask and the answer."""

from __future__ import annotations

import datetime as dt

import pytest

NOON = dt.datetime(2031, 9, 18, 4, tzinfo=dt.UTC)  # of a Thursday, in Shanghai


@pytest.fixture
def noon(monkeypatch) -> dt.datetime:
    """It is noon until the test ends. (The database's own clock goes on: in the years before.)"""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)
    return NOON
