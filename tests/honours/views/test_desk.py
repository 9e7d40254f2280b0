from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cyberweek.honours.actions import begin_scoring, close_call, edit_entry
from cyberweek.honours.models import Award, Call, Entry, Objection, Sheet
from cyberweek.kernel.core.localized import LocalizedText
from tests.factories.accounts import sign_in
from tests.factories.honours import (
    AFTER,
    CLOSES,
    DURING,
    LATER,
    OPENS,
    SCORING,
    hand_in,
    make_call,
    make_entry,
    make_juror,
    scored,
)
from tests.factories.regions import make_post, make_user

EDITION = "2019-national"
CALL = {
    "owner": "cac", "title_en": "Cases", "title_zh_hans": "案例", "asked_en": "What worked?", "opens": "2019-09-01T09:00",
    "closes": "2019-09-20T18:00", "scoring_until": "2019-10-01T18:00", "objection_days": "5", "top": "10", "readers": "2",
    "first": "1", "second": "2", "third": "3", "merit": "0", "name1_en": "Works", "weight1": "3", "name2_en": "Copied",
    "weight2": "1",
}  # fmt: skip
CASE = {
    "title_en": "A drill", "kind": "typical", "theme": "campus", "problem_en": "P", "practice_en": "W", "result_en": "R",
    "reuse_en": "U", "licence": "cc-by", "consent": "on", "contact_name": "Zhou", "contact": "z@example.org",
    "label1_en": "pupils", "value1": "120", "counted1": "people",
}  # fmt: skip


def to(name, *args):
    return reverse(f"honours:{name}", args=[EDITION, *args])


@pytest.fixture
def at(monkeypatch):
    def set_clock(moment):
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    set_clock(DURING)
    return set_clock


@pytest.fixture
def call(cast, at):
    return make_call(edition=cast.edition, owner=cast.national_unit)


def test_a_call_goes_its_way_through_the_pages(client, cast, at):
    """From the draft to the casebook by forms and buttons alone."""
    sign_in(client, cast.national)
    at(OPENS)
    assert client.post(to("desk-create"), CALL).status_code == 302
    call = Call.objects.get()
    assert list(call.criteria.values_list("weight", flat=True)) == [3, 1]
    client.post(to("desk-step", call.pk, "open"))
    at(DURING)
    for person, unit in ((cast.county_organiser, "cac-changan"), (cast.stranger, "cac-fujian")):
        sign_in(client, person)
        case = CASE | {"unit": unit, "title_en": f"A drill of {person.pk}", "then": "submit"}
        assert client.post(to("desk-entry-create", call.pk), case).status_code == 302
    assert set(Entry.objects.values_list("state", flat=True)) == {"submitted"}
    at(AFTER.replace(year=2019, month=9, day=21))
    sign_in(client, cast.national)
    client.post(to("desk-step", call.pk, "close"))
    people = [make_user("one"), make_user("two")]
    for person in people:
        assert client.post(to("desk-jury", call.pk), {"person": person.username}).status_code == 302
    client.post(to("desk-step", call.pk, "score"))
    first, second = call.criteria.all()
    for person in people:
        sign_in(client, person)
        for sheet in Sheet.objects.filter(juror__person=person).select_related("entry"):
            value = 9 if sheet.entry.unit_id == cast.county_unit.pk else 4
            data = {f"score{first.pk}": value, f"score{second.pk}": value, "note": "", "then": "hand-in"}
            assert client.post(to("jury-sheet", call.pk, sheet.entry.number), data).status_code == 302
    sign_in(client, cast.national)
    client.post(to("desk-step", call.pk, "shortlist"))
    results = client.get(to("desk-results", call.pk)).text
    assert "90.00" in results
    best = Entry.objects.get(unit=cast.county_unit)
    client.post(to("desk-awards", call.pk), {f"level{best.pk}": "first", f"citation{best.pk}_en": "It works."})
    public = client.get(to("call-detail", call.pk)).text
    assert "It works." in public
    at(AFTER)
    sign_in(client, cast.national)
    client.post(to("desk-step", call.pk, "publish"))
    call.refresh_from_db()
    assert call.state == "published"
    assert str(best.title) in client.get(to("case-list")).text


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"closes": "2019-08-01T09:00"}, "closes"),
        ({"scoring_until": "2019-09-10T09:00"}, "scoring_until"),
        ({"weight1": ""}, "weight1"),
        ({"title_en": "", "title_zh_hans": ""}, "title"),
        ({"owner": "cac-nowhere"}, "owner"),
        ({"readers": "-3"}, "readers"),
    ],
)
def test_what_is_wrong_with_a_call_is_said_beside_its_field(client, cast, at, change, field):
    sign_in(client, cast.national)
    answer = client.post(to("desk-create"), CALL | change)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "What worked?" in answer.text


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"value1": "-5"}, "value1"),
        ({"counted1": ""}, "counted1"),
        ({"value1": "101", "counted1": "percent"}, "value1"),
        ({"value1": "1e30"}, "value1"),
        ({"theme": "weather"}, "theme"),
        ({"result_en": "", "then": "submit"}, "result"),
        ({"consent": "", "then": "submit"}, "consent"),
    ],
)
def test_what_is_wrong_with_a_case_is_said_beside_its_field_and_the_text_stays(client, cast, call, change, field):
    sign_in(client, cast.county_organiser)
    answer = client.post(
        to("desk-entry-create", call.pk), CASE | {"unit": "cac-changan", "title_en": "Kept text"} | change
    )
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "Kept text" in answer.text


