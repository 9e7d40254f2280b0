from __future__ import annotations

import datetime as dt

import pytest

from cyberweek.honours.actions import open_sample_call
from cyberweek.honours.models import Call, Entry, Result
from tests.factories.regions import make_unit

NOW = dt.datetime(2019, 9, 18, 4, tzinfo=dt.UTC)


@pytest.fixture
def sample(cast):
    for n in range(3):
        make_unit(f"school-{n}", region=cast.county, parent=cast.county_unit, sector="education")
    return open_sample_call(edition=cast.edition, by=None, now=NOW)


def test_the_sample_is_an_open_call_and_a_published_one_with_its_casebook(cast, sample):
    assert sample.takes_entries(NOW)
    past = Call.objects.exclude(pk=sample.pk).get()
    assert past.state == "published"
    assert Entry.objects.filter(published_at__isnull=False).count() == 5
    assert sorted(Result.objects.values_list("rank", flat=True)) == [1, 2, 3, 4, 5, 6]


def test_the_sample_is_made_once(cast, sample):
    assert open_sample_call(edition=cast.edition, by=None, now=NOW) == sample
    assert Call.objects.count() == 2
