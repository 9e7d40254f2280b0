from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cyberweek.draws.models import Draw
from tests.draws.test_actions import ANA, BEFORE, FROZEN, KNOWN, announced, hand_in
from tests.factories.accounts import sign_in
from tests.factories.knowledge import make_contest

EDITION = "2019-national"
FORM = {
    "prize_zh_hans": "五十元", "prize_en": "Fifty yuan", "day": "2019-09-19", "prizes": "2", "reserve": "1", "least": "10",
    "source": "Lottery 3D", "known_time": "21:30",
}  # fmt: skip


def to(name, *args):
    return reverse(f"draws:{name}", args=[EDITION, "week", *args])


@pytest.fixture
def contest(cast):
    return make_contest(edition=cast.edition, owner=cast.national_unit, slug="week", published=True)


@pytest.fixture
def at(monkeypatch):
    def set_clock(moment):
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    return set_clock


@pytest.fixture
def organiser(client, cast, contest, at):
    sign_in(client, cast.national)
    at(BEFORE)
    return client


def test_a_draw_is_announced_frozen_and_drawn_on_the_desk(organiser, at):
    assert organiser.post(to("desk-announce"), FORM).status_code == 302
    draw = Draw.objects.get()
    hand_in(ANA)
    at(FROZEN)
    organiser.post(to("desk-freeze", draw.pk))
    at(KNOWN)
    organiser.post(to("desk-reveal", draw.pk), {"public": "3 1 4"})
    draw.refresh_from_db()
    assert (draw.public, draw.winners) == ("3 1 4", [ANA])
    assert ANA[:8] in organiser.get(to("desk-detail", draw.pk)).text


def test_one_click_announces_a_draw_for_every_day_still_to_come(organiser):
    organiser.post(to("desk-announce"), FORM | {"day": "every-day"})
    days = sorted(Draw.objects.values_list("day", flat=True))
    assert (days[0], days[-1], len(days)) == (dt.date(2019, 9, 17), dt.date(2019, 9, 22), 6)


@pytest.mark.parametrize(
    ("field", "value"), [("prizes", "0"), ("least", "11"), ("source", 'the "3D"'), ("day", "soon")]
)
def test_what_cannot_stand_is_said_beside_its_field(organiser, field, value):
    page = organiser.post(to("desk-announce"), FORM | {field: value})
    assert page.status_code == 422
    assert page.context["form"].errors
    assert not Draw.objects.exists()


def test_a_draw_that_cannot_be_done_yet_says_from_when(organiser, contest):
    draw = announced(contest)
    page = organiser.post(to("desk-freeze", draw.pk), follow=True)
    assert "2019-09-20 00:10 (Asia/Shanghai)" in page.text
    page = organiser.post(to("desk-reveal", draw.pk), {"public": "1"})
    assert (page.status_code, "public" in page.context["form"].errors) == (422, True)


@pytest.mark.parametrize(
    ("who", "status"), [("national", 302), ("provincial", 403), ("city_organiser", 403), ("stranger", 403)]
)
def test_only_whoever_may_publish_the_contest_holds_its_draws(client, cast, contest, at, who, status):
    at(BEFORE)
    sign_in(client, getattr(cast, who))
    assert client.post(to("desk-announce"), FORM).status_code == status
    assert client.post(to("desk-freeze", announced(contest).pk)).status_code == status


def test_the_list_takes_the_same_queries_for_one_and_for_many(organiser, contest):
    def count():
        with CaptureQueriesContext(connection) as captured:
            assert organiser.get(to("desk-list")).status_code == 200
        return len(captured)

    announced(contest)
    count()
    one = count()
    for _ in range(5):
        announced(contest)
    assert count() == one


def test_a_draw_of_another_contest_is_not_found_here(organiser, cast, contest):
    other = make_contest(edition=cast.edition, owner=cast.national_unit, slug="other", published=True)
    assert organiser.get(to("desk-detail", announced(other).pk)).status_code == 404
