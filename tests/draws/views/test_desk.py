from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cyberweek.draws.actions import freeze_draw, reveal_draw
from cyberweek.draws.models import Draw
from cyberweek.knowledge.actions import append_ruling
from cyberweek.knowledge.core.release import Draw as Promised
from cyberweek.passport.models import Claim
from tests.draws.test_actions import ANA, BEFORE, BO, FROZEN, KNOWN, announced, hand_in, invited
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
    ("promised", "begins_with"),
    [
        (None, ("", 50, 10)),
        (Promised("day", "all-right", 30), ("every-day", 30, 10)),
        (Promised("contest", 6, 5), ("", 5, 6)),
    ],
)
def test_the_form_begins_with_what_the_contests_rules_promise(client, cast, at, promised, begins_with):
    make_contest(edition=cast.edition, owner=cast.national_unit, slug="week", published=True, draw=promised)
    at(BEFORE)
    sign_in(client, cast.national)
    form = client.get(to("desk-announce")).context["form"]
    assert tuple(form[name].value() or "" for name in ("day", "prizes", "least")) == begins_with


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


# -- Winners are invited to claim --

INVITE = {"purpose_zh_hans": "五十元购物券", "purpose_en": "", "closes": "2019-10-04", "delete_on": "2019-12-03"}


@pytest.fixture
def drawn(contest, at):
    draw = announced(contest)
    hand_in(ANA), hand_in(BO)
    freeze_draw(draw=draw, by=None, now=FROZEN)
    at(KNOWN)
    return reveal_draw(draw=draw, public="1", by=None, now=KNOWN)


def test_the_form_offers_the_prize_two_weeks_to_claim_and_sixty_days_to_deliver(organiser, drawn):
    form = organiser.get(to("desk-invite", drawn.pk)).context["form"]
    assert form["purpose"].initial["zh-Hans"].startswith("五十元 · ")
    assert (str(form["closes"].value()), str(form["delete_on"].value())) == ("2019-10-04", "2019-12-03")


def test_winners_are_invited_on_the_desk_and_the_page_leads_to_each_claim(organiser, drawn):
    assert "Invite the winners" in organiser.get(to("desk-detail", drawn.pk), headers={"accept-language": "en"}).text
    assert organiser.post(to("desk-invite", drawn.pk), INVITE).status_code == 302
    claim = Claim.objects.get()
    assert (str(claim.participant), claim.unit) == (drawn.winners[0], drawn.contest.owner)
    assert claim.closes == dt.datetime(2019, 10, 4, 15, 59, tzinfo=dt.UTC)
    page = organiser.get(to("desk-detail", drawn.pk)).text
    assert f"/claims/{claim.pk}/" in page
    assert to("desk-invite", drawn.pk) not in page


def test_pressed_again_it_invites_only_who_moved_up(organiser, drawn):
    organiser.post(to("desk-invite", drawn.pk), INVITE)
    organiser.post(to("desk-invite", drawn.pk), INVITE)
    assert Claim.objects.count() == 1
    append_ruling(kind="exclude", contest="week", participant=drawn.winners[0], reason="because", now=KNOWN)
    organiser.post(to("desk-invite", drawn.pk), INVITE)
    assert {str(claim.participant) for claim in Claim.objects.all()} == set(drawn.winners)


@pytest.mark.parametrize(
    ("field", "value"),
    [("closes", "2019-09-19"), ("closes", "soon"), ("closes", "9999-12-31"), ("delete_on", "2019-10-04"),
     ("delete_on", ""), ("purpose_zh_hans", ""), ("purpose_en", "x" * 201)],
)  # fmt: skip
def test_an_invitation_that_cannot_stand_says_why_and_keeps_what_was_typed(organiser, drawn, field, value):
    page = organiser.post(to("desk-invite", drawn.pk), INVITE | {field: value})
    assert page.status_code == 422
    assert "2019-12-03" in page.text or field == "delete_on"
    assert page.context["form"].errors
    assert not Claim.objects.exists()


def test_nobody_is_invited_before_the_draw(organiser, contest):
    assert organiser.post(to("desk-invite", announced(contest).pk), INVITE).status_code == 404


@pytest.mark.parametrize(
    ("who", "status"), [("national", 403), ("provincial", 302), ("city_organiser", 403), ("stranger", 404)]
)
def test_only_the_unit_that_gives_the_prize_invites_its_winners(client, cast, contest, drawn, who, status):
    contest.owner = cast.provincial_unit
    contest.save()
    sign_in(client, getattr(cast, who))
    assert client.post(to("desk-invite", drawn.pk), INVITE).status_code == status


def test_who_sees_the_draw_and_not_the_unit_sees_no_claim(client, cast, contest, drawn):
    invited(drawn)
    sign_in(client, cast.city_organiser)
    page = client.get(to("desk-detail", drawn.pk)).text
    assert drawn.winners[0][:8] in page
    assert str(Claim.objects.get().pk) not in page


def test_the_page_of_a_draw_takes_the_same_queries_for_one_winner_and_for_many(organiser, contest, at):
    def drawn_with(count):
        at(BEFORE)
        draw = announced(contest, prizes=count, reserve=2)
        for _ in range(count + 2):
            hand_in(str(uuid.uuid4()))
        freeze_draw(draw=draw, by=None, now=FROZEN)
        draw = reveal_draw(draw=draw, public="1", by=None, now=KNOWN)
        assert len(invited(draw)) == count
        at(KNOWN)
        return draw

    def queries(draw):
        with CaptureQueriesContext(connection) as captured:
            assert organiser.get(to("desk-detail", draw.pk)).status_code == 200
        return len(captured)

    one, many = drawn_with(1), drawn_with(20)
    queries(one)
    assert queries(one) == queries(many)
