from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command
from django.utils import timezone

from cyberweek.editions.actions import rehearse_edition
from cyberweek.editions.models import Edition
from tests.factories.editions import make_edition
from tests.factories.programme import make_activity

pytestmark = pytest.mark.usefixtures("noon")
EN = {"accept-language": "en"}
DAY = dt.timedelta(days=1)


def told(client, path="/now/", **headers) -> str:
    response = client.get(path, headers=EN | headers)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def today(edition: Edition) -> dt.date:
    return timezone.now().astimezone(edition.tz).date()


@pytest.mark.django_db
def test_a_fresh_installation_says_what_to_do_next(client):
    page = told(client, "/")
    assert "No Week yet." in page
    assert "cyberweek manage loadregions" in page
    assert "cyberweek demo" in page


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/about/", "/editions/"])
def test_what_stands_behind_is_there_before_the_first_edition(client, path):
    told(client, path)


def test_the_front_page_is_the_current_editions_home(client, cast):
    page = told(client, "/")
    assert "Cybersecurity for the people," in page
    assert f'href="/{cast.edition.slug}/" aria-current="page"' in page


def test_during_the_week_the_day_leads(client, edition, contest, cast):
    activity = make_activity(
        edition=edition,
        lead=cast.city_unit,
        starts=timezone.now() - dt.timedelta(minutes=1),
        title={"en": "An open trial"},
    )
    page = told(client)
    assert 'data-day="4"' in page.split("<body")[0]
    assert "Rule of Law Day" in page
    assert activity.title["en"] in page
    assert page.count("On now") >= 2
    assert "/now/play/week/" in page
    assert "Nobody has taken the contest yet." in page


def test_before_the_week_days_are_counted_down(client, cast):
    early = make_edition(owner=cast.national_unit, slug="early", starts=timezone.now().date() + 40 * DAY)
    starts = dt.datetime.combine(early.starts, dt.time(9), early.tz)
    make_activity(edition=early, lead=cast.city_unit, starts=starts, title={"en": "The opening"})
    page = told(client, "/early/")
    assert f">{(early.starts - today(early)).days}<" in page
    assert "days to go" in page
    assert "The opening" in page
    assert "data-day" not in page.split("<body")[0].split("<head>")[0]


def test_after_the_week_it_says_so_and_keeps_the_programme(client, cast):
    make_edition(owner=cast.national_unit, slug="late", starts=timezone.now().date() - 40 * DAY)
    page = told(client, "/late/")
    assert "The Week is over" in page
    assert "All activities have ended." in page
    assert "Near you" not in page


def test_a_rehearsal_shows_its_true_dates(client, cast):
    edition = cast.edition
    rehearse_edition(edition=edition, day=4, by=None, now=timezone.now())
    page = told(client, f"/{edition.slug}/")
    assert "Its true dates: 16 Sept to 22 Sept, 2019." in page


def test_an_edition_without_days_activities_or_contest_is_a_page_too(client, cast):
    edition = make_edition(owner=cast.national_unit, slug="bare", starts=timezone.now().date())
    edition.theme_days.all().delete()
    page = told(client, "/bare/")
    assert "No activity has been published yet." in page
    assert "No contest of this Week has been published." in page


def test_figures_lead_to_their_tables(client, edition, contest, counted):
    counted(regions={"CN": (2_030_214, 5_961_442), "130000": (2_030_214, 5_961_442)}, topics={"phishing": (784, 1000)})
    page = told(client)
    assert '<a href="/now/figures/">2,030,214</a>' in page
    assert '<a href="/now/figures/#days">5,961,442</a>' in page
    assert '<a href="/now/figures/#topics">78%</a>' in page


