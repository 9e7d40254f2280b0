"""What is done on the page of a task, as a browser sends it."""

from __future__ import annotations

import datetime as dt
import html
import re

import icalendar
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from cyberweek.planning.models import Dependency, Notice, Reader, Task
from cyberweek.planning.views import notices
from tests.factories.accounts import sign_in
from tests.factories.planning import make_arrangement, make_plan, make_task

DESK = "/desk/2019-national/tasks/"


@pytest.fixture
def task(cast):
    return make_task(
        edition=cast.edition, unit=cast.provincial_unit, title={"en": "Screen material", "zh-Hans": "屏幕素材"}
    )


@pytest.fixture
def desk(cast, client):
    return sign_in(client, cast.provincial)


def hidden(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found}


def filled(task, page, **over):
    values = {
        "title_zh-Hans": "", "title_en": "", "what_en": "", "what_zh-Hans": "", "deliverables_en": "",
        "deliverables_zh-Hans": "", "begins": task.begins.isoformat(), "due": task.due.isoformat(), "theme_day": "",
        "accountable": "",
    }  # fmt: skip
    values |= {f"title_{tag}": text for tag, text in task.title.items()}
    return {name: value for name, value in (values | hidden(page) | over).items() if name != "csrfmiddlewaretoken"}


def test_two_people_edit_one_task_and_the_second_loses_nothing(cast, task):
    first, second = sign_in(Client(), cast.provincial), sign_in(Client(), cast.national)
    address = f"{DESK}{task.pk}/edit/"
    page_of_first, page_of_second = (one.get(address).content.decode() for one in (first, second))
    due = task.due - dt.timedelta(days=2)
    sent = filled(task, page_of_first, title_en="Screens, first", due=due.isoformat())
    assert first.post(address, sent).status_code == 302
    mine = filled(task, page_of_second, title_en="Screens, second", what_en="Two clips")
    answer = second.post(address, mine)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Provincial has changed this while you were writing" in text
    assert "Screens, first" in text
    assert 'value="Screens, second"' in text
    assert f'value="{due.isoformat()}"' in text  # nobody else wrote it here: taken over
    task.refresh_from_db()
    assert task.title["en"] == "Screens, first"
    again = filled(task, text, title_en="Screens, second", what_en="Two clips", due=due.isoformat())
    assert second.post(address, again).status_code == 302
    task.refresh_from_db()
    assert (task.title["en"], task.due, task.what["en"]) == ("Screens, second", due, "Two clips")


def test_a_report_meanwhile_does_not_stop_who_edits_the_words(cast, desk, task):
    address = f"{DESK}{task.pk}/edit/"
    page = desk.get(address).content.decode()
    task_page = desk.get(f"{DESK}{task.pk}/").content.decode()
    assert desk.post(f"{DESK}{task.pk}/report/", hidden(task_page) | {"step": "50"}).status_code == 302
    assert desk.post(address, filled(task, page, title_en="New words")).status_code == 302
    task.refresh_from_db()
    assert (task.progress, task.title["en"]) == (50, "New words")


def test_who_reports_second_sees_the_first_report(cast, task):
    first, second = sign_in(Client(), cast.provincial), sign_in(Client(), cast.national)
    pages = [one.get(f"{DESK}{task.pk}/").content.decode() for one in (first, second)]
    report = {"state": "doing", "progress": "30", "blocker": "", "text": ""}
    assert first.post(f"{DESK}{task.pk}/report/", hidden(pages[0]) | report).status_code == 302
    answer = second.post(f"{DESK}{task.pk}/report/", hidden(pages[1]) | report | {"progress": "60", "text": "mine"})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "mine" in text
    assert second.post(f"{DESK}{task.pk}/report/", hidden(text) | report | {"progress": "60"}).status_code == 302
    assert Task.objects.get(pk=task.pk).progress == 60


def test_a_mistake_is_said_beside_its_field_and_what_was_typed_stays(desk, task):
    page = desk.get(f"{DESK}{task.pk}/edit/").content.decode()
    answer = desk.post(f"{DESK}{task.pk}/edit/", filled(task, page, due="2019-01-01", title_en="Kept"))
    assert answer.status_code == 422
    assert "It is due before it begins." in answer.content.decode()
    assert 'value="Kept"' in answer.content.decode()


def test_quick_steps_and_done(desk, task):
    for step, state in [("25", "doing"), ("100", "done"), ("0", "todo")]:
        page = desk.get(f"{DESK}{task.pk}/").content.decode()
        desk.post(f"{DESK}{task.pk}/report/", hidden(page) | {"step": step})
        assert Task.objects.get(pk=task.pk).state == state


