from __future__ import annotations

import datetime as dt

import pytest

from cyberweek.kernel.models import AuditEvent
from cyberweek.knowledge.actions import (
    ContestRefusedError,
    create_contest,
    edit_contest,
    load_topics,
    open_sample_contest,
)
from cyberweek.knowledge.formats.bank import shipped_topics
from cyberweek.knowledge.models import Contest, Release
from cyberweek.knowledge.queries import current_pack
from tests.factories.editions import make_edition
from tests.factories.knowledge import NOW, make_contest, make_item, rules

TITLE = {"zh-Hans": "竞赛", "en": "Contest"}


def edit(contest, by=None, now=NOW, title=TITLE, **changes):
    changed = contest.rules()._replace(**changes)
    return edit_contest(contest=contest, title=title, rules=changed, by=by, now=now)


def test_a_contest_begins_as_a_draft_with_its_blueprint(cast):
    contest = make_contest(edition=cast.edition, owner=cast.city_unit)
    assert (contest.state, contest.rules()) == ("draft", rules(cast.edition))
    assert AuditEvent.objects.get(verb="contest.create").after["blueprint"] == {"phishing": 2}


def test_rules_that_cannot_stand_are_refused_and_nothing_is_made(cast):
    make_item(owner=cast.national_unit)
    wrong = rules(cast.edition, minutes=0)
    with pytest.raises(ContestRefusedError) as refused:
        create_contest(edition=cast.edition, owner=cast.national_unit, slug="X Y", title=TITLE, rules=wrong, by=None)
    assert [fault.field for fault in refused.value.faults] == ["slug", "minutes", "quota:phishing"]
    assert not Contest.objects.exists()


def test_a_short_name_is_given_once(cast):
    make_contest(edition=cast.edition, owner=cast.national_unit, slug="national")
    with pytest.raises(ContestRefusedError, match="There is a contest national already"):
        make_contest(edition=cast.edition, owner=cast.city_unit, slug="national")


def test_a_contest_draws_from_its_own_unit_and_those_above(cast):
    make_item(owner=cast.stranger_unit), make_item(owner=cast.county_unit)
    make_item(owner=cast.national_unit), make_item(owner=cast.city_unit)
    make_item(owner=cast.city_unit, state="draft")
    told = {"edition": cast.edition, "owner": cast.city_unit, "title": TITLE, "by": None}
    with pytest.raises(ContestRefusedError, match="3 asked, only 2 ready"):
        create_contest(slug="three", rules=rules(cast.edition, blueprint={"phishing": 3}), **told)
    assert create_contest(slug="two", rules=rules(cast.edition), **told)


def test_before_it_opens_everything_may_change(cast):
    contest = make_contest(edition=cast.edition, owner=cast.national_unit, published=True)
    edit(contest, now=contest.opens - dt.timedelta(seconds=1), minutes=20, blueprint={"phishing": 1}, points=10)
    assert Contest.objects.get(pk=contest.pk).rules() == rules(
        cast.edition, minutes=20, blueprint={"phishing": 1}, points=10
    )


def test_once_it_runs_it_cannot_be_cut_short(cast):
    contest = make_contest(edition=cast.edition, owner=cast.national_unit, published=True)
    with pytest.raises(ContestRefusedError) as refused:
        edit(contest, minutes=5, closes=contest.closes - dt.timedelta(days=1))
    assert [fault.field for fault in refused.value.faults] == ["minutes", "closes"]
    assert Contest.objects.get(pk=contest.pk).rules() == rules(cast.edition)


def test_once_it_runs_it_may_be_extended(cast):
    contest = make_contest(edition=cast.edition, owner=cast.national_unit, published=True)
    edit(contest, by=cast.national, closes=contest.closes + dt.timedelta(days=1))
    event = AuditEvent.objects.get(verb="contest.edit")
    assert (event.actor, event.before["closes"], event.after["closes"]) == (
        cast.national, "2019-09-22T16:00:00Z", "2019-09-23T16:00:00Z",
    )  # fmt: skip


def test_an_unpublished_contest_may_change_whatever_the_time(cast):
    contest = make_contest(edition=cast.edition, owner=cast.national_unit)
    assert edit(contest, minutes=5).minutes == 5


@pytest.fixture
def topics_with_items(cast):
    load_topics(shipped_topics())
    for topic in shipped_topics():
        make_item(owner=cast.national_unit, topic=topic.code), make_item(owner=cast.national_unit, topic=topic.code)


@pytest.mark.usefixtures("topics_with_items")
def test_the_sample_contest_is_open_for_the_whole_edition_and_made_once(cast):
    contest = open_sample_contest(edition=cast.edition, by=cast.national, now=NOW)
    again = open_sample_contest(edition=cast.edition, by=cast.national, now=NOW)
    pack = current_pack(contest)
    assert (contest.pk, contest.slug, contest.state) == (again.pk, "national", "published")
    assert (f"{contest.local_opens:%m-%d %H:%M}", f"{contest.local_closes:%m-%d %H:%M}") == (
        "09-16 00:00",
        "09-23 00:00",
    )
    assert (pack.items, pack.minutes, pack.attempts_per_day, pack.points, len(pack.bank)) == (20, 10, 3, 5, 20)
    assert list(Release.objects.values_list("contest", "number")) == [("national", 1)]


@pytest.mark.usefixtures("topics_with_items")
def test_a_second_edition_gets_a_sample_contest_of_its_own_name(cast):
    fujian = make_edition(owner=cast.stranger_unit, slug="2022-fujian", starts=dt.date(2022, 9, 5))
    open_sample_contest(edition=cast.edition, by=None, now=NOW)
    contest = open_sample_contest(edition=fujian, by=None, now=NOW)
    assert (contest.slug, contest.title["en"]) == ("2022-fujian", "Fujian cybersecurity knowledge contest")
