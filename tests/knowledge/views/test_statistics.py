"""How the items of a contest did: counted from the ledger, shown to those who may rule."""

from __future__ import annotations

import csv
import io
import uuid

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cyberweek.knowledge import jobs
from cyberweek.knowledge.actions import count_items
from cyberweek.knowledge.core.chain import Entry
from cyberweek.knowledge.core.marking import Marker
from cyberweek.knowledge.models import ItemCount, ItemFigure
from cyberweek.knowledge.queries import current_pack, ledger_head
from cyberweek.knowledge.queries.statistics import contests_to_count, item_figures
from tests.factories.accounts import sign_in
from tests.factories.knowledge import NOW, make_contest, make_item
from tests.factories.ledger import DAY, write_batch

pytestmark = pytest.mark.django_db


def to(name, *args):
    return reverse(f"knowledge:{name}", args=["2019-national", "city", *args])


def hand_in(contest, *groups) -> None:
    """So many papers with these ticks, by the code of the item; what is not named is ticked a, the key."""
    pack = current_pack(contest)
    marker, entries = Marker(pack), []
    at_ms = int(NOW.timestamp() * 1000)
    for n, ticks in groups:
        for _ in range(n):
            who = str(uuid.uuid4())
            places = marker.deck.items(who, DAY, 1)
            sheet = ",".join(ticks.get(pack.bank[place].id, "a") for place in places)
            entries.append(
                Entry("submit", DAY, str(uuid.uuid4()), contest.slug, who, "130102", 1, pack.number, at_ms, sheet)
            )
    write_batch(*entries)


@pytest.fixture
def contest(cast):
    for code in ("good", "wrong-key", "easy"):
        make_item(owner=cast.city_unit, code=code)
    return make_contest(
        edition=cast.edition, owner=cast.city_unit, slug="city", published=True, blueprint={"phishing": 3}
    )


@pytest.fixture
def counted(contest):
    hand_in(contest, (70, {"wrong-key": "b"}), (50, {"good": "c"}))
    count_items(contest=contest, batch=ledger_head().batch, now=NOW)
    return contest


@pytest.mark.parametrize(
    ("who", "status"),
    [("national", 200), ("provincial", 200), ("city_organiser", 200), ("county_organiser", 403), ("stranger", 404)],
)
def test_keys_are_seen_by_those_who_may_rule_alone(client, cast, counted, who, status):
    sign_in(client, getattr(cast, who))
    assert client.get(to("desk-item-figures")).status_code == status
    for ending in ("csv", "xlsx"):
        assert client.get(to("desk-item-figures-export", ending)).status_code == status


def test_an_item_with_a_wrong_key_is_found(client, cast, counted):
    sign_in(client, cast.city_organiser)
    page = client.get(to("desk-item-figures"), {"sort": "discrimination"}, headers={"Accept-Language": "en"})
    rows = {row.item: row for row in page.context["page"]}
    known = [row.discrimination for row in rows.values() if row.discrimination is not None]
    assert known == sorted(known)
    assert (rows["wrong-key"].shown, rows["wrong-key"].right, rows["wrong-key"].flags) == (120, 50, ["key"])
    assert rows["easy"].flags == ["easy"]
    assert [(str(one["text"]), one["n"]) for one in rows["wrong-key"].wrong] == [("Way b", 70)]
    text = page.content.decode()
    assert "key suspect" in text
    assert "Way b" in text
    assert "58%" in text


def test_what_is_kept_is_what_the_papers_say(counted):
    kept = {row.item: (row.shown, row.answered, row.right, row.discrimination) for row in ItemFigure.objects.all()}
    now = {
        one.item: (one.tally.shown, one.tally.answered, one.tally.right, one.tally.discrimination)
        for one in item_figures(counted)
    }
    assert kept == now


def test_the_list_is_narrowed_sorted_paged_and_exported_as_it_stands(client, cast, counted):
    sign_in(client, cast.city_organiser)
    for query, first in (
        ({"sort": "facility"}, "wrong-key"),
        ({"sort": "easiest"}, "easy"),
        ({"flag": "key", "sort": "facility"}, "wrong-key"),
    ):
        assert client.get(to("desk-item-figures"), query).context["page"][0].item == first
    assert len(client.get(to("desk-item-figures"), {"flag": "nonsense", "release": "99"}).context["page"]) == 3
    content = client.get(
        to("desk-item-figures-export", "csv"), {"flag": "any"}, headers={"Accept-Language": "en"}
    ).content
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert [row[0] for row in rows] == ["Item", "easy", "good", "wrong-key"]
    assert "Way b 58.3%" in rows[3][9]
    book = client.get(to("desk-item-figures-export", "xlsx")).content
    assert openpyxl.load_workbook(io.BytesIO(book)).active.max_row == 4
    assert client.get(to("desk-item-figures-export", "pdf")).status_code == 404


def test_the_page_takes_the_same_number_of_queries_for_one_item_and_for_many(client, cast, counted):
    sign_in(client, cast.city_organiser)
    row = ItemFigure.objects.get(item="good")

    def queries() -> int:
        with CaptureQueriesContext(connection) as ran:
            assert client.get(to("desk-item-figures")).status_code == 200
        return len(ran)

    client.get(to("desk-item-figures"))
    few = queries()
    for n in range(60):
        row.pk, row.item = None, f"more-{n}"
        row.save(force_insert=True)
    assert queries() == few


def test_the_job_counts_what_has_moved_and_nothing_else(contest):
    assert contests_to_count() == []
    hand_in(contest, (3, {}))
    jobs.count_items(int(NOW.timestamp()))
    assert ItemCount.objects.get().papers == 3
    assert contests_to_count() == []
    hand_in(contest, (2, {}))
    jobs.count_items(int(NOW.timestamp()))
    assert (ItemCount.objects.get().papers, ItemFigure.objects.first().shown) == (5, 5)


def test_before_anything_was_counted_the_page_says_when(client, cast, contest):
    sign_in(client, cast.city_organiser)
    text = client.get(to("desk-item-figures"), headers={"Accept-Language": "en"}).content.decode()
    assert "counted once an hour" in text
