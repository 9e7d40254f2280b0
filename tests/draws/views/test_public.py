from __future__ import annotations

import hashlib

import pytest
from django.urls import reverse

from cyberweek.draws.actions import freeze_draw, reveal_draw
from cyberweek.draws.models import Draw
from cyberweek.passport.models import Claim
from tests.draws.test_actions import ANA, BO, CLOSES, FROZEN, KNOWN, announced, hand_in, invited
from tests.factories.knowledge import make_contest


def to(name, *args):
    return reverse(f"draws:{name}", args=["2019-national", "week", *args])


@pytest.fixture
def contest(cast):
    return make_contest(edition=cast.edition, owner=cast.national_unit, slug="week", published=True)


def test_an_announced_draw_shows_what_it_is_bound_to_and_not_the_seed(client, contest):
    draw = announced(contest)
    page = client.get(to("detail", draw.pk)).text
    assert draw.seed_sha256 in page
    assert draw.source in page
    assert client.get(to("entries", draw.pk)).status_code == 404


def test_a_drawn_one_shows_winners_seed_and_the_list_that_was_hashed(client, contest):
    draw = announced(contest)
    hand_in(ANA), hand_in(BO)
    freeze_draw(draw=draw, by=None, now=FROZEN)
    draw = reveal_draw(draw=draw, public="3 1 4", by=None, now=KNOWN)
    page = client.get(to("detail", draw.pk)).text
    assert all(f'data-participant="{one}"' in page for one in draw.winners)
    assert draw.seed in page
    listed = client.get(to("entries", draw.pk)).content
    assert hashlib.sha256(listed).hexdigest() == hashlib.sha256(f"{ANA}\n{BO}\n".encode()).hexdigest()


def test_the_list_tells_when_there_is_none(client, contest):
    assert client.get(to("list")).status_code == 200
    announced(contest)
    assert b"Fifty yuan" in client.get(to("list"), headers={"accept-language": "en"}).content


def test_draws_of_a_contest_that_is_not_published_are_not_found(client, cast):
    make_contest(edition=cast.edition, owner=cast.national_unit, slug="draft")
    assert client.get(reverse("draws:list", args=["2019-national", "draft"])).status_code == 404


def test_the_page_names_who_wins_and_tells_nobody_where_they_claim(client, contest, monkeypatch):
    draw = announced(contest)
    hand_in(ANA), hand_in(BO)
    freeze_draw(draw=draw, by=None, now=FROZEN)
    draw = reveal_draw(draw=draw, public="3 1 4", by=None, now=KNOWN)
    invited(draw)
    monkeypatch.setattr("django.utils.timezone.now", lambda: KNOWN)
    page = client.get(to("detail", draw.pk)).text
    assert f'data-participant="{draw.winners[0]}" data-result="wins"' in page
    assert str(Claim.objects.get().pk) not in page
    monkeypatch.setattr("django.utils.timezone.now", lambda: CLOSES)
    page = client.get(to("detail", draw.pk)).text
    assert f'data-participant="{draw.winners[0]}" data-result="lapsed"' in page
    assert f'data-participant="{draw.winners[1]}" data-result="wins"' in page


def test_a_long_list_is_paged_and_opens_at_whoever_is_asked_for(client, contest, django_assert_max_num_queries):
    draw = announced(contest)
    ids = [f"{n:08x}-0000-4000-8000-000000000000" for n in range(120)]
    Draw.objects.filter(pk=draw.pk).update(
        frozen_at=FROZEN, revealed_at=KNOWN, prizes=100, winners=ids, entries="".join(f"{one}\n" for one in ids),
        count=120, seed="5e" * 32, public="3 1 4",
    )  # fmt: skip

    def shown(asked):
        with django_assert_max_num_queries(12):
            page = client.get(to("detail", draw.pk) + asked).text
        return [n for n, one in enumerate(ids) if f'data-participant="{one}"' in page]

    assert shown("") == shown("?of=nobody") == list(range(50))
    assert shown(f"?of={ids[117]}") == shown("?page=3") == list(range(100, 120))
    assert shown(f"?of={ids[117]}&page=2") == list(range(50, 100))
    assert shown(f"?of={ids[117]}") == shown("?page=999")
