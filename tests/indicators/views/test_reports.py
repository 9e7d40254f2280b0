"""The pages of reports: who sees them, what they say, what is lost (nothing)."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cyberweek.indicators import actions
from cyberweek.indicators.core.sketches import edition_key, hashed
from cyberweek.indicators.models import Evidence, Figure, Report
from tests.factories.accounts import sign_in
from tests.factories.indicators import NOW, load, open_report, send
from tests.factories.programme import make_activity

pytestmark = pytest.mark.django_db
LIST = "/desk/2019-national/reports/"


@pytest.fixture
def dictionary(cast):
    return load(cast.edition)


@pytest.fixture
def report(cast, dictionary) -> Report:
    return open_report(make_activity(edition=cast.edition, lead=cast.county_unit, capacity=200, code="A1"))


def filled(report: Report, **more) -> dict[str, str]:
    return {
        "revision": str(report.revision), "attendance": "180", "attendance-way": "signed", "attendance-basis": "sheet 1",
        "then": "send", **more,
    }  # fmt: skip


def address(report: Report) -> str:
    return f"{LIST}{report.pk}/"


def page(client, url, **query) -> str:
    return client.get(url, query, headers={"Accept-Language": "en"}).content.decode()


@pytest.mark.parametrize(
    ("who", "status"),
    [("national", 200), ("provincial", 200), ("city_organiser", 200), ("county_organiser", 200), ("stranger", 404)],
)
def test_each_of_the_cast_sees_the_reports_of_their_branch(cast, client, report, who, status):
    sign_in(client, getattr(cast, who))
    assert client.get(address(report)).status_code == status
    listed = f'href="{address(report)}"' in page(client, LIST, tab="due")
    assert listed == (status == 200)


def test_a_report_is_filled_in_and_sent(cast, client, report):
    sign_in(client, cast.county_organiser)
    assert "person-times" in page(client, address(report))
    answer = client.post(address(report), filled(report, **{"people-reached": "1,5０", "people-reached-way": "heads"}))
    assert answer.status_code == 422
    answer = client.post(address(report), filled(report, **{"people-reached": "１５０", "people-reached-way": "heads"}))
    assert answer.status_code == 302
    assert dict(Figure.objects.values_list("indicator__code", "value")) == {"attendance": 180, "people-reached": 150}
    assert "Counted" in page(client, address(report))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"attendance": "-3"}, "There is no figure below nought."),
        ({"attendance": "many"}, "This is no number."),
        ({"attendance": "99999999999999999"}, "Nothing of this world"),
        ({"attendance": "2.5"}, "Only whole ones"),
        ({"attendance": "300 people"}, "What is counted here is person-times, and you wrote people"),
        ({"attendance-way": ""}, "Say how it was counted."),
        ({"people-reached": "181", "people-reached-way": "heads"}, "More people than person-times"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_nothing_typed_is_lost(cast, client, report, fields, said):
    sign_in(client, cast.county_organiser)
    answer = client.post(
        address(report), filled(report, worked="Rain helped.", **fields), headers={"Accept-Language": "en"}
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert text.count(said) == 2  # on top and beside
    assert "Rain helped." in text
    assert not Figure.objects.exists()


def test_what_is_odd_is_asked_about_and_explained(cast, client, report):
    sign_in(client, cast.county_organiser)
    client.post(address(report), filled(report, attendance="20000"))
    text = page(client, address(report))
    assert "The place holds 200. Is this one right?" in text
    assert "attendance-why" in text
    report.refresh_from_db()
    client.post(address(report), filled(report, attendance="20000", **{"attendance-why": "held in the square"}))
    report.refresh_from_db()
    assert report.state == "to-verify"
    assert "“held in the square”" in page(client, address(report))


def test_what_was_said_of_a_figure_is_not_said_of_the_one_that_replaces_it(cast, client, report):
    sign_in(client, cast.county_organiser)
    explained = filled(report, attendance="20000", **{"attendance-why": "held in the square"})
    for _ in range(2):
        client.post(address(report), explained)
        report.refresh_from_db()
        explained["revision"] = str(report.revision)
    actions.reject_report(report=report, reason="Which square?", by=cast.city_organiser, now=NOW)
    report.refresh_from_db()
    client.post(address(report), filled(report))
    text = page(client, address(report))
    assert "corrected from 20,000" in text
    assert "held in the square" not in text


def test_two_who_edit_at_once_lose_nothing(cast, client, report):
    sign_in(client, cast.county_organiser)
    client.post(address(report), filled(report, attendance="50", then="keep"))
    answer = client.post(
        address(report), filled(report, attendance="70", worked="Mine.", then="keep"), headers={"Accept-Language": "en"}
    )
    text = answer.content.decode()
    assert answer.status_code == 409
    met = {one.label: (one.theirs, one.mine) for one in answer.context["form"].met}
    assert met["Attendance"] == ("50", "70")
    assert "has changed this while you were writing" in text
    assert 'value="70"' in text
    assert "Mine." in text
    revision = re.search(r'name="revision" value="(\d+)"', text)
    client.post(address(report), filled(report, attendance="70", worked="Mine.", then="keep", revision=revision[1]))
    assert Figure.objects.get().value == 70


def test_what_only_the_other_wrote_is_taken_over(cast, client, report):
    sign_in(client, cast.county_organiser)
    read = client.get(address(report)).context["form"]["read"].value()
    client.post(address(report), filled(report, attendance="50", then="keep"))
    mine = {"revision": "0", "read": read, "worked": "Mine.", "then": "keep"}
    answer = client.post(address(report), mine, headers={"Accept-Language": "en"})
    assert answer.status_code == 409
    form = answer.context["form"]
    assert {one.label for one in form.met if one.is_contested} == set()
    again = {name: form[name].value() for name in ("revision", "read", "attendance", "attendance-way", "worked")}
    client.post(address(report), {**again, "attendance-basis": "sheet 1", "then": "keep"})
    report.refresh_from_db()
    assert (Figure.objects.get().value, report.worked) == (50, "Mine.")


def test_two_who_write_the_same_save_without_a_word(cast, client, report):
    sign_in(client, cast.county_organiser)
    for _n in range(2):
        answer = client.post(address(report), filled(report, attendance="50", then="keep"))
        assert answer.status_code == 302


def test_those_who_only_look_cannot_send(cast, client, report):
    from tests.factories.regions import make_post, make_user

    viewer = make_user("viewer")
    make_post(viewer, cast.county_unit, "viewer")
    sign_in(client, viewer)
    assert '<form class="flow"' not in page(client, address(report))
    client.post(address(report), filled(report))
    assert not Figure.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"), [("national", 302), ("city_organiser", 302), ("county_organiser", 403), ("stranger", 404)]
)
def test_the_level_above_verifies_and_never_who_sent_it(cast, client, dictionary, who, status):
    activity = make_activity(edition=cast.edition, lead=cast.county_unit, capacity=90_000)
    report = send(activity, {"attendance": 60_000}, dictionary, by=cast.county_organiser)
    sign_in(client, getattr(cast, who))
    assert client.post(f"{address(report)}verify/").status_code == status
    report.refresh_from_db()
    assert (report.state == "verified") == (status == 302)


def test_what_waits_for_verification_is_listed_for_those_above_alone(cast, client, dictionary):
    activity = make_activity(edition=cast.edition, lead=cast.county_unit, capacity=90_000)
    report = send(activity, {"attendance": 60_000}, dictionary, by=cast.county_organiser)
    for who, listed in [("city_organiser", True), ("national", True), ("county_organiser", False), ("stranger", False)]:
        sign_in(client, getattr(cast, who))
        assert (f'href="{address(report)}"' in page(client, LIST, tab="verify")) == listed


def test_a_report_is_sent_back_with_a_reason(cast, client, dictionary):
    activity = make_activity(edition=cast.edition, lead=cast.county_unit, capacity=90_000)
    report = send(activity, {"attendance": 60_000}, dictionary, by=cast.county_organiser)
    sign_in(client, cast.city_organiser)
    assert client.post(f"{address(report)}reject/", {"reason": ""}).status_code == 422
    assert client.post(f"{address(report)}reject/", {"reason": "Which square?"}).status_code == 302
    sign_in(client, cast.county_organiser)
    assert "Which square?" in page(client, address(report))


def test_a_report_for_what_never_happened_is_refused_with_the_reason(cast, client, dictionary):
    sign_in(client, cast.county_organiser)
    make_activity(edition=cast.edition, lead=cast.county_unit, status="cancelled", code="A9")
    later = timezone.now() + dt.timedelta(days=3)
    make_activity(edition=cast.edition, lead=cast.county_unit, code="A8", starts=later)
    for code, why in [("A9", "it was cancelled"), ("A8", "it has not begun yet")]:
        url = f"{LIST}activity/{code}/"
        assert why in page(client, url)
        assert client.post(url).status_code == 409
    assert not Report.objects.exists()


def test_a_report_may_be_begun_before_the_job_opens_it(cast, client, dictionary):
    sign_in(client, cast.county_organiser)
    make_activity(edition=cast.edition, lead=cast.county_unit, code="A7")
    url = f"{LIST}activity/A7/"
    assert client.get(url).status_code == 200
    assert not Report.objects.exists()
    assert client.post(url).status_code == 302
    assert client.get(url).status_code == 302
    assert client.post(f"{LIST}unit/cac-changan/").status_code == 302
    assert client.get(f"{LIST}unit/cac-fujian/").status_code == 404


def test_files_stay_chosen_where_a_number_is_wrong_and_are_seen_by_those_who_see_the_report(cast, client, report):
    sign_in(client, cast.county_organiser)
    photo = SimpleUploadedFile("sheet.txt", "签到表 sign-in sheet\n".encode(), content_type="text/plain")
    answer = client.post(address(report), filled(report, attendance="x", photos=photo, photos_for="attendance"))
    assert (answer.status_code, Evidence.objects.exists()) == (422, False)
    (kept,) = answer.context["form"].fields["photos"].kept
    again = {"attendance-basis": "", "photos-kept": str(kept.pk), "photos_for": "attendance"}
    client.post(address(report), filled(report, **again))
    file = Evidence.objects.get()
    assert (file.indicator.code, Figure.objects.get().grade) == ("attendance", "document")
    url = f"{address(report)}files/{file.pk}/"
    assert client.get(url).content.decode().startswith("签到表")
    sign_in(client, cast.stranger)
    assert client.get(url).status_code == 404


def test_a_program_named_as_a_photo_is_refused(cast, client, report):
    sign_in(client, cast.county_organiser)
    program = SimpleUploadedFile("photo.jpg", b"MZ" + bytes(3000), content_type="image/jpeg")
    answer = client.post(address(report), filled(report, photos=program), headers={"Accept-Language": "en"})
    assert answer.status_code == 422
    assert "program, not a picture" in answer.content.decode()
    assert not Evidence.objects.exists()


def test_a_unit_brings_a_sketch_and_names_are_refused(cast, client, dictionary):
    sign_in(client, cast.county_organiser)
    client.post(f"{LIST}unit/cac-changan/")
    report = Report.objects.get()
    url = f"{address(report)}people/reach/"
    names = SimpleUploadedFile("people.csv", "张三\n李四\n".encode())
    answer = client.post(url, {"file": names, "basis": "gate"}, headers={"Accept-Language": "en"})
    assert (answer.status_code, "nothing of this file was kept" in answer.content.decode()) == (422, True)
    lines = "\n".join(hashed(str(n), edition_key("any", "x")) for n in range(40))
    answer = client.post(url, {"file": SimpleUploadedFile("people.csv", lines.encode()), "basis": "gate"})
    assert answer.status_code == 302
    assert Figure.objects.get().value == 40
    client.post(address(report), {"revision": str(Report.objects.get().revision), "then": "send"})
    assert Figure.objects.get().state == "counted"


def test_the_list_takes_as_many_queries_for_many_as_for_one(cast, client, dictionary):
    sign_in(client, cast.national)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            page(client, LIST, tab="all")
        return len(seen)

    send(make_activity(edition=cast.edition, lead=cast.county_unit), {"attendance": 100}, dictionary)
    page(client, LIST)
    one = queries()
    for _n in range(12):
        send(make_activity(edition=cast.edition, lead=cast.city_unit), {"attendance": 100, "materials": 9}, dictionary)
    assert queries() == one


def test_the_menu_counts_what_waits(cast, client, report):
    sign_in(client, cast.county_organiser)
    actions.open_reports_due(now=NOW)
    assert "1 to report" in page(client, LIST)


def test_who_has_sent_one_report_is_led_to_the_next(cast, client, dictionary, report):
    other = open_report(make_activity(edition=cast.edition, lead=cast.county_unit, code="A2"))
    sign_in(client, cast.county_organiser)
    client.post(address(report), filled(report))
    assert f'href="{address(other)}"' in page(client, address(report))
    client.post(address(other), filled(other))
    assert "Next to report" not in page(client, address(other))
