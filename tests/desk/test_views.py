from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cyberweek.kernel.actions import record
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.kernel.models import AuditEvent
from cyberweek.planning.models import Notice
from cyberweek.regions import actions
from tests.factories.accounts import sign_in
from tests.factories.indicators import open_report
from tests.factories.planning import make_task
from tests.factories.programme import make_activity
from tests.factories.regions import make_post, make_unit, make_user

HOME = "/desk/2019-national/"
SCOPES = [("national", 5), ("provincial", 3), ("city_organiser", 2), ("county_organiser", 1), ("stranger", 1)]


@pytest.fixture
def activities(cast):
    """One of each unit of the cast, sent in."""
    day = cast.edition.theme_days.get(number=4)
    units = [cast.national_unit, cast.provincial_unit, cast.city_unit, cast.county_unit, cast.stranger_unit]
    return {
        unit.code: make_activity(edition=cast.edition, lead=unit, status="submitted", theme_day=day) for unit in units
    }


@pytest.mark.parametrize(("who", "n"), SCOPES)
def test_the_overview_counts_what_waits_in_ones_own_scope(client, cast, activities, who, n):
    sign_in(client, getattr(cast, who))
    page = client.get(HOME)

    assert page.context["waiting"].activities.to_decide == n
    assert (
        f'<a href="/desk/2019-national/activities/?state=submitted&amp;unit=waiting"><b>{n}</b>'
        in page.content.decode()
    )
    assert [item.n for item in page.context["week"]] == [0, 0, 0, n, 0, 0, 0]


@pytest.mark.parametrize("query", ["?state=submitted&unit=waiting", "?state=returned&unit=own", "?state=draft&unit=own",
                                   "?state=approved&unit=own", "?day=4"])  # fmt: skip
def test_each_figure_of_the_overview_opens_the_rows_it_counts(client, cast, query):
    make_activity(
        edition=cast.edition,
        lead=cast.provincial_unit,
        status="submitted",
        theme_day=cast.edition.theme_days.get(number=4),
    )
    make_activity(edition=cast.edition, lead=cast.city_unit, status="approved")
    make_activity(edition=cast.edition, lead=cast.city_unit, status="returned")
    make_activity(edition=cast.edition, lead=cast.county_unit, status="draft")
    sign_in(client, cast.provincial)
    waiting = client.get(HOME).context["waiting"].activities

    assert (waiting.to_decide, waiting.returned, waiting.drafts, waiting.to_publish) == (1, 1, 1, 1)
    assert client.get(f"{HOME}activities/{query}").context["page"].paginator.count == 1


def test_what_is_nought_is_not_said(client, cast):
    make_activity(edition=cast.edition, lead=cast.city_unit, status="draft")
    sign_in(client, cast.provincial)
    page = client.get(HOME).content.decode()

    assert "not sent in yet" in page
    assert "sent back to us" not in page
    assert "off course" not in page


def test_late_reports_tasks_and_reds_lead_to_the_lists_that_count_them(client, cast):
    sign_in(client, cast.provincial)
    make_task(edition=cast.edition, unit=cast.provincial_unit, due=cast.edition.starts, state="todo")
    open_report(make_activity(edition=cast.edition, lead=cast.city_unit, status="published"))
    page = client.get(HOME)

    waiting, html = page.context["waiting"], page.content.decode()
    assert (waiting.tasks.late, waiting.reports.due) == (1, 1)
    assert f'<a href="{HOME}tasks/#late"><b>1</b>' in html
    assert f'<a href="{HOME}reports/?tab=due"><b>1</b>' in html
    assert client.get(f"{HOME}reports/?tab=due").context["page"].paginator.count == 1


