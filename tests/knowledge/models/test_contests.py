from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from cyberweek.knowledge.models import Contest, Quota
from tests.factories.knowledge import NOW, make_contest


@pytest.mark.parametrize(
    "wrong",
    [
        {"closes": F("opens")}, {"minutes": 0}, {"minutes": 181}, {"attempts_per_day": 0}, {"points": 0},
        {"grace_seconds": 301}, {"state": "gone"}, {"slug": "Not Plain"},
    ],
)  # fmt: skip
def test_the_database_itself_refuses_rules_that_cannot_stand(cast, wrong):
    contest = make_contest(edition=cast.edition, owner=cast.national_unit)
    with pytest.raises(IntegrityError), transaction.atomic():
        Contest.objects.filter(pk=contest.pk).update(**wrong)


def test_a_topic_stands_once_in_a_blueprint(cast):
    contest = make_contest(edition=cast.edition, owner=cast.national_unit)
    with pytest.raises(IntegrityError), transaction.atomic():
        Quota.objects.create(contest=contest, topic_id="phishing", count=1)


def test_its_hours_are_told_on_its_own_clocks(cast):
    contest = make_contest(edition=cast.edition, owner=cast.national_unit)
    assert (f"{contest.local_opens:%d %H:%M}", f"{contest.local_closes:%d %H:%M}") == ("16 00:00", "23 00:00")
    assert [contest.phase(NOW + dt.timedelta(days=days)) for days in (-9, 0, 9)] == ["before", "open", "over"]
