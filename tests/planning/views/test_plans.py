from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cyberweek.planning.actions import begin_issue, run_issue
from cyberweek.planning.models import Arrangement, Issue, Plan, Task
from tests.factories.accounts import sign_in
from tests.factories.planning import make_arrangement, make_plan
from tests.factories.regions import make_unit

HOME = "/desk/2019-national/plan/"
MINE = f"{HOME}cac/"
NEW = f"{MINE}arrangements/new/"


@pytest.fixture
def plan(cast) -> Plan:
    return make_plan(edition=cast.edition, unit=cast.national_unit)


def words(**changes) -> dict:
    return {
        "title_zh_hans": "应急预案", "title_en": "Incident plan", "what_zh_hans": "", "what_en": "", "deliverables_zh_hans": "",
        "deliverables_en": "", "code": "", "begins": "-30", "due": "-6", "levels": ["province"], "sectors": [],
        "units": "", "theme_day": "", "revision": "1", **changes,
    }  # fmt: skip


def issue(plan) -> None:
    run_issue(begin_issue(plan=plan, by=None, now=timezone.now()).pk)


def test_a_coordinator_without_any_plan_is_shown_how_to_begin_one(cast, client):
    sign_in(client, cast.provincial)
    page = client.get(HOME)
    assert page.status_code == 200
    assert f"{HOME}cac-hebei/edit/" in page.content.decode()
    begun = client.post(
        f"{HOME}cac-hebei/edit/",
        {"title_zh_hans": "", "title_en": "Ours", "preface_zh_hans": "", "preface_en": "", "version": "1"},
    )
    assert begun.url == f"{HOME}cac-hebei/"
    assert client.get(HOME).url == f"{HOME}cac-hebei/"


def test_an_arrangement_is_entered_and_stands_in_the_plan_with_real_dates_and_how_many_units(cast, client, plan):
    sign_in(client, cast.national)
    client.get("/", headers={"accept-language": "en"})
    assert client.post(NEW, words()).url == MINE
    one = Arrangement.objects.get()
    assert (one.code, one.begins, one.due, one.levels) == ("P01", -30, -6, ["province"])
    page = client.get(MINE, headers={"accept-language": "en"}).content.decode()
    assert 'datetime="2019-09-10"' in page
    assert "levels=province" in page


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"levels": []}, "levels", "falls to nobody"),
        ({"due": "-40"}, "due", "before it begins"),
        ({"begins": "-9000"}, "begins", "two years"),
        ({"code": "A 1"}, "code", ""),
        ({"units": "nowhere"}, "units", "No unit has the code"),
        ({"title_zh_hans": "", "title_en": ""}, "title", ""),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(cast, client, plan, changes, field, said):
    sign_in(client, cast.national)
    page = client.post(NEW, words(what_en="kept words", **changes), headers={"accept-language": "en"})
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert said in " ".join(page.context["form"].errors[field])
    assert "kept words" in page.content.decode()
    assert not Arrangement.objects.exists()


def test_a_circle_and_a_day_before_what_it_waits_for_are_refused_by_name(cast, client, plan):
    first = make_arrangement(plan=plan, code="A1", begins=-30, due=-20)
    second = make_arrangement(plan=plan, code="A2", begins=-30, due=-20, after=[first])
    sign_in(client, cast.national)
    circle = client.post(
        f"{MINE}arrangements/A1/edit/", words(code="A1", after=[str(second.pk)]), headers={"accept-language": "en"}
    )
    assert "in a circle" in " ".join(circle.context["form"].errors["after"])
    early = client.post(
        f"{MINE}arrangements/A2/edit/",
        words(code="A2", due="-25", after=[str(first.pk)]),
        headers={"accept-language": "en"},
    )
    assert "before A1" in " ".join(early.context["form"].errors["due"])


def test_the_live_line_counts_names_and_says_the_dates(cast, client, plan):
    sign_in(client, cast.national)
    asked = f"{MINE}arrangements/reach/?levels=province&begins=-30&due=-6"
    line = client.get(asked, headers={"HX-Request": "true", "accept-language": "en"}).content.decode()
    assert "It falls to 2 units" in line
    assert "Tuesday 10 September" in line
    whole = client.get(asked).content.decode()
    assert "cac-hebei" in whole
    assert "cac-shijiazhuang" not in whole
    assert client.post(NEW, words(then="look")).status_code == 200
    assert not Arrangement.objects.exists()