def test_what_came_and_is_not_read_yet_is_said_on_the_front_page(client, cast):
    task = make_task(edition=cast.edition, unit=cast.provincial_unit, due=cast.edition.ends, state="todo")
    told = [Notice(person=cast.provincial, task=task, kind=kind, day=task.due) for kind in ("assigned", "changed")]
    Notice.objects.bulk_create([*told, Notice(person=cast.national, task=task, kind="comment", day=task.due)])
    sign_in(client, cast.provincial)
    assert f'<a href="{HOME}tasks/notices/"><b>2</b>' in client.get(HOME).content.decode()
    client.post(f"{HOME}tasks/notices/read/", {"newest": Notice.objects.latest("pk").pk})
    assert "to read" not in client.get(HOME).content.decode()


def test_the_overview_asks_as_often_for_many_as_for_one(client, cast, activities):
    sign_in(client, cast.national)
    client.get(HOME)
    with CaptureQueriesContext(connection) as few:
        client.get(HOME)
    for unit in (cast.provincial_unit, cast.city_unit, cast.county_unit) * 3:
        make_activity(edition=cast.edition, lead=unit, status="returned")
        make_task(edition=cast.edition, unit=unit, due=cast.edition.starts, state="todo")
    with CaptureQueriesContext(connection) as many:
        client.get(HOME)
    assert len(many) == len(few)


def test_the_menu_stands_in_parts_and_knows_the_open_page(client, cast):
    sign_in(client, cast.national)
    page = client.get(f"{HOME}plan/").content.decode()

    assert (
        page.index(">Prepare<") < page.index(">Take part<") < page.index(">Results<") < page.index(">Administration<")
    )
    assert '<span class="second">Menu</span> <b>Tasks</b>' in page
    assert page.count('aria-current="page"') == 2  # in the menu, and among the tabs


def test_a_viewer_has_nothing_to_decide_and_is_told_so(client, cast, activities):
    person = make_user("viewer")
    make_post(person, cast.provincial_unit, "viewer")
    sign_in(client, person)
    assert "Nothing waits for you" in client.get(HOME).content.decode()


def test_without_any_edition_the_desk_says_so(client, db):
    sign_in(client, make_user("first"))
    assert "There is no edition yet" in client.get("/desk/").content.decode()


def test_the_page_of_ones_own_unit(client, cast, activities):
    make_post(cast.provincial, cast.stranger_unit, "viewer")
    sign_in(client, cast.provincial)
    page = client.get("/desk/unit/")
    assert page.context["unit"] == cast.stranger_unit or page.context["unit"] == cast.provincial_unit
    page = client.get("/desk/unit/?unit=cac-hebei")
    assert (page.context["to_decide"], page.context["states"]["submitted"]) == (3, 3)
    # A unit where one does not serve is not one's own.
    assert client.get("/desk/unit/?unit=cac").context["unit"].code in {"cac-hebei", "cac-fujian"}
    sign_in(client, make_user("newcomer"))
    assert "You serve in no unit yet" in client.get("/desk/unit/").content.decode()


@pytest.mark.parametrize(("who", "n"), SCOPES)
def test_only_what_is_in_scope_is_found(client, cast, activities, who, n):
    sign_in(client, getattr(cast, who))

    found = client.get("/desk/find/?q=lecture").context["found"]
    assert (found.n_activities, len(found.activities)) == (n, n)
    assert client.get("/desk/find/?q=unit").context["found"].n_units == n
    people = client.get("/desk/find/?q=a").context["found"]
    assert all(post.unit.code in {one.lead.code for one in found.activities} for post in people.people)


def test_finding_nothing_and_asking_nothing_say_so(client, cast):
    sign_in(client, cast.national)
    assert "fits “xyzzy”" in client.get("/desk/find/?q=xyzzy").content.decode()
    assert "Type a title" in client.get("/desk/find/?q=%00").content.decode()


def test_finding_by_number_and_by_chinese_words(client, cast):
    one = make_activity(edition=cast.edition, lead=cast.county_unit, title={"zh-Hans": "反诈讲座"}, code="HB-1")
    sign_in(client, cast.national)
    for q in ("反诈", "hb-1"):
        assert client.get("/desk/find/", {"q": q}).context["found"].activities == [one]


