from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cyberweek.honours.actions import announce_awards, publish_cases
from cyberweek.honours.models import Entry, Result
from cyberweek.kernel.core.localized import LocalizedText
from tests.factories.editions import make_edition
from tests.factories.honours import AFTER, LATER, make_call, scored

EDITION = "2019-national"


def to(name, *args, edition=EDITION):
    return reverse(f"honours:{name}", args=[edition, *args])


def publish(call, units):
    call = scored(call, units)
    ranked = list(Result.objects.filter(entry__call=call).order_by("rank").values_list("entry", flat=True))
    levels = dict(zip(ranked, ["first", "second"], strict=False))
    announce_awards(call=call, levels=levels, citations={}, reason="", by=None, now=LATER)
    return publish_cases(call=call, by=None, now=AFTER)


@pytest.fixture
def cases(cast):
    publish(
        make_call(edition=cast.edition, owner=cast.national_unit),
        [cast.county_unit, cast.stranger_unit, cast.city_unit],
    )
    best, second, _third = Entry.objects.order_by("pk")
    Entry.objects.filter(pk=best.pk).update(title={"en": "Spot the phish", "zh-Hans": "识别钓鱼邮件"}, theme="fraud")
    best.refresh_from_db()
    return best, second


@pytest.mark.parametrize(
    ("asked", "n"),
    [
        ("", 2), ("q=phish", 1), ("q=钓鱼", 1), ("q=phish+spot", 1), ("q=phish+zebra", 0), ("q=cac-fujian", 1), ("theme=fraud", 1),
        ("level=county", 1), ("sector=government", 2), ("year=2019", 2), ("year=2018", 2), ("theme=nonsense", 2),
    ],
)  # fmt: skip
def test_the_casebook_is_searched_in_both_languages_and_filtered(client, cases, asked, n):
    page = client.get(f"{to('case-list')}?{asked}")
    assert page.status_code == 200
    assert len(page.context["page"]) == n


def test_what_got_no_award_is_no_case(client, cases):
    third = Entry.objects.order_by("pk")[2]
    assert client.get(to("case-detail", third.pk)).status_code == 404


def test_cases_of_all_editions_stand_together_and_each_has_its_own_address(client, cast, cases):
    other = make_edition(owner=cast.national_unit, slug="2018-national", starts=cast.edition.starts.replace(year=2018))
    best, _second = cases
    assert len(client.get(to("case-list", edition=other.slug)).context["page"]) == 2
    moved = client.get(to("case-detail", best.pk, edition=other.slug))
    assert (moved.status_code, moved["Location"]) == (301, to("case-detail", best.pk))


def test_a_case_page_says_whose_it_is_and_how_to_reuse_it_but_no_contact(client, cases):
    best, _second = cases
    page = client.get(to("case-detail", best.pk)).text
    assert "Unit cac-changan" in page
    assert "CC BY 4.0" in page
    assert "Zhou Min" not in page
    assert "zhou.min@example.org" not in page


def test_the_text_to_adopt_takes_nothing_that_people_wrote_for_a_mark(client, cases):
    best, _second = cases
    Entry.objects.filter(pk=best.pk).update(
        practice=LocalizedText(en="# Not a heading\n- [x](javascript:alert(1))\n<script>alert(1)</script>")
    )
    answer = client.get(to("case-download", best.pk))
    text = answer.content.decode()
    assert answer["Content-Type"] == "text/markdown; charset=utf-8"
    assert text.startswith("# Spot the phish\n")
    assert "\n# Not" not in text
    assert r"\[x\](javascript" in text
    assert r"\<script\>" in text
    assert "- [ ] Who answers for it" in text


def test_the_shortlist_is_public_while_objections_run_and_not_before(client, cast):
    call = scored(make_call(edition=cast.edition, owner=cast.national_unit), [cast.county_unit, cast.stranger_unit])
    assert "Unit cac-changan" not in client.get(to("call-detail", call.pk)).text
    best = Entry.objects.get(unit=cast.county_unit)
    announce_awards(call=call, levels={best.pk: "first"}, citations={}, reason="", by=None, now=LATER)
    page = client.get(to("call-detail", call.pk)).text
    assert "Unit cac-changan" in page
    assert "Open to objections" in page
    assert client.get(to("case-detail", best.pk)).status_code == 404


def test_a_draft_is_nobodys_business(client, cast):
    call = make_call(edition=cast.edition, owner=cast.national_unit, opened=False)
    assert client.get(to("call-detail", call.pk)).status_code == 404


def test_the_casebook_asks_as_often_for_many_cases_as_for_one(client, cast):
    def queries():
        with CaptureQueriesContext(connection) as found:
            client.get(to("case-list"))
        return len(found)

    publish(make_call(edition=cast.edition, owner=cast.national_unit), [cast.county_unit])
    one = queries()
    publish(make_call(edition=cast.edition, owner=cast.national_unit), [cast.county_unit, cast.stranger_unit])
    assert queries() == one