def test_who_saves_second_sees_the_others_text_beside_the_own_and_may_save_again(client, cast, call):
    entry = make_entry(call=call, unit=cast.county_unit, sent=False)
    theirs = {"result": LocalizedText(en="What the colleague found")}
    edit_entry(entry=entry, revision=1, fields=theirs, figures=None, by=cast.city_organiser, now=DURING)
    sign_in(client, cast.county_organiser)
    mine = CASE | {"result_en": "What I found", "revision": "1"}
    answer = client.post(to("desk-entry-edit", entry.pk), mine)
    assert answer.status_code == 409
    assert "What the colleague found" in answer.text
    assert "What I found" in answer.text
    assert 'name="revision" value="2"' in answer.text
    assert client.post(to("desk-entry-edit", entry.pk), mine | {"revision": "2"}).status_code == 302
    entry.refresh_from_db()
    assert entry.result == {"en": "What I found"}


def test_a_text_that_names_its_unit_is_kept_and_warned_of_before_it_is_sent_in(client, cast, call):
    sign_in(client, cast.county_organiser)
    case = CASE | {"unit": "cac-changan", "practice_en": "Chang'an did it", "then": "submit"}
    answer = client.post(to("desk-entry-create", call.pk), case, follow=True)
    entry = Entry.objects.get()
    assert entry.state == "draft"
    assert "Chang&#x27;an</b>" in answer.text
    client.post(to("desk-entry-act", entry.pk, "submit"))
    entry.refresh_from_db()
    assert entry.state == "submitted"


def test_each_of_the_cast_sees_its_own_entries_and_no_neighbours(client, cast, call):
    entries = {unit.code: make_entry(call=call, unit=unit, sent=False) for unit in (cast.city_unit, cast.county_unit)}
    beside = make_user("beside")
    make_post(beside, make_neighbour(cast), "coordinator")
    expected = {
        cast.national: {"cac-shijiazhuang", "cac-changan"},
        cast.provincial: {"cac-shijiazhuang", "cac-changan"},
        cast.city_organiser: {"cac-shijiazhuang", "cac-changan"},
        cast.county_organiser: {"cac-changan"},
        cast.stranger: set(),
        beside: set(),
    }
    for person, codes in expected.items():
        sign_in(client, person)
        page = client.get(to("desk-entries"))
        assert {entry.unit.code for entry in page.context["page"]} == codes
        for code, entry in entries.items():
            assert client.get(to("desk-entry", entry.pk)).status_code == (200 if code in codes else 404)


def make_neighbour(cast):
    from tests.factories.regions import make_unit

    return make_unit("beside-changan", region=cast.county, parent=cast.city_unit)


