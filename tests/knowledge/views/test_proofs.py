"""The ledger's page and feed, the check of a receipt, a contest's results with their proof."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import xml.etree.ElementTree as ET

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse

from cyberweek.knowledge import actions
from cyberweek.knowledge.core.chain import Entry, Tree, signing_key, write_receipt
from cyberweek.knowledge.core.exports import fingerprint
from cyberweek.knowledge.jobs import make_exports
from cyberweek.knowledge.models import Export, ExportPart, PublishedHead
from cyberweek.knowledge.queries import exporting
from cyberweek.verify.reader import read_export
from tests.factories.knowledge import make_contest

KEY = signing_key(settings.SECRET_KEY).public_key()
LATER = dt.timedelta(days=20)


@pytest.fixture
def contest(cast):
    return make_contest(edition=cast.edition, owner=cast.national_unit, slug="week", published=True)


@pytest.fixture
def now(contest, monkeypatch):
    moment = contest.closes + LATER
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    return moment


@pytest.fixture
def own_snapshot(monkeypatch):
    """The export reads the transaction of the test, which no other connection would see."""
    from contextlib import contextmanager

    @contextmanager
    def same():
        connection.ensure_connection()
        yield connection.connection

    monkeypatch.setattr(exporting, "snapshot", same)


def write(contest, *, kind="exclude"):
    """One ruling in the ledger, and the standings as far."""
    entry = actions.append_ruling(kind=kind, contest=contest.slug, reason="played twice", now=contest.closes)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE standing_progress SET batch = (SELECT max(number) FROM ledger_batch)")
    return entry


def page(client, name, *args, language="en", **query):
    return client.get(reverse(f"knowledge:{name}", args=args), query, headers={"Accept-Language": language})


def receipt_of(entry):
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, previous, size, at_ms, root, signature FROM ledger_batch ORDER BY number DESC")
        number, previous, size, at_ms, root, signature = cursor.fetchone()
    from cyberweek.knowledge.core.chain import Batch

    batch = Batch(number, bytes(previous), size, at_ms, bytes(root), bytes(signature))
    return write_receipt(batch, Tree([entry.line()]), 0)


# -- The ledger --


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_an_empty_ledger_says_so_and_shows_the_key(client, contest, language):
    told = page(client, "ledger", contest.edition.slug, language=language).text
    assert fingerprint(KEY) in told
    assert base64.b64encode(KEY.public_bytes_raw()).decode() in told


def test_heads_are_published_once_and_listed_newest_first(client, contest, now, django_assert_max_num_queries):
    for hour in range(3):
        write(contest)
        actions.publish_head(now=now + dt.timedelta(hours=hour))
    assert actions.publish_head(now=now) is None
    with django_assert_max_num_queries(12):
        told = page(client, "ledger", contest.edition.slug).text
    places = [told.index(head.head) for head in PublishedHead.objects.all()[1:]]
    assert len(places) == 2
    assert places == sorted(places)


def test_the_feed_has_each_hours_head_and_the_last_of_each_day(client, contest, now):
    for hour in (1, 2, 30):
        write(contest)
        actions.publish_head(now=now + dt.timedelta(hours=hour))
    named = "{http://www.w3.org/2005/Atom}"

    def batches(**query):
        feed = ET.fromstring(page(client, "ledger-feed", contest.edition.slug, **query).content)
        return [entry.find(f"{named}id").text.rpartition("-")[2] for entry in feed.iter(f"{named}entry")]

    assert batches() == ["3", "2", "1"]
    assert batches(every="day") == ["3", "2"]


# -- A receipt --


def test_a_receipt_is_found_at_its_place(client, contest, now):
    receipt = receipt_of(write(contest))
    address = reverse("knowledge:ledger-check", args=[contest.edition.slug])
    told = client.post(address, {"receipt": f" {receipt[:30]}\n{receipt[30:]} "})
    assert told.status_code == 200
    assert "The receipt holds" in told.text


def test_a_receipt_that_the_ledger_no_longer_has_is_a_warning(client, contest, now):
    entry = Entry("submit", "2019-09-20", "a" * 36, "week", "b" * 36, "CN", 1, 1, 0)
    key, tree = signing_key(settings.SECRET_KEY), Tree([entry.line()])
    from cyberweek.knowledge.core.chain import GENESIS, Batch, chain_head

    signature = key.sign(chain_head(GENESIS, 9, 1, 0, tree.root))
    receipt = write_receipt(Batch(9, GENESIS, 1, 0, tree.root, signature), tree, 0)
    told = client.post(reverse("knowledge:ledger-check", args=[contest.edition.slug]), {"receipt": receipt})
    assert "the ledger does not" in told.text


@pytest.mark.parametrize("text", ["", "x", "有", "A" * 30_000, "%00", "<script>"])
def test_what_is_no_receipt_is_refused_beside_the_field(client, contest, text):
    told = client.post(reverse("knowledge:ledger-check", args=[contest.edition.slug]), {"receipt": text})
    assert told.status_code == 422
    assert 'class="errors"' in told.text


# -- Results --


def test_results_of_an_open_contest_tell_when_they_come(client, contest, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: contest.opens)
    assert "The results stand here when" in page(client, "results", contest.edition.slug, "week").text
    assert page(client, "export", contest.edition.slug, "week", 1).status_code == 404


def test_after_the_close_a_job_offers_the_export_and_it_holds(client, contest, now, own_snapshot, tmp_path):
    assert "being made" in page(client, "results", contest.edition.slug, "week").text
    write(contest)
    make_exports(int(now.timestamp()))
    export = Export.objects.get()
    told = page(client, "results", contest.edition.slug, "week").text
    assert export.boards in told
    assert export.head in told
    assert export.sha256 in told
    file = tmp_path / "week.txt"
    sent = page(client, "export", contest.edition.slug, "week", export.last)
    file.write_bytes(sent.getvalue())
    assert hashlib.sha256(file.read_bytes()).hexdigest() == export.sha256
    report = read_export(file, key=KEY)
    assert [str(fault) for fault in report.faults] == []
    assert report.boards == export.boards


def test_an_export_is_made_once_and_again_after_a_ruling(contest, now, own_snapshot):
    write(contest)
    for _ in range(2):
        make_exports(int(now.timestamp()))
    assert Export.objects.count() == 1
    write(contest, kind="readmit")
    make_exports(int(now.timestamp()))
    assert list(Export.objects.values_list("last", flat=True)) == [2, 1]


def test_no_export_is_made_while_another_contest_asks_the_same_items(client, contest, cast, now, own_snapshot):
    make_contest(
        edition=cast.edition, owner=cast.national_unit, slug="longer", published=True, closes=now + LATER
    )  # fmt: skip
    make_exports(int(now.timestamp()))
    assert not Export.objects.exists()
    assert "which still asks some of them" in page(client, "results", contest.edition.slug, "week").text


def test_a_download_goes_on_where_it_was_cut_off(client, contest, now):
    data = bytes(range(256)) * (ExportPart.PART_BYTES // 256 + 3)
    export = Export.objects.create(
        contest=contest, made=now, first=1, last=7, entries=0, papers=0, size=len(data), sha256="ab"
    )
    for number in range(2):
        piece = data[number * ExportPart.PART_BYTES : (number + 1) * ExportPart.PART_BYTES]
        ExportPart.objects.create(export=export, number=number, data=piece)
    address = reverse("knowledge:export", args=[contest.edition.slug, "week", 7])
    start = ExportPart.PART_BYTES - 10
    rest = client.get(address, headers={"Range": f"bytes={start}-"})
    assert (rest.status_code, rest.getvalue()) == (206, data[start:])
    assert client.get(address, headers={"Range": "bytes=5-7"}).getvalue() == data[5:8]
    assert client.get(address, headers={"Range": f"bytes={len(data)}-"}).status_code == 416
    assert client.get(address, headers={"Range": "bytes=9-3"}).status_code == 416
    assert client.get(address, headers={"Range": "nonsense"}).getvalue() == data


def test_other_addresses_are_not_found(client, contest, now):
    assert page(client, "results", contest.edition.slug, "nothing").status_code == 404
    assert page(client, "export", contest.edition.slug, "week", 10**17).status_code == 404
    assert page(client, "ledger", "nowhere").status_code == 404
