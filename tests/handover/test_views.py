from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cyberweek.editions.models import Edition
from cyberweek.handover.actions import offer_contact
from cyberweek.handover.models import Archive, ContactOffer, Heritage, KnownHost, Reception
from cyberweek.indicators.models import Indicator, Total
from tests.factories.accounts import sign_in
from tests.factories.editions import make_edition
from tests.handover.test_actions import NOW, archive_of


def to(name, *args):
    return reverse(f"handover:{name}", args=["2019-national", *args])


def close(edition):
    Edition.objects.filter(pk=edition.pk).update(stage="closed")


def bring(client, content):
    return client.post(reverse("handover:bring"), {"file": SimpleUploadedFile("a.zip", content)})


@pytest.fixture
def keeper(client, cast):
    cast.national.is_keeper = True
    cast.national.save()
    return sign_in(client, cast.national)


def test_an_archive_is_asked_for_when_the_edition_is_closed_and_fetched_as_it_was_signed(client, cast, last):
    sign_in(client, cast.national)
    assert "disabled" in client.get(to("detail")).text
    client.post(to("ask"))
    assert not Archive.objects.exists()
    close(last)
    client.post(to("ask"))
    assert "being made" in client.get(to("detail")).text
    content = archive_of(last)
    answer = client.get(to("fetch", Archive.objects.get().pk))
    assert answer.content == content
    assert answer["Content-Disposition"].endswith('.zip"')


def test_who_does_not_run_the_edition_neither_makes_nor_fetches(client, cast, last):
    close(last)
    archive_of(last)
    sign_in(client, cast.stranger)
    assert client.get(to("detail")).status_code == 200
    assert client.post(to("ask")).status_code == 403
    assert client.get(to("fetch", Archive.objects.get().pk)).status_code == 403
    assert client.get(reverse("handover:bring")).status_code == 403


def test_contacts_are_for_those_who_run_the_edition_and_for_oneself(client, cast):
    offer_contact(
        edition=cast.edition, person=cast.provincial, unit=cast.provincial_unit, contact="0311-555", about="venues",
        today=NOW.date(),
    )  # fmt: skip
    for person, seen in [
        (cast.national, True),
        (cast.provincial, True),
        (cast.county_organiser, False),
        (cast.stranger, False),
    ]:
        sign_in(client, person)
        assert ("0311-555" in client.get(to("detail")).text) is seen


def test_a_person_agrees_to_be_asked_and_takes_it_back(client, cast):
    sign_in(client, cast.city_organiser)
    said = {"unit": cast.city_unit.code, "contact": "0311-1", "about": "schools"}
    assert "This field is required" in client.post(to("contact"), said).text
    client.post(to("contact"), said | {"agree": "on"})
    assert ContactOffer.objects.get().person == cast.city_organiser
    assert "0311-1" in client.get(to("detail")).text
    client.post(to("withdraw"))
    assert not ContactOffer.objects.exists()


def test_an_archive_is_brought_believed_and_taken_over(keeper, cast, last):
    answer = bring(keeper, archive_of(last))
    page = keeper.get(answer.url).text
    assert "Whose key is it?" in page
    pk = Reception.objects.get().pk
    keeper.post(reverse("handover:believe", args=[pk]), {"name": "Tianjin"})
    assert not KnownHost.objects.exists()
    keeper.post(reverse("handover:believe", args=[pk]), {"name": "Tianjin", "compared": "on"})
    said = {
        "title_zh_hans": "2020年宣传周", "title_en": "2020", "slug": "2020-national", "theme_zh_hans": "主题", "theme_en": "Theme",
        "year": "2020", "starts": "2020-09-14", "scope": "CN", "host": "350000", "owner": "cac",
        "unit-cac": "cac", "unit-cac-hebei": "",
    }  # fmt: skip
    wrong = keeper.post(answer.url, said | {"unit-cac": "nobody"})
    assert wrong.status_code == 422
    assert "2020年宣传周" in wrong.text
    done = keeper.post(answer.url, said)
    assert done.status_code == 302, done.text
    edition = Edition.objects.get(slug="2020-national")
    assert (edition.starts, edition.host_id) == (dt.date(2020, 9, 14), "350000")
    assert "became" in keeper.get(answer.url).text
    assert Heritage.objects.filter(kind="tasks").exists()
    assert "Plan issued" in keeper.get(reverse("handover:detail", args=["2020-national"])).text


def test_a_file_that_is_no_archive_is_refused_beside_its_field(keeper, last):
    for content in (b"MZ a program", archive_of(last)[:-40], archive_of(last).replace(b"plan.json", b"pl/n.json")):
        answer = bring(keeper, content)
        assert answer.status_code == 422
        assert 'class="error"' in answer.text
    assert not Reception.objects.exists()


def test_years_stand_side_by_side_in_a_fixed_number_of_queries(client, cast, django_assert_max_num_queries):
    def total(edition, value, count="person-times", code="attendance"):
        indicator = Indicator.objects.create(
            edition=edition, code=code, name={"en": code.title()}, definition={"en": "Heads."}, count=count, adding="sum",
            filler="activity",
        )  # fmt: skip
        Total.objects.create(
            edition=edition, indicator=indicator, region=cast.nation, count=count, adding="sum", value=value, low=value,
            high=value, figures=1, as_of=NOW,
        )  # fmt: skip

    total(cast.edition, 150)
    sign_in(client, cast.national)
    with django_assert_max_num_queries(25) as one:
        assert "150" in client.get(to("years")).text
    for year in range(2014, 2019):
        past = make_edition(owner=cast.national_unit, slug=f"{year}-national", starts=dt.date(year, 9, 15))
        total(past, 100)
        total(past, 7, count="people", code="reach")
    total(cast.edition, 8, count="people", code="reach")
    with django_assert_max_num_queries(len(one.captured_queries)):
        page = client.get(to("years")).text
    assert "+50 %" in page
    assert client.get(to("years-table")).status_code == 200


def test_years_of_a_region_that_one_does_not_read_are_not_there(client, cast):
    sign_in(client, cast.stranger)
    assert client.get(to("years") + "?region=130100").status_code == 404
    assert client.get(to("years")).status_code == 200
