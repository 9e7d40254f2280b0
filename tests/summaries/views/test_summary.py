"""The summary at the desk and in public: who reads and does what, and that figures open."""

from __future__ import annotations

import io
import json

import pyarrow.parquet as pq
import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cyberweek.kernel.models import AuditEvent
from cyberweek.summaries import actions
from cyberweek.summaries.core.content import digest
from cyberweek.summaries.models import Lesson, Link, Section, Summary, Version
from tests.factories.accounts import sign_in
from tests.factories.regions import make_region, make_unit
from tests.factories.summaries import LATER, again, some_figures

pytestmark = pytest.mark.django_db
DESK = "/desk/2019-national/summary/"
HEBEI = f"{DESK}cac-hebei/"
PUBLIC = "/2019-national/summary/cac-hebei/"


@pytest.fixture
def figures(cast):
    return some_figures(cast)


def frozen(cast, unit=None) -> Version:
    unit = again(unit or cast.provincial_unit)
    return actions.freeze_summary(edition=cast.edition, unit=unit, base="https://week.example", by=None, now=LATER)


def page(client, url, *, language="en", **query) -> str:
    answer = client.get(url, query, headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_the_summary_is_written_before_anybody_touches_it(cast, client, figures):
    sign_in(client, cast.provincial)
    assert client.get(DESK).headers["Location"] == HEBEI
    shown = page(client, HEBEI)
    assert '<a href="/desk/2019-national/figures/of/attendance/?region=130000"><strong>1,500</strong></a>' in shown
    assert 'href="/desk/2019-national/tasks/all/?unit=cac-hebei&amp;state=done"' in shown
    assert "现场参与" in page(client, HEBEI, language="zh-Hans")
    assert not Summary.objects.exists()


def test_who_may_open_and_write(cast, client, figures):
    for person, status, may in [
        (cast.national, 200, True),
        (cast.provincial, 200, True),
        (cast.city_organiser, 200, False),  # the unit right above its own: to read
        (cast.county_organiser, 404, False),
        (cast.stranger, 404, False),
    ]:
        sign_in(client, person)
        assert client.get(HEBEI).status_code == status, person
        edit = client.get(f"{HEBEI}sections/overview/").status_code
        assert edit == (200 if may else 403 if status == 200 else 404), person
        assert client.post(f"{HEBEI}freeze/").status_code == (302 if may else 403 if status == 200 else 404), person


def edit(client, text, revision, part="overview"):
    data = {"text_zh_hans": text, "text_en": "", "revision": revision}
    return client.post(f"{HEBEI}sections/{part}/", data, headers={"Accept-Language": "en"})


def test_text_around_a_figure_does_not_break_when_the_figure_moves(cast, client, figures):
    sign_in(client, cast.provincial)
    assert edit(client, "到场{figure:attendance}人次，另有{figure:nonsense}。\n\n- 一\n- 二", 0).status_code == 302
    shown = page(client, HEBEI, language="zh-Hans")
    assert "<strong>1,500</strong>" in shown
    assert "nonsense" in shown
    assert Section.objects.get().revision == 1


def test_markup_is_shown_as_text(cast, client, figures):
    sign_in(client, cast.provincial)
    nasty = '<script>alert(1)</script> #read("/etc/passwd") {figure:attendance}}{ {{7*7}} {% load x %}'
    edit(client, nasty, 0)
    shown = page(client, HEBEI, language="zh-Hans")
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "{{7*7}}" in shown
    version = frozen(cast)
    assert client.get(f"{HEBEI}versions/{version.number}/summary.pdf").status_code == 200
    assert client.get(f"{HEBEI}versions/{version.number}/summary.docx").status_code == 200


def test_the_second_of_two_editors_sees_the_first_and_loses_nothing(cast, client, figures):
    sign_in(client, cast.provincial)
    edit(client, "First.", 0)
    answer = edit(client, "Second.", 0)
    assert answer.status_code == 422
    told = answer.content.decode()
    assert "First." in told
    assert "Second." in told
    assert edit(client, "Second.", 1).status_code == 302
    assert Section.objects.get().text["zh-Hans"] == "Second."


def test_a_megabyte_of_text_is_refused_and_kept_in_the_field(cast, client, figures):
    sign_in(client, cast.provincial)
    answer = edit(client, "长" * 400_000, 0)
    assert answer.status_code == 422
    assert "长长长" in answer.content.decode()
    assert not Section.objects.exists()


def test_typed_figures_are_asked_about(cast, client, figures):
    sign_in(client, cast.provincial)
    edit(client, "共有12,345人次到场。", 0)
    assert "12,345" in page(client, f"{HEBEI}sections/overview/").split("Typed figures", 1)[1][:600]


def test_the_desk_page_takes_the_same_number_of_queries_whatever_it_holds(cast, client, figures):
    sign_in(client, cast.national)
    page(client, f"{DESK}cac/")
    with CaptureQueriesContext(
        connection,
    ) as few:
        page(client, f"{DESK}cac/")
    for n in range(8):
        region = make_region(f"4{n}0000", parent=cast.nation)
        make_unit(region=region, parent=cast.national_unit)
    with CaptureQueriesContext(connection) as many:
        page(client, f"{DESK}cac/")
        page(client, f"{DESK}cac/below/")
    with CaptureQueriesContext(connection) as below:
        page(client, f"{DESK}cac/below/")
    assert len(many) - len(below) <= len(few)
    assert len(few) < 50


def test_from_the_freeze_to_the_level_above(cast, client, figures):
    sign_in(client, cast.provincial)
    assert client.post(f"{HEBEI}freeze/").headers["Location"] == f"{HEBEI}versions/1/"
    shown = page(client, f"{HEBEI}versions/1/")
    version = Version.objects.get()
    assert version.sha256 in shown
    assert client.post(f"{HEBEI}versions/1/take/").status_code == 403
    client.post(f"{HEBEI}versions/1/send/")
    assert Summary.objects.get().state == "sent"
    sign_in(client, cast.national)
    assert "0 of 2" not in page(client, f"{DESK}cac/below/")
    client.post(f"{HEBEI}versions/1/send-back/", {"reason": "Lessons, please."})
    assert Summary.objects.get().note == "Lessons, please."
    sign_in(client, cast.provincial)
    assert "Lessons, please." in page(client, HEBEI)
    client.post(f"{HEBEI}freeze/")
    assert "Nothing has changed." in page(client, f"{HEBEI}versions/2/")


def test_short_links_open_for_the_public_only_what_is_published(cast, client, figures):
    version = frozen(cast)
    code = Link.objects.get(version=version, key="figure:attendance").code
    assert client.get(f"/f/{code}").status_code == 404
    assert client.get("/f/00000000").status_code == 404
    sign_in(client, cast.stranger)
    assert client.get(f"/f/{code}").status_code == 404
    sign_in(client, cast.provincial)
    shown = page(client, f"/f/{code}")
    assert "/desk/2019-national/figures/of/attendance/?region=130000" in shown
    client.logout()
    actions.publish_version(version=version, by=None, now=LATER)
    shown = page(client, f"/f/{code}")
    assert "1,500" in shown
    assert "/desk/2019-national/figures" not in shown
    assert client.get(f"/f/{code.lower()}/").headers["Location"] == f"/f/{code}"


def test_a_figure_is_shown_as_frozen_beside_what_it_is_now(cast, client, figures):
    from cyberweek.indicators.models import Total

    version = frozen(cast)
    actions.publish_version(version=version, by=None, now=LATER)
    Total.objects.filter(indicator__code="attendance", region=cast.province).update(value=1777)
    shown = page(client, f"/f/{Link.objects.get(version=version, key='figure:attendance').code}")
    assert "1,500" in shown
    assert "1,777" in shown
    assert "It has moved since" in shown


def test_the_public_reads_what_is_published_and_its_hash_can_be_checked(cast, client, figures):
    assert client.get(PUBLIC).status_code == 404
    version = frozen(cast)
    assert client.get(PUBLIC).status_code == 404
    assert client.get(f"{PUBLIC}1/summary.json").status_code == 404
    actions.publish_version(version=version, by=None, now=LATER)
    assert version.sha256 in page(client, PUBLIC)
    assert version.sha256 in page(client, PUBLIC, language="zh-Hans")
    content = json.loads(client.get(f"{PUBLIC}1/summary.json").content)
    assert digest(content) == version.sha256
    assert "cac-hebei" in page(client, "/2019-national/summary/")
    actions.unpublish_version(version=version, reason="A name was in it.", by=None)
    assert client.get(PUBLIC).status_code == 404


def test_open_data_says_what_its_columns_mean(cast, client, figures):
    version = frozen(cast)
    actions.publish_version(version=version, by=None, now=LATER)
    table = pq.read_table(io.BytesIO(client.get(f"{PUBLIC}1/data/totals.parquet").content))
    rows = [row for row in table.to_pylist() if row["indicator"] == "attendance"]
    assert {(row["region"], int(row["value"])) for row in rows} == {("130000", 1500), ("130100", 1500)}
    assert table.schema.metadata[b"sha256"].decode() == version.sha256
    assert b"description:en" in table.schema.field("value").metadata
    text = client.get(f"{PUBLIC}1/data/totals.csv").content.decode("utf-8-sig")
    names = text.splitlines()[0].split(",")
    told = client.get(f"{PUBLIC}1/data/dictionary.json").json()
    assert [one["name"] for one in told["tables"][0]["tableSchema"]["columns"]] == names
    page(client, f"{PUBLIC}1/data/")


def test_names_that_would_run_as_formulas_do_not(cast, client, figures):
    cast.city.name = {"zh-Hans": "=cmd|' /C calc'!A0", "en": "+1"}
    cast.city.save()
    version = frozen(cast)
    sign_in(client, cast.provincial)
    text = client.get(f"{HEBEI}versions/{version.number}/data/totals.csv").content.decode("utf-8-sig")
    assert ",=cmd" not in text
    assert "'=cmd" in text


def test_lessons_are_noted_changed_and_taken_out(cast, client, figures):
    sign_in(client, cast.provincial)
    words = {"what": "Queues at the door.", "why": "Two gates.", "next_time": "Four gates."}
    assert client.post(f"{HEBEI}lessons/", words).status_code == 302
    lesson = Lesson.objects.get()
    assert "Queues at the door." in page(client, HEBEI)
    assert client.post(f"{HEBEI}lessons/{lesson.pk}/", {**words, "why": "One gate.", "revision": 1}).status_code == 302
    answer = client.post(f"{HEBEI}lessons/{lesson.pk}/", {**words, "why": "None.", "revision": 1})
    assert answer.status_code == 422
    assert "One gate." in answer.content.decode()
    sign_in(client, cast.city_organiser)
    assert client.post(f"{HEBEI}lessons/{lesson.pk}/remove/").status_code == 403
    sign_in(client, cast.provincial)
    client.post(f"{HEBEI}lessons/{lesson.pk}/remove/")
    assert not Lesson.objects.exists()


def test_a_lesson_without_words_is_refused(cast, client, figures):
    sign_in(client, cast.provincial)
    answer = client.post(f"{HEBEI}lessons/", {"what": "", "why": "x", "next_time": ""})
    assert answer.status_code == 422
    assert not Lesson.objects.exists()


def test_those_who_owe_are_reminded(cast, client, figures):
    sign_in(client, cast.national)
    assert client.post(f"{DESK}cac/below/remind/", {"unit": "cac-fujian"}).status_code == 302
    assert Summary.objects.get().unit == cast.stranger_unit
    assert Summary.objects.get().reminded
    sign_in(client, cast.city_organiser)
    assert client.post(f"{HEBEI}below/remind/").status_code == 403
    assert not mail.outbox


def test_a_ministry_speaks_for_itself_and_not_for_its_region(cast, client, figures):
    ministry = make_unit("moe", region=cast.nation, parent=cast.national_unit, sector="education")
    version = frozen(cast, ministry)
    assert version.content["unit"]["place"] is False
    assert version.content["figures"]["figure:attendance"]["value"] is None
    assert version.content["totals"] == []


def test_a_freeze_that_is_pressed_twice_is_one_version(cast, client, figures):
    sign_in(client, cast.provincial)
    assert 'name="after" value="0"' in page(client, f"{HEBEI}freeze/")
    for _press in range(2):
        answer = client.post(f"{HEBEI}freeze/", {"after": "0"})
        assert answer.headers["Location"] == f"{HEBEI}versions/1/"
    assert Version.objects.count() == 1
    client.post(f"{HEBEI}freeze/", {"after": "1"})
    assert Version.objects.count() == 2


def test_a_unit_is_reminded_by_hand_once_a_day(cast, client, figures):
    sign_in(client, cast.national)
    for _press in range(2):
        client.post(f"{DESK}cac/below/remind/", {"unit": "cac-fujian"})
    assert AuditEvent.objects.filter(verb="summary.remind").count() == 1
