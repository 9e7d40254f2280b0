"""Pages of tasks: who sees what, and in how many queries."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cyberweek.planning.models import Task
from tests.factories.accounts import sign_in
from tests.factories.planning import make_arrangement, make_plan, make_task

pytestmark = pytest.mark.usefixtures("noon")
DESK = "/desk/2019-national/tasks/"
PAGES = ["", "all/", "board/?whose=", "timeline/?whose=", "timeline/?by=arrangement", "matrix/", "notices/"]


@pytest.fixture
def plan(cast):
    plan = make_plan(edition=cast.edition, unit=cast.national_unit, state="issued")
    make_arrangement(plan=plan, code="P01", issued={"withdrawn": False}, title={"zh-Hans": "启动仪式", "en": "Opening"})
    return plan


@pytest.fixture
def one_each(cast, plan):
    arrangement = plan.arrangements.get()
    units = [cast.national_unit, cast.provincial_unit, cast.city_unit, cast.county_unit, cast.stranger_unit]
    return [
        make_task(edition=cast.edition, unit=unit, arrangement=arrangement, title={"en": f"Work {i}"})
        for i, unit in enumerate(units)
    ]


def titles(response) -> set[str]:
    text = response.content.decode()
    return {f"Work {i}" for i in range(5) if f">Work {i}<" in text}


SEEN = [("national", {0, 1, 2, 3, 4}), ("provincial", {1, 2, 3}), ("city_organiser", {2, 3}), ("stranger", {4})]


@pytest.mark.parametrize(("who", "seen"), SEEN)
@pytest.mark.parametrize("path", ["all/", "board/?whose=", "timeline/?whose="])
def test_each_of_the_cast_sees_their_own_branch(cast, client, one_each, who, seen, path):
    sign_in(client, getattr(cast, who))
    assert titles(client.get(DESK + path)) == {f"Work {i}" for i in seen}


@pytest.mark.parametrize(("who", "seen"), SEEN)
def test_only_tasks_in_sight_open(cast, client, one_each, who, seen):
    sign_in(client, getattr(cast, who))
    for i, task in enumerate(one_each):
        assert client.get(f"{DESK}{task.pk}/").status_code == (200 if i in seen else 404)
        assert client.get(f"{DESK}{task.pk}/edit/").status_code == (200 if i in seen else 404)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_stands_empty_and_with_one_and_takes_as_many_queries_with_many(cast, client, plan, path):
    sign_in(client, cast.national)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(DESK + path).status_code == 200
        return len(queries)

    count()
    arrangement = plan.arrangements.get()
    today = timezone.now().astimezone(cast.edition.tz).date()
    for unit in (cast.provincial_unit, cast.city_unit):
        make_task(edition=cast.edition, unit=unit, arrangement=arrangement, state="blocked")
    make_task(edition=cast.edition, unit=cast.national_unit, arrangement=arrangement, due=today, begins=today)
    few = count()
    for i in range(20):
        for unit in (cast.national_unit, cast.county_unit):
            make_task(
                edition=cast.edition, unit=unit, accountable=cast.national, state=("todo", "done", "blocked")[i % 3],
                due=today + dt.timedelta(days=i % 5), begins=today - dt.timedelta(days=5),
            )  # fmt: skip
    assert count() == few


def test_filters_narrow_every_page_and_go_along(cast, client, one_each):
    sign_in(client, cast.national)
    assert titles(client.get(DESK + "all/?region=130100")) == {"Work 2", "Work 3"}
    assert titles(client.get(DESK + "all/?region=130100&within=itself")) == {"Work 2"}
    assert titles(client.get(DESK + "all/?unit=cac-hebei&level=county")) == {"Work 3"}
    assert titles(client.get(DESK + "all/?whose=own")) == {"Work 0"}
    assert titles(client.get(DESK + "all/?whose=below&q=Work+4")) == {"Work 4"}
    Task.objects.filter(pk=one_each[2].pk).update(accountable=cast.national)
    assert titles(client.get(DESK + "all/?who=me")) == {"Work 2"}
    assert "region=130100" in client.get(DESK + "board/?region=130100").content.decode().split("tasks-filter")[0]


def test_the_matrix_counts_by_region_and_each_cell_opens_its_tasks(cast, client, one_each):
    sign_in(client, cast.national)
    page = client.get(DESK + "matrix/")
    rows = {row.name: row for row, _cells in page.context["rows"]}
    assert rows["Hebei"].total.n == 3
    assert rows["Fujian"].total.n == 1
    assert rows["China"].kind == "itself"
    pk = one_each[0].arrangement_id
    assert titles(client.get(f"{DESK}all/?arrangement={pk}&region=130000")) == {"Work 1", "Work 2", "Work 3"}
    within = client.get(DESK + "matrix/?region=130000").context["rows"]
    assert {row.name for row, _cells in within} == {"Hebei", "Shijiazhuang"}
    by_unit = client.get(DESK + "matrix/?region=130102").context["rows"]
    assert [row.key for row, _cells in by_unit] == ["cac-changan"]


def test_a_unit_that_moves_keeps_its_tasks_and_who_sees_them_follows(cast, client, one_each):
    sign_in(client, cast.provincial)
    assert "Work 3" in titles(client.get(DESK + "all/"))
    cast.city_unit.parent = cast.stranger_unit
    cast.city_unit.region = cast.elsewhere
    cast.city_unit.save()
    assert titles(client.get(DESK + "all/")) == {"Work 1"}
    sign_in(client, cast.stranger)
    assert titles(client.get(DESK + "all/")) == {"Work 2", "Work 3", "Work 4"}


def test_nobody_without_a_second_factor_comes_in(cast, client, one_each):
    client.force_login(cast.national)
    for path in PAGES:
        assert client.get(DESK + path).status_code == 302


def test_the_timeline_draws_the_chain_that_decides_and_says_what_may_slip(cast, client):
    sign_in(client, cast.provincial)
    today = timezone.now().astimezone(cast.edition.tz).date()

    def make(name, first, last, after=()):
        days = {"begins": today + dt.timedelta(days=first), "due": today + dt.timedelta(days=last)}
        return make_task(edition=cast.edition, unit=cast.provincial_unit, after=after, title={"en": name}, **days)

    first = make("Choose", 0, 9)
    second = make("Review", 5, 12, [first])
    make("Posters", 0, 3, [])
    last = make("Send", 10, 15, [second])
    page = client.get(DESK + "timeline/")
    assert [task.pk for task in page.context["path"]] == [first.pk, second.pk, last.pk]
    assert "As things stand it ends" in page.content.decode()
    assert len(page.context["links"]) == 2
    slack = {str(bar.task): bar.slack for bar in page.context["bars"]}
    assert slack["Posters"] >= 0
    assert slack["Send"] == 16 - (10 + 8 + 6)