def test_a_call_is_seen_below_once_it_is_open_and_never_by_another_branch(client, cast, at):
    call = make_call(edition=cast.edition, owner=cast.provincial_unit, opened=False)
    sign_in(client, cast.county_organiser)
    assert client.get(to("desk-call", call.pk)).status_code == 404
    from cyberweek.honours.actions import open_call

    open_call(call=call, by=None, now=OPENS)
    assert client.get(to("desk-call", call.pk)).status_code == 200
    assert client.post(to("desk-step", call.pk, "close")).status_code == 403
    assert client.get(to("desk-edit", call.pk)).status_code == 403
    sign_in(client, cast.stranger)
    assert client.get(to("desk-call", call.pk)).status_code == 404


def test_scores_are_sealed_until_scoring_ends_and_to_who_has_an_entry_until_the_end(client, cast, call, at):
    call = scored(call, [cast.national_unit, cast.county_unit, cast.stranger_unit])
    at(LATER)
    sign_in(client, cast.national)  # serves in the unit that has an entry
    for page in ("desk-results", "desk-awards"):
        assert client.get(to(page, call.pk)).status_code == 403
    assert "somebody of the unit that calls who has none" in client.get(to("desk-call", call.pk)).text


def test_the_organiser_opens_every_score_after_the_end_and_not_before(client, cast, call, at):
    for unit in (cast.county_unit, cast.stranger_unit):
        make_entry(call=call, unit=unit)
    close_call(call=call, by=None, now=CLOSES)
    make_juror(call), make_juror(call)
    begin_scoring(call=call, by=None, now=SCORING)
    for sheet in Sheet.objects.select_related("juror__call"):
        hand_in(sheet, 7)
    at(SCORING)
    sign_in(client, cast.national)
    assert client.get(to("desk-results", call.pk)).status_code == 403
    entry = Entry.objects.first()
    assert "70.0" not in client.get(to("desk-entry", entry.pk)).text
    client.post(to("desk-step", call.pk, "shortlist"))
    page = client.get(to("desk-results", call.pk)).text
    assert "2 entries are tied at rank 1" in page
    assert "70.0" in client.get(to("desk-entry", entry.pk)).text
    assert "tied for the last places" in client.get(to("desk-awards", call.pk)).text


def test_nobody_decides_their_own_objection(client, cast, call, at):
    call = scored(call, [cast.county_unit, cast.stranger_unit])
    at(LATER)
    sign_in(client, cast.national)
    best = Entry.objects.get(unit=cast.county_unit)
    client.post(to("desk-awards", call.pk), {f"level{best.pk}": "first"})
    assert Award.objects.count() == 1
    client.post(to("desk-object", call.pk), {"entry": best.pk, "text": "The figure is old."})
    mine = Objection.objects.get()
    decision = {"upheld": "yes", "decision": "So it is."}
    assert client.post(to("desk-decide", call.pk, mine.pk), decision).status_code == 403
    sign_in(client, cast.stranger)
    client.post(to("desk-object", call.pk), {"entry": best.pk, "text": "The photographs are ours."})
    theirs = Objection.objects.exclude(pk=mine.pk).get()
    assert client.post(to("desk-decide", call.pk, theirs.pk), decision).status_code == 403
    sign_in(client, cast.national)
    assert client.post(to("desk-decide", call.pk, theirs.pk), decision).status_code == 302
    assert Award.objects.count() == 0


@pytest.mark.parametrize(
    "name", ["desk-list", "desk-entries", "desk-call-entries", "desk-call", "desk-results", "jury"]
)
def test_a_page_asks_as_often_for_many_rows_as_for_one(client, cast, at, name):
    person = make_user("expert")

    def queries(n):
        call = make_call(edition=cast.edition, owner=cast.national_unit)
        for _ in range(n):
            make_entry(call=call, unit=cast.county_unit)
            make_entry(call=call, unit=cast.stranger_unit)
        close_call(call=call, by=None, now=CLOSES)
        make_juror(call, person), make_juror(call)
        begin_scoring(call=call, by=None, now=SCORING)
        if name == "desk-results":
            for sheet in Sheet.objects.filter(juror__call=call).select_related("juror__call"):
                hand_in(sheet, 1 + sheet.pk % 9)
            from cyberweek.honours.actions import end_scoring

            end_scoring(call=call, by=None, now=LATER)
        sign_in(client, person if name == "jury" else cast.national)
        address = to(name) if name in {"desk-list", "desk-entries"} else to(name, call.pk)
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get(address).status_code == 200
        return len(found)

    assert queries(1) == queries(4)