def test_the_second_of_two_editors_sees_the_firsts_change_and_loses_nothing(cast, client, plan):
    one = make_arrangement(plan=plan, code="A1")
    sign_in(client, cast.national)
    edit = f"{MINE}arrangements/A1/edit/"
    assert client.post(edit, words(code="A1", title_en="The first's words")).status_code == 302
    late = client.post(
        edit, words(code="A1", title_en="The second's words", title_zh_hans="二"), headers={"accept-language": "en"}
    )
    page = late.content.decode()
    assert late.status_code == 409
    assert "The first&#x27;s words" in page
    assert "The second&#x27;s words" in page
    one.refresh_from_db()
    assert one.title["en"] == "The first's words"
    assert f'value="{one.version}"' in page
    assert (
        client.post(edit, words(code="A1", title_en="The second's words", revision=str(one.version))).status_code == 302
    )


def test_a_preview_says_what_changes_and_a_press_issues_it(cast, client, plan):
    one = make_arrangement(plan=plan, code="A1", title={"en": "Old words"})
    sign_in(client, cast.national)
    preview = client.get(f"{MINE}issue/")
    assert preview.context["preview"].made == 2
    pressed = client.post(f"{MINE}issue/")
    assert pressed.url == f"{MINE}issue/1/"
    assert client.get(pressed.url).context["issue"].state == "done"
    assert Task.objects.count() == 2
    Arrangement.objects.filter(pk=one.pk).update(title={"en": "New words"}, due=-9)
    page = client.get(f"{MINE}issue/", headers={"accept-language": "en"})
    told = page.context["preview"].changed[0].differences
    assert [(one.before, one.after) for one in told] == [("Old words", "New words"), ("2019-09-06", "2019-09-07")]
    client.post(f"{MINE}issue/")
    assert {str(task.title) for task in Task.objects.all()} == {"New words"}


def test_a_plan_that_cannot_be_issued_says_why_and_links_to_the_arrangement(cast, client, plan):
    make_arrangement(plan=plan, code="A1", levels=[])
    sign_in(client, cast.national)
    page = client.get(f"{MINE}issue/", headers={"accept-language": "en"}).content.decode()
    assert "falls to nobody" in page
    assert f"{MINE}arrangements/A1/edit/" in page
    client.post(f"{MINE}issue/")
    assert not Issue.objects.exists()


def test_a_large_plan_is_issued_by_the_job_and_its_page_shows_how_far(cast, client, plan, monkeypatch):
    from cyberweek.planning.views import plans

    make_arrangement(plan=plan)
    deferred = []
    monkeypatch.setattr(plans, "AT_ONCE", 0)
    monkeypatch.setattr(plans.jobs.issue_plan, "defer", lambda **values: deferred.append(values))
    sign_in(client, cast.national)
    page = client.get(client.post(f"{MINE}issue/").url).content.decode()
    assert "hx-trigger" in page
    assert client.get(f"{MINE}issue/").url == f"{MINE}issue/1/"
    run_issue(deferred[0]["issue"])
    assert "hx-trigger" not in client.get(f"{MINE}issue/1/").content.decode()


def test_who_reads_and_who_writes(cast, client, plan):
    make_arrangement(plan=plan, code="A1")
    sign_in(client, cast.county_organiser)
    assert client.get(MINE).status_code == 404  # a draft
    issue(plan)
    assert client.get(MINE).status_code == 200
    for address in (NEW, f"{MINE}arrangements/A1/edit/", f"{MINE}issue/", f"{MINE}import/", f"{MINE}take/"):
        assert client.get(address).status_code == 403
    own = make_plan(edition=cast.edition, unit=cast.provincial_unit)
    make_arrangement(plan=own)
    sign_in(client, cast.stranger)
    assert client.get(f"{HOME}cac-hebei/").status_code == 404
    sign_in(client, cast.national)
    assert client.get(f"{HOME}cac-hebei/").status_code == 200


def test_a_province_takes_arrangements_from_above_for_the_levels_below_it(cast, client, plan):
    first = make_arrangement(plan=plan, code="A1", levels=["province", "city"])
    make_arrangement(plan=plan, code="A2", levels=["province"], after=[first])
    issue(plan)
    sign_in(client, cast.provincial)
    assert f'class="button button--primary" href="{HOME}cac-hebei/edit/"' in client.get(f"{HOME}cac/").text
    make_plan(edition=cast.edition, unit=cast.provincial_unit)
    take = f"{HOME}cac-hebei/take/"
    chosen = list(Arrangement.objects.filter(plan=plan).values_list("pk", flat=True))
    assert client.post(take, {"arrangement": chosen}).url == f"{HOME}cac-hebei/"
    own = {str(one.title): one for one in Arrangement.objects.filter(plan__unit=cast.provincial_unit)}
    assert [one.levels for one in own.values()] == [["city"], ["city", "county"]]
    assert [other.code for other in own[str(Arrangement.objects.get(code="A2").title)].after.all()] == ["P01"]