def test_the_question_of_the_day_is_answered_on_the_spot(client, edition, contest):
    asked = told(client)
    assert "What to do with a link from a stranger?" in asked
    assert "Go through the entrance you know." not in asked
    for answer, verdict in (("a", "Right."), ("b", "Not quite.")):
        page = told(client, f"/now/?day={today(edition)}&answer={answer}")
        assert verdict in page
        assert "Go through the entrance you know." in page
    assert "Go through the entrance" not in told(client, "/now/?answer=nothing")


def test_only_yesterdays_question_can_still_be_answered(client, edition, contest):
    def asked_on(day):
        return client.get(f"/now/?day={day}&answer=a", headers=EN).context["question"].day

    assert asked_on(today(edition) - DAY) == today(edition) - DAY
    assert asked_on(today(edition) - 2 * DAY) == today(edition)
    assert asked_on("never") == today(edition)


def test_the_region_chosen_is_kept_in_the_browser_alone(client, edition, cast):
    starts = timezone.now() + dt.timedelta(hours=1)
    make_activity(edition=edition, lead=cast.stranger_unit, starts=starts, title={"en": "In Fujian"})
    make_activity(edition=edition, lead=cast.city_unit, starts=starts + dt.timedelta(hours=1), title={"en": "In Hebei"})
    near = [line.activity.title["en"] for line in client.get("/now/?where=130100", headers=EN).context["near"]]
    assert near == ["In Hebei", "In Fujian"]
    assert client.cookies["near"].value == "130100"
    assert client.cookies["near"]["httponly"]
    assert client.get("/now/", headers=EN).context["region"] == cast.city
    client.get("/now/?where=", headers=EN)
    assert client.cookies["near"].value == ""
    assert client.get("/now/?where=<b>", headers=EN).context["region"] is None


def test_a_page_speaks_as_the_browser_asks_until_the_switch_is_used(client, edition):
    assert "历届宣传周" in told(client, **{"accept-language": "zh-CN,zh;q=0.9"})
    assert '<html lang="zh-Hans"' in told(client, **{"accept-language": "zh-CN"})
    client.post("/language/setlang/", {"language": "zh-hans", "next": "/now/"})
    assert "历届宣传周" in told(client)
    client.post("/language/setlang/", {"language": "en", "next": "/now/"})
    assert "All editions" in told(client, **{"accept-language": "zh-CN"})


def test_html_in_names_is_text(client, edition, cast):
    make_activity(edition=edition, lead=cast.city_unit, starts=timezone.now(), title={"en": "<script>x</script>"})
    assert "<script>x" not in told(client)


def test_home_asks_the_database_as_often_for_many_rows_as_for_one(
    client, edition, contest, cast, django_assert_max_num_queries
):
    def visit() -> int:
        with django_assert_max_num_queries(24) as asked:
            client.get("/now/", headers=EN)
        return len(asked)

    soon = timezone.now() + dt.timedelta(minutes=5)
    make_activity(edition=edition, lead=cast.city_unit, starts=soon)
    client.get("/now/", headers=EN)  # the practice share is read once
    first = visit()
    for n in range(12):
        make_activity(edition=edition, lead=cast.city_unit, starts=soon + n * dt.timedelta(minutes=5))
    assert visit() == first


def test_every_edition_is_listed_newest_first(client, edition, cast):
    page = told(client, "/editions/").split("<main")[1]
    assert page.index('href="/now/"') < page.index(f'href="/{cast.edition.slug}/"')


def test_about_names_the_group_that_is_too_small_to_show(client, edition):
    assert "fewer than 10 people" in told(client, "/about/")


@pytest.mark.django_db
def test_what_is_not_there_is_told_in_the_visitors_language(client):
    response = client.get("/nothing/", headers={"accept-language": "zh-CN"})
    assert response.status_code == 404
    assert "没有这个页面" in response.content.decode()


@pytest.mark.django_db
def test_the_samples_have_a_home_each(client):
    call_command("loadregions", verbosity=0)
    call_command("loadedition", "2019-national", verbosity=0)
    assert "Tianjin" in told(client, "/2019-national/")
