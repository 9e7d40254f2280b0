"""A rehearsal moves every date by whole days and keeps the true ones."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cyberweek.editions.actions import edition_moved, end_rehearsal, rehearse_edition
from cyberweek.editions.queries import day_number, week_of
from cyberweek.kernel.models import AuditEvent


def dates_of(edition):
    edition.refresh_from_db()
    return edition.starts, edition.ends, [day.date for day in edition.theme_days.all()]


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    now=st.datetimes(dt.datetime(2014, 1, 1), dt.datetime(2040, 1, 1), timezones=st.just(dt.UTC)),  # noqa: DTZ001 -- Hypothesis wants naive bounds
    day=st.integers(1, 7),
)
def test_any_edition_can_be_rehearsed_at_any_moment_and_comes_back(cast, now, day):
    true = dates_of(cast.edition)
    moved = rehearse_edition(edition=cast.edition, day=day, by=cast.national, now=now)
    assert day_number(moved, now=now) == day
    assert (moved.true_starts, moved.true_ends) == true[:2]
    end_rehearsal(edition=moved, by=cast.national)
    assert dates_of(cast.edition) == true
    assert cast.edition.rehearsal_shift is None


def test_apps_above_are_told_by_how_far(cast):
    told = []

    def listen(sender, edition, delta, **_):
        told.append(delta)

    edition_moved.connect(listen)
    try:
        rehearse_edition(edition=cast.edition, day=4, by=None, now=dt.datetime(2019, 9, 29, 3, tzinfo=dt.UTC))
    finally:
        edition_moved.disconnect(listen)
    assert told == [dt.timedelta(days=10)]
    assert AuditEvent.objects.filter(verb="edition.rehearse").count() == 1


def test_today_is_known_by_the_clocks_of_the_edition(cast):
    # 17:00 UTC on Wednesday is 01:00 on Thursday in Beijing.
    week = week_of(cast.edition, now=dt.datetime(2019, 9, 18, 17, tzinfo=dt.UTC))
    assert week.today.theme_day.number == 4
    assert [day.when for day in week.days] == ["past"] * 3 + ["today"] + ["next"] * 3
    assert [day.gone for day in week.days] == [100, 100, 100, 4, 0, 0, 0]
