from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from uuid import uuid4

import pytest
from django.urls import reverse

import cyberweek.knowledge
from cyberweek.knowledge.models import RegionStanding, Top
from cyberweek.knowledge.views import words
from cyberweek.passport.models import Participant
from tests.factories.editions import make_edition
from tests.factories.knowledge import make_contest

APP = Path(cyberweek.knowledge.__file__).parent
SCRIPTS = APP / "static" / "knowledge" / "play"
TEMPLATES = APP / "templates" / "knowledge"
NOW = dt.datetime(2019, 9, 19, 6, 0, tzinfo=dt.UTC)


@pytest.fixture
def contest(cast):
    return make_contest(edition=cast.edition, owner=cast.national_unit, slug="week", published=True, practice=True)


@pytest.fixture(autouse=True)
def in_the_week(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def page(client, name, *args, language="en", **query):
    return client.get(reverse(f"knowledge:{name}", args=args), query, headers={"Accept-Language": language})


def script_data(response, name):
    found = re.search(rf'<script id="{name}" type="application/json">(.*?)</script>', response.text)
    return json.loads(found[1])


def add_best(contest, region, nickname, score, seconds, at=0):
    person = Participant.objects.create(id=uuid4(), nickname=nickname, region=region, band="26-40", sector="other")
    for code in region.ancestry:
        Top.objects.create(
            contest=contest.slug,
            region=code,
            participant=person,
            score=score,
            seconds=seconds,
            at_ms=at,
            attempt=uuid4(),
        )


def count_people(contest, region, participants):
    RegionStanding.objects.create(
        contest=contest.slug, region=region.code, participants=participants, papers=participants
    )


# -- Contests ------------------------------------------------------------------------------------------------------------


def test_the_rules_are_said_plainly(client, cast, contest):
    text = re.sub(r"<[^>]+>", "", page(client, "contest-list", cast.edition.slug).text)
    for rule in ["2 questions", "10 minutes", "3 tries a day", "Your best paper counts"]:
        assert rule in text


def test_the_closing_names_its_zone(client, cast, contest):
    assert "until Monday 23 September, 00:00 (Beijing time)" in page(client, "contest-list", cast.edition.slug).text


def test_what_can_be_played_stands_before_what_is_over(client, cast, contest):
    over = {"opens": NOW - dt.timedelta(3), "closes": NOW - dt.timedelta(1)}
    make_contest(edition=cast.edition, owner=cast.national_unit, slug="warm-up", published=True, **over)
    rows = page(client, "contest-list", cast.edition.slug).context["contests"]
    assert [(row.contest.slug, row.phase) for row in rows] == [("week", "open"), ("warm-up", "over")]


def test_an_edition_without_a_contest_says_so(client, cast):
    assert "No contest of this Week" in page(client, "contest-list", cast.edition.slug).text


def test_a_draft_is_nowhere(client, cast):
    make_contest(edition=cast.edition, owner=cast.national_unit, slug="draft")
    assert "draft" not in page(client, "contest-list", cast.edition.slug).text
    for name in ("play", "result", "practice"):
        assert page(client, name, cast.edition.slug, "draft").status_code == 404


def test_a_contest_belongs_to_its_edition(client, cast, contest):
    other = make_edition(owner=cast.stranger_unit, slug="2022-fujian")
    assert page(client, "play", other.slug, "week").status_code == 404


def test_an_unknown_edition_has_no_pages(client, db):
    for name in ("contest-list", "boards", "passport"):
        assert page(client, name, "1999-nowhere").status_code == 404


# -- The picker of regions -------------------------------------------------------------------------------------------------


def chosen(response):
    return [(step.within.code, step.chosen) for step in response.context["steps"]]


def test_the_picker_goes_down_a_level_a_request(client, cast):
    response = page(client, "passport", cast.edition.slug)
    assert chosen(response) == [("CN", "")]
    response = page(client, "contest-list", cast.edition.slug, region=["130000"])
    assert chosen(response) == [("CN", "130000"), ("130000", "")]
    response = page(client, "contest-list", cast.edition.slug, region=["130000", "130100"])
    assert chosen(response) == [("CN", "130000"), ("130000", "130100"), ("130100", "")]


def test_a_changed_province_drops_the_city_of_the_old_one(client, cast):
    response = page(client, "contest-list", cast.edition.slug, region=["350000", "130100", "130102"])
    assert chosen(response) == [("CN", "350000")]


@pytest.mark.parametrize("nonsense", [["999999"], [""], ["CN"], ["130000' OR 1=1"]])
def test_a_code_that_is_none_changes_nothing(client, cast, nonsense):
    assert chosen(page(client, "contest-list", cast.edition.slug, region=nonsense)) == [("CN", "")]


def test_the_script_gets_the_fields_alone(client, cast, django_assert_num_queries):
    with django_assert_num_queries(4):
        response = client.get(
            reverse("knowledge:contest-list", args=[cast.edition.slug]),
            {"region": "130000"},
            headers={"HX-Request": "true"},
        )
    assert "<html" not in response.text
    assert response.text.count("<select") == 2
    assert "HX-Request" in response["Vary"]


# -- Play and result ---------------------------------------------------------------------------------------------------------


def test_the_play_page_tells_its_script_the_rules_and_no_item(client, cast, contest):
    response = page(client, "play", cast.edition.slug, "week")
    told = script_data(response, "settings")
    assert told["contest"] == "week"
    assert told["topics"] == [{"name": "Topic phishing", "hue": 1, "count": 2}]
    assert told["nation"] == {"code": "CN", "name": "China"}
    assert "What to do with a link" not in response.text


def test_the_play_page_runs_no_script_of_its_own(client, cast, contest):
    for source in re.findall(r"<script([^>]*)>", page(client, "play", cast.edition.slug, "week").text):
        assert "src=" in source or 'type="application/json"' in source


def test_without_a_script_the_play_page_offers_practice(client, cast, contest):
    fallback = re.search(r"<noscript>(.*?)</noscript>", page(client, "play", cast.edition.slug, "week").text, re.DOTALL)
    assert reverse("knowledge:practice", args=[cast.edition.slug, "week"]) in fallback[1]


def test_the_nickname_has_no_name_so_no_form_can_put_it_into_an_address(client, cast, contest):
    field = re.search(r'<input[^>]*id="passport-nickname"[^>]*>', page(client, "play", cast.edition.slug, "week").text)[
        0
    ]
    assert not re.search(r"\sname=", field)


def test_html_in_a_title_stays_text(client, cast, contest):
    contest.title = {"en": "<script>alert(1)</script>", "zh-Hans": "<b>"}
    contest.save()
    for name in ("play", "result", "practice"):
        assert "<script>alert" not in page(client, name, cast.edition.slug, "week").text


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_every_word_that_a_script_says_is_on_its_page(client, cast, contest, language):
    scripts = {path.stem: path.read_text(encoding="utf-8") for path in SCRIPTS.glob("*.js")}
    pages = {
        "main": page(client, "play", cast.edition.slug, "week", language=language),
        "result": page(client, "result", cast.edition.slug, "week", language=language),
        "boards": page(client, "boards", cast.edition.slug, language=language),
        "contests": page(client, "contest-list", cast.edition.slug, language=language),
        "passports": page(client, "passport", cast.edition.slug, language=language),
    }
    for entry, response in pages.items():
        needed, seen = [entry], set()
        while needed:
            module = needed.pop()
            if module in seen or module == "page":
                continue
            seen.add(module)
            needed += re.findall(r'from "\./(\w+)\.js"', scripts[module])
        said = {word for module in seen for word in re.findall(r'say\(\s*"(\w+)"', scripts[module])}
        assert said <= script_data(response, "words").keys()


def test_every_hook_that_a_script_looks_for_is_in_a_template():
    said = " ".join(path.read_text(encoding="utf-8") for path in SCRIPTS.glob("*.js"))
    shown = " ".join(path.read_text(encoding="utf-8") for path in TEMPLATES.glob("*.html"))
    hooks = set(re.findall(r"\[(data-[a-z-]+)", said)) | {
        f'id="{one}"' for one in re.findall(r'clone\("([a-z-]+)"', said)
    }
    assert [hook for hook in sorted(hooks) if hook not in shown] == []


def test_no_word_is_left_over():
    said = " ".join(path.read_text(encoding="utf-8") for path in SCRIPTS.glob("*.js"))
    every = words.PLAY | words.PASSPORT | words.RESULT | words.BOARDS
    put_together = ("trouble", "wait")  # `say(`trouble${kind}`)`: what is in the way is one of a few kinds
    assert [word for word in every if f'"{word}"' not in said and not word.startswith(put_together)] == []


# -- Practice ------------------------------------------------------------------------------------------------------------------


def test_practice_asks_first_and_explains_after_the_answer(client, cast, contest):
    response = page(client, "practice", cast.edition.slug, "week")
    item = response.context["item"]
    assert "Go through the entrance you know." not in response.text
    response = page(client, "practice", cast.edition.slug, "week", item=item["id"], answer="a")
    assert response.context["right"]
    assert "Go through the entrance you know." in response.text
    assert "Common practice" in response.text
    assert not page(client, "practice", cast.edition.slug, "week", item=item["id"], answer="b").context["right"]


def test_practice_without_an_answer_asks_for_one(client, cast, contest):
    item = page(client, "practice", cast.edition.slug, "week").context["item"]["id"]
    response = page(client, "practice", cast.edition.slug, "week", item=item, check="1")
    assert "Choose an answer first." in response.text
    assert "Go through the entrance" not in response.text


def test_practice_tells_only_its_share(client, cast):
    make_contest(edition=cast.edition, owner=cast.national_unit, slug="large", published=True, practice=True,
                 blueprint={"phishing": 10})  # fmt: skip
    shown = page(client, "practice", cast.edition.slug, "large")
    assert shown.context["count"] == 2
    share = {shown.context["item"]["id"], shown.context["following"].id}
    from cyberweek.knowledge.queries import current_pack

    for item in current_pack(cast.edition.contests.get(slug="large")).bank:
        status = page(client, "practice", cast.edition.slug, "large", item=item.id, answer="a").status_code
        assert status == (200 if item.id in share else 404)


@pytest.mark.parametrize("answer", [["z"], ["a", "b"], ["a", "a"]])
def test_what_cannot_be_an_answer_is_not_found(client, cast, contest, answer):
    item = page(client, "practice", cast.edition.slug, "week").context["item"]["id"]
    assert page(client, "practice", cast.edition.slug, "week", item=item, answer=answer).status_code == 404


def test_a_contest_without_practice_has_no_such_page(client, cast):
    make_contest(edition=cast.edition, owner=cast.national_unit, slug="strict", published=True, practice=False)
    assert page(client, "practice", cast.edition.slug, "strict").status_code == 404


# -- Boards ----------------------------------------------------------------------------------------------------------------------


def test_the_board_of_a_region_ranks_points_then_time_and_shares_ranks(client, cast, contest):
    papers = [("C", 90, 300), ("A", 100, 400), ("B", 100, 380), ("D", 90, 300)]
    for at, (nickname, score, seconds) in enumerate(papers):
        add_best(contest, cast.county, nickname, score, seconds, at)
    add_best(contest, cast.elsewhere, "E", 100, 1)
    count_people(contest, cast.province, 4)
    board = page(client, "boards", cast.edition.slug, region="130000").context["board"]
    assert [(row.rank, row.nickname) for row in board.rows] == [(1, "B"), (2, "A"), (3, "C"), (3, "D")]
    assert board.count == 4


def test_a_board_leads_down_and_up(client, cast, contest):
    count_people(contest, cast.city, 25)
    response = page(client, "boards", cast.edition.slug, region="130000")
    assert [region.code for region in response.context["path"]] == ["CN", "130000"]
    assert response.context["parts"] == [{"region": cast.city, "people": 25, "few": False}]
    assert "region=130100" in response.text


def test_fewer_than_ten_people_of_a_part_are_not_counted_out(client, cast, contest):
    count_people(contest, cast.province, 9)
    count_people(contest, cast.elsewhere, 10)
    response = page(client, "boards", cast.edition.slug, region="CN")
    assert [(part["region"].code, part["few"]) for part in response.context["parts"]] == [
        ("350000", False),
        ("130000", True),
    ]
    assert "under 10" in response.text
    assert ">9<" not in response.text


def test_a_nickname_with_html_is_shown_as_it_was_typed(client, cast, contest):
    add_best(contest, cast.county, "<i>x</i>", 5, 5)
    assert "&lt;i&gt;x&lt;/i&gt;" in page(client, "boards", cast.edition.slug, region="CN").text


@pytest.mark.parametrize("region", ["999999", "US", "<b>"])
def test_a_region_that_is_none_has_no_board(client, cast, contest, region):
    assert page(client, "boards", cast.edition.slug, region=region).status_code == 404


@pytest.mark.parametrize("people", [1, 15])
def test_a_board_takes_the_same_number_of_queries_for_one_and_for_many(
    client, cast, contest, people, django_assert_num_queries
):
    for n in range(people):
        add_best(contest, cast.county, f"n{n}", n, 10)
    with django_assert_num_queries(9):
        page(client, "boards", cast.edition.slug, region="130000")


def test_boards_say_the_moment_of_their_figures_and_its_zone(client, cast, contest):
    assert "as of 19 Sept, 14:00 (Beijing time)" in page(client, "boards", cast.edition.slug).text


def test_boards_of_an_edition_without_contests_are_empty(client, cast):
    assert "No contest of this Week" in page(client, "boards", cast.edition.slug).text
