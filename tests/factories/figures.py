from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection

from cyberweek.editions.models import Edition
from tests.factories.cast import Cast
from tests.factories.editions import make_edition
from tests.factories.knowledge import make_contest


@pytest.fixture
def edition(cast: Cast, noon: dt.datetime) -> Edition:
    """An edition in its fourth day."""
    return make_edition(owner=cast.national_unit, slug="now", starts=noon.date() - dt.timedelta(days=3))


@pytest.fixture
def contest(edition, cast):
    return make_contest(edition=edition, owner=cast.national_unit, slug="week", published=True)


@pytest.fixture
def counted(contest):
    """`counted(regions={code: (people, papers)}, topics={code: (right, answered)}, minutes={instant: papers})`."""

    def count(*, regions=None, topics=None, minutes=None, slug=contest.slug) -> None:
        with connection.cursor() as cursor:
            for code, (people, papers) in (regions or {}).items():
                cursor.execute("INSERT INTO standing_region VALUES (%s, %s, %s, %s)", [slug, code, people, papers])
            for code, (right, answered) in (topics or {}).items():
                cursor.execute("INSERT INTO standing_topic VALUES (%s, %s, %s, %s)", [slug, code, right, answered])
            for moment, papers in (minutes or {}).items():
                cursor.execute(
                    "INSERT INTO standing_minute VALUES (%s, %s, %s)", [slug, int(moment.timestamp()) // 60, papers]
                )

    return count