@pytest.mark.parametrize(("who", "n"), SCOPES)
def test_the_trail_shows_only_acts_in_ones_own_scope(client, cast, who, n):
    for unit in (cast.national_unit, cast.provincial_unit, cast.city_unit, cast.county_unit, cast.stranger_unit):
        record(actor=None, verb="unit.edit", thing=unit, unit=unit.pk, before={"code": "a"}, after={"code": "b"})
    sign_in(client, getattr(cast, who))

    assert client.get("/desk/audit/").context["page"].paginator.count == n
    table = client.get("/desk/audit/table.csv").content.decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(table)))) == n + 1


def test_a_neighbour_of_the_region_sees_plans_but_not_the_trail(client, cast):
    neighbour = make_user("neighbour")
    make_post(neighbour, make_unit("edu", region=cast.province, parent=cast.national_unit), "coordinator")
    record(actor=cast.provincial, verb="unit.edit", thing=cast.provincial_unit, unit=cast.provincial_unit.pk)
    sign_in(client, neighbour)
    assert client.get("/desk/audit/").context["page"].paginator.count == 0


def test_everyone_sees_their_own_acts_and_keepers_those_of_no_unit(client, cast):
    sign_in(client, cast.stranger)
    client.post("/me/", {"name": "Stranger", "email": "s@week.example"})
    assert client.get("/desk/audit/").context["page"].paginator.count == 1
    sign_in(client, cast.national)
    assert client.get("/desk/audit/").context["page"].paginator.count == 0
    sign_in(client, make_user("keeper", is_keeper=True))
    assert client.get("/desk/audit/").context["page"].paginator.count == 1


def test_the_trail_reads_as_what_was_before_and_after(client, cast):
    post = make_post(make_user("sun", name="Sun"), cast.city_unit, "viewer")
    actions.change_roles(post=post, roles=["editor", "reviewer"], by=cast.provincial)
    actions.edit_unit(
        unit=cast.city_unit, name=LocalizedText({"zh-Hans": "新名", "en": "New name"}), sector="media", level="city", region=cast.city,
        by=cast.provincial,
    )  # fmt: skip
    actions.dismiss(post=post, by=cast.provincial, reason="moves to the bureau")
    sign_in(client, cast.provincial)
    page = client.get("/desk/audit/")
    text = page.content.decode()

    assert "<del>Unit cac-shijiazhuang</del><ins>New name</ins>" in text
    assert "<del>Government</del><ins>Media</ins>" in text
    assert "<del>Viewer</del><ins>Reviewer; Editor</ins>" in text
    assert "moves to the bureau" in text
    assert "ended a post" in text
    assert "Beijing time" in text
    local = AuditEvent.objects.latest("id").at.astimezone(cast.edition.tz)
    assert f'datetime="{local.isoformat()}">{local:%Y-%m-%d} <b>{local:%H:%M:%S}</b>' in text
    chinese = client.get("/desk/audit/", headers={"Accept-Language": "zh-Hans"}).content.decode()
    assert "<ins>新名</ins>" in chinese
    assert '<span class="title">New name</span>' in text
    assert '<span class="title">新名</span>' in chinese
    for name in ("新名", "new NAME"):
        assert client.get("/desk/audit/", {"thing": name, "verb": "unit.edit"}).context["page"].paginator.count == 1
    for language, name in [("zh-Hans", "新名"), ("en", "New name")]:
        table = client.get("/desk/audit/table.csv", headers={"Accept-Language": language}).content.decode("utf-8-sig")
        assert [row["thing"] for row in csv.DictReader(io.StringIO(table)) if row["act"] == "unit.edit"] == [name]


