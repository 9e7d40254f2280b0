"""A meeting from its entry to the tasks that it decided, as a coordinator walks through it."""

from __future__ import annotations

import datetime as dt
import io

import pypdf
import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from cyberweek.planning.models import Task
from cyberweek.readiness.actions import meetings as actions
from cyberweek.readiness.models import Brief, Decision, Meeting, UnitReport
from tests.factories.accounts import sign_in
from tests.factories.planning import make_task


@pytest.fixture
def meeting(cast):
    make_task(
        edition=cast.edition,
        unit=cast.provincial_unit,
        state="done",
        title={"zh-Hans": "方案印发", "en": "Plan issued"},
    )
    make_task(
        edition=cast.edition, unit=cast.provincial_unit, state="blocked", blocker="no venue", title={"en": "Opening"}
    )
    starts = timezone.now() + dt.timedelta(days=2)
    fields = {
        "title": {"zh-Hans": "推进会", "en": "Meeting on the work"}, "starts": starts,
        "reports_due": starts - dt.timedelta(days=1), "region": cast.nation, "branch": None, "reach": "right-under",
    }  # fmt: skip
    return actions.plan_meeting(edition=cast.edition, unit=cast.national_unit, fields=fields, by=cast.national)


def called(cast, meeting) -> Meeting:
    actions.call_meeting(meeting=meeting, by=cast.national)
    meeting.refresh_from_db()
    return meeting


def at(name: str, cast, *rest) -> str:
    return reverse(f"readiness:{name}", args=[cast.edition.slug, *rest])


def test_a_meeting_is_entered_and_called_and_units_see_it_only_then(client, cast):
    sign_in(client, cast.national)
    data = {
        "unit": "cac", "title_zh_hans": "推进会", "title_en": "Meeting", "starts": "2030-09-11T09:00", "reports_due": "2030-09-10T12:00",
        "region": "CN", "branch": "", "reach": "right-under", "chair": "", "place_zh_hans": "", "place_en": "", "revision": "1", "read": "{}",
    }  # fmt: skip
    page = client.post(at("meeting-create", cast), data)
    assert page.status_code == 302, page.content.decode()[-3000:]
    made = Meeting.objects.get()
    sign_in(client, cast.provincial)
    assert client.get(at("meeting-detail", cast, made.pk)).status_code == 404
    sign_in(client, cast.national)
    client.post(at("meeting-act", cast, made.pk, "call"))
    assert set(UnitReport.objects.values_list("unit__code", flat=True)) == {"cac-hebei", "cac-fujian"}
    sign_in(client, cast.provincial)
    assert client.get(at("meeting-detail", cast, made.pk)).status_code == 200
    assert "Your page is wanted" in client.get(at("meeting-list", cast)).content.decode()


def test_a_region_and_a_unit_at_once_are_refused_beside_the_field(client, cast):
    sign_in(client, cast.national)
    data = {
        "unit": "cac",
        "title_en": "M",
        "starts": "2030-09-11T09:00",
        "reports_due": "2030-09-12T12:00",
        "region": "CN",
        "branch": "cac",
        "reach": "right-under",
        "revision": "1",
    }
    page = client.post(at("meeting-create", cast), data)
    assert page.status_code == 422
    assert "Give a region or a unit: one of the two." in page.content.decode()
    assert "Reports are wanted before the meeting begins." in page.content.decode()


def test_a_units_page_begins_with_what_its_tasks_say_and_is_sent_in(client, cast, meeting):
    called(cast, meeting)
    sign_in(client, cast.provincial)
    address = at("report-edit", cast, meeting.pk, "cac-hebei")
    page = client.get(address).content.decode()
    assert "Plan issued" in page
    assert "Opening: " in page
    assert "no venue" in page
    data = {"done": "All", "doing": "", "troubles": "", "asks": "", "revision": "1", "read": "{}", "then": "send"}
    assert client.post(address, data).status_code == 302
    assert UnitReport.objects.get(unit=cast.provincial_unit).sent is not None


def test_the_second_of_two_writers_sees_the_first_and_loses_nothing(client, cast, meeting):
    called(cast, meeting)
    address = at("report-edit", cast, meeting.pk, "cac-hebei")
    sign_in(client, cast.provincial)
    data = {
        "done": "first",
        "doing": "",
        "troubles": "",
        "asks": "",
        "revision": "1",
        "read": '{"done": "", "doing": "", "troubles": "", "asks": ""}',
        "then": "keep",
    }
    client.post(address, data)
    page = client.post(address, data | {"done": "second"})
    assert page.status_code == 422
    assert "first" in page.content.decode()
    assert "second" in page.content.decode()
    assert UnitReport.objects.get(unit=cast.provincial_unit).done == "first"
    again = {
        **data,
        "done": "second",
        "revision": page.context["form"]["revision"].value(),
        "read": page.context["form"]["read"].value(),
    }
    assert client.post(address, again).status_code == 302
    assert UnitReport.objects.get(unit=cast.provincial_unit).done == "second"


def test_a_page_that_would_not_fit_is_refused_beside_its_field(client, cast, meeting):
    called(cast, meeting)
    sign_in(client, cast.provincial)
    data = {"done": "\n".join("行" * 9), "doing": "", "troubles": "", "asks": "", "revision": "1", "then": "send"}
    page = client.post(at("report-edit", cast, meeting.pk, "cac-hebei"), data)
    assert page.status_code == 422
    assert "Each unit has one page" in page.content.decode()


