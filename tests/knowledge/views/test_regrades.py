from __future__ import annotations

import msgspec
import pytest
from django.urls import reverse

from cyberweek.knowledge.actions import edit_item, publish_release
from cyberweek.knowledge.models import Item, Regrade, RegradePreview
from cyberweek.knowledge.views import regrades
from tests.factories.accounts import sign_in
from tests.factories.knowledge import NOW, make_contest
from tests.factories.ledger import hand_in, make_participant, write_batch

EDITION = "2019-national"


def to(name, *args):
    return reverse(f"knowledge:{name}", args=[EDITION, "city", *args])


@pytest.fixture
def contest(cast, client):
    """A contest with two papers and a second release with another key; the city's reviewer is signed in."""
    contest = make_contest(edition=cast.edition, owner=cast.city_unit, slug="city", published=True)
    sign_in(client, cast.city_organiser)
    assert "Mend the item’s key" in client.get(to("desk-regrade")).content.decode()
    hand_in(contest, make_participant(cast.county, "Ana"))
    hand_in(contest, make_participant(cast.county, "Bo"), letter="b")
    item = Item.objects.first()
    content = msgspec.structs.replace(item.content(), key=["b"])
    edit_item(item=item, owner=item.owner, content=content, state="ready", revision=item.revision, by=None, now=NOW)
    publish_release(contest=contest, by=None, now=NOW)
    return contest


def test_a_reviewer_looks_first_and_applies_then(client, cast, contest):
    assert "Preview release 2" in client.get(to("desk-regrade")).content.decode()
    url = client.post(to("desk-regrade"), {"release": "2"}).url
    page = client.get(url).content.decode()
    for told in ("Ana", "Bo", "2 → 1", "0 → 5", "Items whose key changed", Item.objects.first().code):
        assert told in page
    refused = client.post(url, {"reason": "wrong key", "confirmed": "1"})
    assert refused.status_code == 422
    assert "Type the number of the release to confirm." in refused.content.decode()
    assert client.post(url, {"reason": "wrong key", "confirmed": "2"}).url == url
    assert Regrade.objects.get().by == cast.city_organiser
    assert "wrong key" in client.get(url).content.decode()
    assert client.post(url, {"reason": "wrong key", "confirmed": "2"}).status_code == 422


@pytest.mark.parametrize("number", ["1", "3", "-1", "", "two", "²", "9" * 30])
def test_a_release_that_cannot_be_is_refused_in_words(client, contest, number):
    page = client.post(to("desk-regrade"), {"release": number})
    assert page.status_code == 422
    assert not RegradePreview.objects.exists()


def test_a_preview_that_was_outrun_is_counted_again_instead(client, cast, contest):
    url = client.post(to("desk-regrade"), {"release": "2"}).url
    first = RegradePreview.objects.get()
    late = make_participant(cast.county, "Cy")
    entry = hand_in(contest, late)
    write_batch(msgspec.structs.replace(entry, attempt=str(late.id), release=1, ordinal=1))
    assert "It will be counted again" in client.get(url).content.decode()
    page = client.post(url, {"reason": "wrong key", "confirmed": "2"}, follow=True)
    assert "came in after this preview" in page.content.decode()
    assert RegradePreview.objects.first().pk != first.pk
    assert not Regrade.objects.exists()


def test_a_large_contest_is_counted_by_a_job_and_the_page_tells_how_far_it_is(client, contest, monkeypatch):
    deferred = []
    monkeypatch.setattr(regrades, "AT_ONCE", 0)
    monkeypatch.setattr(regrades.jobs.count_preview, "defer", lambda **told: deferred.append(told))
    url = client.post(to("desk-regrade"), {"release": "2"}).url
    preview = RegradePreview.objects.get()
    assert deferred == [{"preview": preview.pk}]
    assert "Counted: 0 of 2 papers" in client.get(url).content.decode()
    assert client.post(url, {"reason": "wrong key", "confirmed": "2"}).status_code == 422
    regrades.jobs.count_preview(preview.pk)
    assert "0 → 5" in client.get(url).content.decode()


def test_a_preview_of_another_contest_is_not_found(client, cast, contest):
    preview = client.post(to("desk-regrade"), {"release": "2"}).url.split("/")[-2]
    make_contest(edition=cast.edition, owner=cast.city_unit, slug="other", published=True)
    other = reverse("knowledge:desk-regrade-preview", args=[EDITION, "other", preview])
    assert client.get(other).status_code == 404
