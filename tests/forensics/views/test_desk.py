from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cyberweek.forensics.actions import inspect_contest
from cyberweek.forensics.models import Flag
from tests.factories.accounts import sign_in
from tests.factories.knowledge import NOW, make_contest
from tests.forensics.test_actions import ANA, hand_in


def to(name, *args):
    return reverse(f"forensics:{name}", args=["2019-national", "week", *args])


@pytest.fixture
def contest(cast):
    return make_contest(edition=cast.edition, owner=cast.national_unit, slug="week", published=True)


@pytest.fixture
def reviewer(client, cast, contest):
    hand_in(contest)
    inspect_contest(contest=contest, now=NOW)
    return sign_in(client, cast.national)


def test_a_flag_opens_to_its_evidence_and_to_the_participants_papers(reviewer):
    flag = Flag.objects.get()
    assert str(flag.pk) in reviewer.get(to("list")).text
    page = reviewer.get(to("detail", flag.pk)).text
    assert reverse("knowledge:desk-participant", args=["2019-national", "week", ANA]) in page


def test_a_flag_is_dismissed_with_a_reason(reviewer):
    flag = Flag.objects.get()
    assert reviewer.post(to("detail", flag.pk), {"words": ""}).status_code == 422
    assert reviewer.post(to("detail", flag.pk), {"words": "asked her"}).status_code == 302
    assert reviewer.post(to("detail", flag.pk), {"words": "again"}).status_code == 422
    assert "asked her" in reviewer.get(to("detail", flag.pk)).text


@pytest.mark.parametrize("rule", ["fast", "alike", "burst", "device"])
def test_every_rule_has_a_list_and_a_page(reviewer, contest, rule):
    told = {"seconds": 1, "least": 30.0, "right": 20, "items": 20, "new": 20, "attempt": "a", "both_wrong": 9, "same": 9,
            "expected": 3.1, "papers": 40, "all_right": 39, "from_ms": 0, "passports": 9, "day": "2019-09-19"}  # fmt: skip
    flag = Flag.objects.create(
        contest=contest, rule=rule, subject="x", participants=[ANA, ANA], chance=1e-9, evidence=[told], found=NOW
    )
    assert f"/{flag.pk}/" in reviewer.get(to("list"), {"rule": rule}).text
    assert reviewer.get(to("detail", flag.pk)).status_code == 200


@pytest.mark.parametrize(
    ("who", "status"), [("national", 200), ("provincial", 403), ("city_organiser", 403), ("stranger", 403)]
)
def test_only_whoever_may_rule_sees_flags(client, cast, contest, who, status):
    sign_in(client, getattr(cast, who))
    assert client.get(to("list")).status_code == status
    assert client.post(to("inspect")).status_code == (302 if status == 200 else status)


def test_the_list_takes_the_same_queries_for_one_and_for_many(reviewer, contest):
    def count():
        with CaptureQueriesContext(connection) as captured:
            assert reviewer.get(to("list")).status_code == 200
        return len(captured)

    count()
    one = count()
    for number in range(6):
        Flag.objects.create(
            contest=contest, rule="device", subject=str(number), participants=[ANA], found=NOW,
            evidence=[{"passports": 7, "day": "2019-09-19"}],
        )  # fmt: skip
    assert count() == one


def test_the_rules_are_public(client, cast):
    page = client.get(reverse("forensics:rules", args=["2019-national"]), headers={"accept-language": "en"}).text
    assert "false alarms: none among 6,000" in page.lower()
