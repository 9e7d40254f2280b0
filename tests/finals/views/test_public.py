"""The public page of a final: standings while it runs, afterwards the result with its log and its hash."""

from __future__ import annotations

import hashlib
import json

from django.test import Client
from django.urls import reverse

from cyberweek.finals import queries
from tests.factories.finals import START, key_of, lead


def to(final, name):
    return reverse(f"finals:{name}", args=[final.edition.slug, final.slug])


def play(final, by):
    """Red is right, then wrong after all; the others are silent."""
    lead(final, by, "shown")
    lead(final, by, "answer", options=key_of(final))
    lead(final, by, "judged")
    lead(final, by, "undone")
    lead(final, by, "judged")
    lead(final, by, "overruled", team=1, item=0, right=False, reason="was prompted")
    for minute in (1, 2):
        lead(final, by, "shown", now_ms=START + minute * 60_000)
        lead(final, by, "judged", now_ms=START + minute * 60_000 + 40_000)
    lead(final, by, "closed", now_ms=START + 200_000)
    lead(final, by, "finished", now_ms=START + 200_000)


def test_the_result_tells_what_was_asked_what_was_undone_and_overruled_and_the_hash(must_final, cast):
    play(must_final, cast.city_organiser)
    must_final.refresh_from_db()
    assert must_final.state == "over"
    page = Client().get(to(must_final, "final-detail"), headers={"accept-language": "en"})
    text = page.content.decode()
    assert queries.standing_of(must_final).head in text
    assert must_final.sha256 in text
    assert "was prompted" in text
    assert "undone: item judged" in text
    assert [row["score"] for row in page.context["ranking"]] == [-5, -5, -5]
    assert len(page.context["lines"]) == 3


def test_anybody_recomputes_both_hashes_from_the_record_of_a_final_that_is_over(must_final, cast):
    assert Client().get(to(must_final, "record")).status_code == 404
    play(must_final, cast.city_organiser)
    record = Client().get(to(must_final, "record")).json()
    assert hashlib.sha256(record["frozen"].encode()).hexdigest() == must_final.sha256
    head = hashlib.sha256(f"cyberweek final {record['final']}".encode()).digest()
    for event in record["events"]:
        data = json.dumps(event["data"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        head = hashlib.sha256(head + f"{event['number']} {event['kind']} {event['at']} {data}".encode()).digest()
    assert head.hex() == queries.standing_of(must_final).head


def test_while_it_runs_the_page_does_not_tell_of_the_item_on_the_table(must_final, cast):
    lead(must_final, cast.city_organiser, "shown")
    page = Client().get(to(must_final, "final-detail"))
    assert page.status_code == 200
    assert page.context["lines"] == []


def test_the_list_shows_finals_that_were_opened(must_final):
    page = Client().get(reverse("finals:final-list", args=[must_final.edition.slug]))
    assert list(page.context["finals"]) == [must_final]


def test_a_wrong_code_is_told_beside_its_field_and_joining_sets_a_cookie_for_this_final_alone(must_final):
    phone = Client()
    assert phone.post(to(must_final, "team"), {"code": "WRONG"}).status_code == 422
    answer = phone.post(to(must_final, "team"), {"code": must_final.teams.first().code})
    cookie = answer.cookies["cyberweek_final"]
    assert cookie["path"] == to(must_final, "team")
    assert cookie["httponly"]
    assert phone.get(to(must_final, "team")).context["team"].seat == 1
    assert "code" in phone.get(to(must_final, "team") + "?code=ABC").context