def test_withdrawing_wants_a_reason_once_it_has_gone_down(cast, client, plan):
    make_arrangement(plan=plan, code="A1")
    make_arrangement(plan=plan, code="A2")
    sign_in(client, cast.national)
    client.post(f"{MINE}arrangements/A2/withdraw/")
    assert list(Arrangement.objects.values_list("code", flat=True)) == ["A1"]
    issue(plan)
    assert client.post(f"{MINE}arrangements/A1/withdraw/", {"because": ""}).status_code == 422
    assert client.post(f"{MINE}arrangements/A1/withdraw/", {"because": "Postponed"}).status_code == 302
    assert Arrangement.objects.get().is_withdrawn
    client.post(f"{MINE}arrangements/A1/withdraw/")
    assert not Arrangement.objects.get().is_withdrawn


def test_a_table_comes_back_as_it_went_out_and_formulas_do_not_run(cast, client, plan):
    first = make_arrangement(
        plan=plan, code="A1", title={"en": '=HYPERLINK("http://x")', "zh-Hans": "安排"}, is_milestone=True
    )
    second = make_arrangement(plan=plan, code="A2", after=[first], sectors=["education"])
    second.units.set([cast.county_unit])
    sign_in(client, cast.national)
    for ending in ("xlsx", "csv"):
        body = client.get(f"{MINE}plan.{ending}").content
        if ending == "csv":
            assert b",=HYPERLINK" not in body
        before = [snap(one) for one in Arrangement.objects.order_by("code")]
        came = client.post(f"{MINE}import/", {"file": SimpleUploadedFile(f"t.{ending}", body)})
        assert came.status_code == 302, came.context["problems"]
        assert [snap(one) for one in Arrangement.objects.order_by("code")] == before


def snap(one) -> tuple:
    return (
        one.code, dict(one.title), one.begins, one.due, one.levels, one.sectors, one.is_milestone,
        [unit.code for unit in one.units.all()], [other.code for other in one.after.all()],
    )  # fmt: skip


def test_a_table_with_mistakes_names_each_and_changes_nothing(cast, client, plan):
    head = "Number,Title (English),Begins (days from the opening),Due (days from the opening),Levels,Waits for (numbers),Units by code"
    rows = [
        "A1,One,-30,-40,province,,",
        "A1,Two,x,-3,village,Z9,nobody",
        "A3,,-5,-3,,,",
        "A4,Four,-5,-3,province,A5,",
        "A5,Five,-5,-3,province,A4,",
    ]
    sign_in(client, cast.national)
    came = client.post(
        f"{MINE}import/", {"file": io.BytesIO("\n".join([head, *rows]).encode())}, headers={"accept-language": "en"}
    )
    assert came.status_code == 422
    assert {(problem.row, problem.column.split(" (")[0]) for problem in came.context["problems"]} >= {
        (2, "Due"), (3, "Number"), (3, "Begins"), (3, "Levels"), (3, "Units by code"), (4, "Title"), (4, "Levels"),
    }  # fmt: skip
    assert not Arrangement.objects.exists()
    ok = [head, *rows[3:]]
    circle = client.post(
        f"{MINE}import/", {"file": io.BytesIO("\n".join(ok).encode())}, headers={"accept-language": "en"}
    )
    assert "circle" in circle.context["problems"][0].text


@pytest.mark.parametrize(("ending", "begins"), [("pdf", b"%PDF"), ("docx", b"PK")])
def test_a_plan_is_printed_with_words_as_data(cast, client, plan, ending, begins):
    make_arrangement(plan=plan, title={"en": '#read("/etc/passwd") *bold*'}, what={"en": "= not a heading"})
    sign_in(client, cast.national)
    answer = client.get(f"{MINE}plan.{ending}")
    assert answer.content.startswith(begins)
    assert client.get(f"{MINE}plan.exe").status_code == 404


@pytest.mark.parametrize("address", ["", "?view=text", "issue/"])
def test_pages_cost_the_same_with_one_and_with_many_arrangements(cast, client, plan, address):
    make_arrangement(plan=plan)
    issue(plan)
    make_arrangement(plan=plan)
    sign_in(client, cast.national)
    client.get(MINE + address)

    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(MINE + address).status_code == 200
        return len(queries)

    few = count()
    before = None
    for _n in range(8):
        before = make_arrangement(plan=plan, after=[before] if before else [])
        before.units.set([cast.city_unit, make_unit(region=cast.city, parent=cast.city_unit)])
    assert count() == few


def test_the_page_asks_who_came_since_once_it_stands_and_only_for_who_writes_the_plan(cast, client, plan):
    make_arrangement(plan=plan)
    issue(plan)
    make_unit("late", region=cast.elsewhere, parent=cast.national_unit)
    sign_in(client, cast.national)
    assert f'hx-get="{MINE}come-since/"' in client.get(MINE).content.decode()
    assert "1 unit has come since" in client.get(f"{MINE}come-since/").content.decode()
    sign_in(client, cast.provincial)
    assert "come-since" not in client.get(MINE).content.decode()
    assert client.get(f"{MINE}come-since/").status_code == 403