def test_the_trail_reads_values_that_hold_values(client, cast):
    after = {
        "rules": {"rounds": 3, "name": {"zh-Hans": "抢答", "en": "Buzzer"}},
        "levels": [["province", "city"], "county"],
    }
    record(actor=cast.national, verb="final.create", thing=cast.city_unit, unit=cast.city_unit.pk, after=after)
    sign_in(client, cast.national)
    text = client.get("/desk/audit/").content.decode()
    assert "<ins>name: Buzzer; rounds: 3</ins>" in text
    assert "<ins>province, city; county</ins>" in text


def test_the_trail_filters_by_person_thing_act_and_date(client, cast):
    for person, unit, verb in [
        (cast.provincial, cast.provincial_unit, "unit.edit"),
        (cast.city_organiser, cast.city_unit, "unit.edit"),
        (cast.city_organiser, cast.city_unit, "unit.move"),
    ]:
        record(actor=person, verb=verb, thing=unit, unit=unit.pk)
    sign_in(client, cast.national)

    def count(**asked) -> int:
        return client.get("/desk/audit/", asked).context["page"].paginator.count

    today = AuditEvent.objects.latest("id").at.astimezone(cast.edition.tz).date()
    assert count() == 3
    assert count(person="City") == 2
    assert count(person="CITY") == 2
    assert count(thing="cac-hebei") == 1
    assert count(verb="unit.move") == 1
    assert count(person="city", verb="unit.edit") == 1
    assert count(since=today, until=today) == 3
    assert count(since=today + dt.timedelta(days=1)) == 0
    assert count(until=today - dt.timedelta(days=1)) == 0
    assert "Enter a valid date" in client.get("/desk/audit/?since=soon").content.decode()
    assert "No act in your scope fits" in client.get("/desk/audit/?thing=xyzzy").content.decode()


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t"])
def test_no_cell_of_the_table_is_a_formula(client, cast, sign):
    name = f'{sign}HYPERLINK("http://evil.example")'
    actions.create_unit(
        code="evil", name={"en": name}, level="county", sector="other", region=cast.county, parent=cast.county_unit,
        by=cast.county_organiser,
    )  # fmt: skip
    record(actor=cast.county_organiser, verb="unit.edit", thing=cast.county_unit, unit=cast.county_unit.pk, reason=name)
    sign_in(client, cast.national)
    answer = client.get("/desk/audit/table.csv")

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert answer["Content-Disposition"].startswith('attachment; filename="audit-')
    assert not [cell for row in rows for cell in row if cell[:1] in tuple("=+-@\t\r")]
    assert any(cell == f"'{name}" for row in rows for cell in row)


@pytest.mark.parametrize("address", [HOME, "/desk/find/?q=a", "/desk/audit/", "/desk/unit/"])
def test_many_rows_cost_no_more_queries_than_one(client, cast, address):
    sign_in(client, cast.national)

    def add(n: int) -> None:
        for _ in range(n):
            make_activity(edition=cast.edition, lead=cast.city_unit, status="submitted")
            person = make_user()
            make_post(person, cast.city_unit, "editor")
            record(actor=person, verb="unit.edit", thing=cast.city_unit, unit=cast.city_unit.pk, after={"code": "x"})

    add(1)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    add(12)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)


@pytest.mark.parametrize("statement", ["UPDATE {} SET reason = 'x'", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_trail_cannot_be_rewritten(cast, statement):
    from django.db import ProgrammingError, transaction

    record(actor=cast.national, verb="unit.edit", thing=cast.city_unit, unit=cast.city_unit.pk)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
            cursor.execute(statement.format(AuditEvent._meta.db_table))
    assert AuditEvent.objects.get().reason == ""


def test_every_act_of_the_source_has_words():
    import re
    from pathlib import Path

    import cyberweek
    from cyberweek.desk.enums import ACTS

    root = Path(cyberweek.__file__).parent
    used = set()
    for path in root.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        used |= set(re.findall(r"verb(?:: str)?=\s?\"([a-z]+\.[a-z-]+)\"", text))
    assert used
    assert used <= ACTS.keys()