def test_a_card_moves_by_a_button_and_blocked_asks_why(desk, task):
    assert desk.post(
        f"{DESK}{task.pk}/move/", {"to": "doing", "back": "/desk/2019-national/tasks/board/?whose=own"}
    ).url.endswith("own")
    assert Task.objects.get(pk=task.pk).state == "doing"
    assert "#report" in desk.post(f"{DESK}{task.pk}/move/", {"to": "blocked"}).url
    assert desk.post(f"{DESK}{task.pk}/move/", {"to": "done", "back": "https://elsewhere.example/"}).url.startswith(
        "/desk/"
    )
    assert desk.post(f"{DESK}{task.pk}/move/", {"to": "elsewhere"}).status_code == 404


def test_evidence_is_judged_by_content_and_served_to_who_sees_the_task(cast, desk, task):
    fake = SimpleUploadedFile("photo.jpg", b"MZ\x90\x00" + b"\0" * 200, content_type="image/jpeg")
    answer = desk.post(f"{DESK}{task.pk}/evidence/", {"files": fake})
    assert answer.status_code == 422
    assert "program" in answer.content.decode()
    note = SimpleUploadedFile("note.txt", "现场记录".encode())
    assert desk.post(f"{DESK}{task.pk}/evidence/", {"files": note}).status_code == 302
    pk = task.files.get().pk
    assert desk.get(f"{DESK}{task.pk}/evidence/{pk}/")["X-Content-Type-Options"] == "nosniff"
    assert sign_in(Client(), cast.stranger).get(f"{DESK}{task.pk}/evidence/{pk}/").status_code == 404
    other = make_task(edition=cast.edition, unit=cast.provincial_unit)
    assert desk.get(f"{DESK}{other.pk}/evidence/{pk}/").status_code == 404
    assert desk.post(f"{DESK}{task.pk}/evidence/{pk}/remove/").status_code == 302
    assert not task.files.exists()


def test_a_circle_is_refused_beside_the_field_by_name(cast, desk, task):
    other = make_task(edition=cast.edition, unit=cast.provincial_unit, after=[task], title={"en": "Other work"})
    answer = desk.post(f"{DESK}{task.pk}/waits/", {"after": other.pk})
    assert answer.status_code == 422
    assert "Screen material → Other work → Screen material" in html.unescape(answer.content.decode())
    assert desk.post(f"{DESK}{other.pk}/waits/{task.pk}/remove/").status_code == 302
    assert not Dependency.objects.exists()
    assert desk.post(f"{DESK}{task.pk}/waits/", {"after": 10**9}).status_code == 422


def test_a_task_is_broken_down_by_level_with_a_look_before(cast, desk, task):
    address = f"{DESK}{task.pk}/parts/"
    page = desk.get(address).content.decode()
    given = filled(task, page, levels=["city", "county"], weight="1", follows="on", named="")
    seen = desk.post(address, given | {"preview": "1"})
    assert "It falls to 2 units." in seen.content.decode()
    assert not task.parts.exists()
    assert desk.post(address, given).status_code == 302
    assert {part.unit for part in task.parts.all()} == {cast.city_unit, cast.county_unit}
    assert Task.objects.get(pk=task.pk).follows_parts
    outside = given | {"due": (task.due + dt.timedelta(days=1)).isoformat(), "revision": "2"}
    assert desk.post(address, outside).status_code == 422
    nobody = given | {"levels": [], "revision": "2"}
    assert "It falls to nobody" in desk.post(address, nobody).content.decode()
    foreign = given | {"levels": [], "named": cast.stranger_unit.code, "revision": "2"}
    assert "No unit below has the code" in desk.post(address, foreign).content.decode()


def test_only_who_gave_a_task_drops_it(cast, desk):
    plan = make_plan(edition=cast.edition, unit=cast.national_unit, state="issued")
    given = make_task(edition=cast.edition, unit=cast.provincial_unit, arrangement=make_arrangement(plan=plan))
    assert desk.post(f"{DESK}{given.pk}/drop/", {"because": "no"}).status_code == 403
    nation = sign_in(Client(), cast.national)
    assert nation.post(f"{DESK}{given.pk}/drop/", {"because": ""}).status_code == 422
    assert nation.post(f"{DESK}{given.pk}/drop/", {"because": "moved to next year"}).status_code == 302
    assert Task.objects.get(pk=given.pk).state == "dropped"