def test_a_stranger_and_a_unit_below_read_but_do_not_write(client, cast, meeting):
    called(cast, meeting)
    for person, code, status in [(cast.stranger, "cac-hebei", 404), (cast.county_organiser, "cac-hebei", 404)]:
        sign_in(client, person)
        assert client.get(at("report-edit", cast, meeting.pk, code)).status_code == status


def test_one_press_gives_the_pack_and_everybody_has_the_same_paper(client, cast, meeting):
    called(cast, meeting)
    sign_in(client, cast.national)
    answer = client.post(at("brief-freeze", cast, meeting.pk), {"want": "en.pdf"}, follow=True)
    assert answer.headers["Content-Type"] == "application/pdf"
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages)
    assert "Not reported" in text
    client.post(at("brief-freeze", cast, meeting.pk))
    assert Brief.objects.count() == 1
    sign_in(client, cast.provincial)
    same = client.get(at("brief-file", cast, meeting.pk, 1, "en", "pdf"))
    assert same.content == answer.content
    for language in ("zh-Hans", "en"):
        for ending in ("pdf", "docx"):
            assert client.get(at("brief-file", cast, meeting.pk, 1, language, ending)).status_code == 200
    assert client.get(at("brief-detail", cast, meeting.pk, 1)).status_code == 200


def test_decisions_become_tasks_once_and_approved_minutes_stay(client, cast, meeting):
    called(cast, meeting)
    sign_in(client, cast.national)
    for name in ("agenda-edit", "minutes-edit", "meeting-edit"):
        assert client.get(at(name, cast, meeting.pk)).status_code == 200
    form = client.get(at("minutes-edit", cast, meeting.pk)).context["form"]
    Meeting.objects.filter(pk=meeting.pk).update(chair="Lin")
    form = client.get(at("minutes-edit", cast, meeting.pk)).context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    assert data["chair"] == "Lin"
    item = meeting.items.get()
    assert (
        client.post(at("minutes-edit", cast, meeting.pk), data | {f"item{item.pk}": "Much was said."}).status_code
        == 302
    )
    decision = {
        "what": "Find a venue",
        "unit": "cac-hebei",
        "due": "2030-09-13",
        "accountable": "provincial",
        "item": "",
        "csrfmiddlewaretoken": "of this page",
    }
    for _twice in range(2):
        page = client.post(at("decision-add", cast, meeting.pk), decision)
        assert page.status_code == 302, page.content.decode()[-2000:]
        who = {"name": "Wang", "presence": "present", "csrfmiddlewaretoken": "of this page"}
        assert client.post(at("attendee-add", cast, meeting.pk), who).status_code == 302
    assert meeting.attendees.filter(name="Wang").count() == 1
    meeting.refresh_from_db()
    for _twice in range(2):
        client.post(at("minutes-approve", cast, meeting.pk), {"revision": meeting.revision})
    task = Task.objects.get(title__en="Find a venue")
    assert (task.unit, task.accountable, task.due) == (cast.provincial_unit, cast.provincial, dt.date(2030, 9, 13))
    assert Decision.objects.get().task == task
    assert client.get(at("meeting-detail", cast, meeting.pk)).status_code == 200
    assert client.get(at("minutes-file", cast, meeting.pk, "zh-Hans", "pdf")).content.startswith(b"%PDF")
    assert client.get(at("minutes-file", cast, meeting.pk, "en", "docx")).content.startswith(b"PK")
    another = decision | {"csrfmiddlewaretoken": "of a page opened afresh"}
    assert client.post(at("decision-add", cast, meeting.pk), another).status_code == 403


def test_minutes_changed_since_they_were_read_are_not_approved(client, cast, meeting):
    called(cast, meeting)
    sign_in(client, cast.national)
    meeting.refresh_from_db()
    for revision in (meeting.revision - 1, "", "9" * 5000):
        client.post(at("minutes-approve", cast, meeting.pk), {"revision": revision})
    meeting.refresh_from_db()
    assert meeting.state == "called"


def test_the_list_takes_as_many_queries_for_many_meetings_as_for_one(
    client, cast, meeting, django_assert_max_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    sign_in(client, cast.national)
    client.get(at("meeting-list", cast))
    with CaptureQueriesContext(connection) as one:
        client.get(at("meeting-list", cast))
    for _ in range(5):
        fields = {
            name: getattr(meeting, name) for name in ("title", "starts", "reports_due", "region", "branch", "reach")
        }
        made = actions.plan_meeting(edition=cast.edition, unit=cast.national_unit, fields=fields, by=cast.national)
        actions.call_meeting(meeting=made, by=cast.national)
    with CaptureQueriesContext(connection) as many:
        client.get(at("meeting-list", cast))
    assert len(many) == len(one)


def test_units_that_owe_their_page_are_reminded_once_a_day(cast, meeting, django_capture_on_commit_callbacks):
    now = timezone.now()
    cast.provincial.email = "p@example.org"
    cast.provincial.save()
    called(cast, meeting)
    assert actions.remind_reports(now=now) == 2
    assert actions.remind_reports(now=now) == 0
    assert actions.remind_reports(now=now + dt.timedelta(days=1)) == 2
    assert mail.outbox is not None