def test_a_task_of_ones_own_is_added_for_units_that_one_changes(cast, desk):
    given = {
        "title_en": "Ours", "begins": "2019-09-01", "due": "2019-09-05", "unit": cast.county_unit.code, "accountable": "",
        "theme_day": "",
    }  # fmt: skip
    assert desk.post(DESK + "new/", given).status_code == 302
    assert Task.objects.get().unit == cast.county_unit
    assert desk.post(DESK + "new/", given | {"unit": cast.stranger_unit.code}).status_code == 422
    assert desk.post(DESK + "new/", given | {"due": "2099-01-01"}).status_code == 422


def test_many_are_reminded_shifted_named_and_dropped(cast, desk, task):
    other = make_task(edition=cast.edition, unit=cast.city_unit)
    foreign = make_task(edition=cast.edition, unit=cast.stranger_unit)
    keys = [task.pk, other.pk]
    act = DESK + "all/many/"
    desk.post(act, {"act": "remind", "task": keys})
    assert Notice.objects.filter(kind="reminded").count() == 2
    desk.post(act, {"act": "assign", "task": keys, "person": cast.provincial.pk})
    desk.post(act, {"act": "shift", "task": keys, "days": "-1"})
    assert set(Task.objects.filter(pk__in=keys).values_list("accountable", "due")) == {
        (cast.provincial.pk, task.due - dt.timedelta(days=1))
    }
    desk.post(act, {"act": "drop", "task": [*keys, foreign.pk], "because": "x"})
    assert not Task.objects.filter(state="dropped").exists()
    desk.post(act, {"act": "drop", "task": keys, "because": "x"})
    assert Task.objects.filter(state="dropped").count() == 2


def test_what_people_wrote_does_not_run_in_a_spreadsheet(cast, desk, task):
    Task.objects.filter(pk=task.pk).update(title={"en": "=HYPERLINK(1)"})
    text = desk.get(DESK + "all/tasks.csv").getvalue().decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text
    assert desk.get(DESK + "all/tasks.xlsx").getvalue().startswith(b"PK")
    assert desk.get(DESK + "all/tasks.exe").status_code == 404


def test_a_calendar_opens_by_its_secret_alone_until_it_is_renewed(cast, desk, task):
    def renew():
        desk.post(DESK + "notices/calendar/")
        address = re.search(r"/2019-national/tasks/[\w-]+\.ics", desk.get(DESK + "notices/").content.decode())
        assert address
        return address[0]

    first = renew()
    feed = Client().get(first + "?lang=en")
    assert "SUMMARY;LANGUAGE=en:Due: Screen material" in feed.getvalue().decode().replace("\r\n ", "")
    assert first.split("/")[-1].removesuffix(".ics") not in str(Reader.objects.values())
    second = renew()
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    Client().get(second)
    cast.provincial.is_active = False
    cast.provincial.save()
    assert Client().get(second).status_code == 404


def test_a_calendar_takes_what_comes_next_and_names_each_task_the_same_for_good(
    cast, desk, task, monkeypatch, settings
):
    settings.PUBLIC_URL = "https://week.example"
    today = timezone.now().date()
    names = {"zh-Hans": "一个很长的任务名称，" * 9}
    late, later = (
        make_task(
            edition=cast.edition, unit=cast.provincial_unit, title=names, begins=day - dt.timedelta(days=9), due=day
        )
        for day in (today - dt.timedelta(days=400), today + dt.timedelta(days=400))
    )
    desk.post(DESK + "notices/calendar/")
    address = re.search(r"/2019-national/tasks/[\w-]+\.ics", desk.get(DESK + "notices/").content.decode())

    def feed() -> bytes:
        return Client(headers={"Accept-Language": "zh-Hans"}).get(address[0]).getvalue()

    found = [str(one["uid"]) for one in icalendar.Calendar.from_ical(feed()).walk("VEVENT")]
    assert sorted(found) == sorted(f"task-{one.pk}@week.example" for one in (task, late, later))
    assert all(len(line) <= 75 for line in feed().split(b"\r\n"))
    monkeypatch.setattr(notices, "FED", 1)
    (kept,) = icalendar.Calendar.from_ical(feed()).walk("VEVENT")
    assert kept["uid"] == f"task-{later.pk}@week.example"


def test_notices_are_counted_in_the_menu_and_read_with_their_task(cast, desk, task):
    nation = sign_in(Client(), cast.national)
    nation.post(f"{DESK}{task.pk}/comment/", {"comment-text": "How far?"})
    assert Notice.objects.get(person=cast.provincial).read_at is None
    assert "How far?" not in desk.get(DESK).content.decode()
    assert Notice.objects.filter(read_at=None).count() == 1
    desk.get(f"{DESK}{task.pk}/")
    assert not Notice.objects.filter(read_at=None).exists()
    desk.post(DESK + "notices/mail/", {"wants": "off"})
    assert not Reader.objects.get(person=cast.provincial).wants_mail
