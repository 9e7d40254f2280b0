from __future__ import annotations

import datetime as dt

import pytest

from cyberweek.editions.models import Edition, ThemeDay
from cyberweek.handover import actions
from cyberweek.handover.actions import Choice, Refused
from cyberweek.handover.core import archive as packing
from cyberweek.handover.core import records
from cyberweek.handover.models import Archive, Heritage, Reception
from cyberweek.handover.queries import contents_of, heritage_of
from cyberweek.indicators.models import Indicator
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.planning.models import Arrangement, Plan
from cyberweek.readiness.actions.risks import raise_risk
from cyberweek.summaries.models import Lesson
from tests.factories.regions import make_unit

NOW = dt.datetime(2026, 12, 1, 8, tzinfo=dt.UTC)


def archive_of(edition) -> bytes:
    asked = actions.ask_for_archive(edition=edition, by=None, now=NOW)
    actions.make_archive(asked.pk, now=NOW)
    return bytes(Archive.objects.get(pk=asked.pk).content)


def choice(cast, **changes) -> Choice:
    said = {
        "slug": "2027-national", "year": 2027, "title": LocalizedText({"en": "2027"}), "theme": LocalizedText({"en": "T"}),
        "starts": dt.date(2027, 9, 13), "scope": cast.nation, "host": cast.elsewhere, "owner": cast.national_unit,
        "units": {"cac-hebei": "cac-fujian"},
    }  # fmt: skip
    return Choice(**(said | changes))


def counts() -> dict[str, int]:
    return {
        model.__name__: model.objects.count()
        for model in (Edition, ThemeDay, Plan, Arrangement, Indicator, Heritage, Reception)
    }


def test_an_archive_holds_the_plan_and_how_its_tasks_went(last):
    read = packing.unpack(archive_of(last))
    contents = records.read(read.files)
    first, second = contents.tasks
    assert (first.code, first.tasks, first.done, first.in_time, first.days_late) == ("P01", 1, 1, 0, 3.0)
    assert (second.units, second.after) == (["cac-hebei"], ["P01"])
    assert contents.edition.theme_days[0].lead == "cac-hebei"
    assert contents.indicators[0].count == "person-times"
    assert "edition.json" in read.files["readme.md"].decode()


def test_a_second_press_finds_the_archive_in_the_making_and_a_job_twice_makes_it_once(last):
    first = actions.ask_for_archive(edition=last, by=None, now=NOW)
    assert actions.ask_for_archive(edition=last, by=None, now=NOW) == first
    actions.make_archive(first.pk, now=NOW)
    before = Archive.objects.get().content
    actions.make_archive(first.pk, now=NOW + dt.timedelta(days=1))
    assert Archive.objects.get().content == before


def test_an_archive_becomes_an_edition_with_dates_moved_and_tasks_addressed_anew(cast, last):
    reception = actions.receive(content=archive_of(last), by=None, now=NOW)
    actions.believe_host(key=reception.key, name="Tianjin", by=cast.national, now=NOW)
    edition = actions.take_over(reception=reception, choice=choice(cast), by=cast.national, now=NOW)
    day = edition.theme_days.get()
    assert (day.date, day.lead) == (dt.date(2027, 9, 14), cast.stranger_unit)
    plan = edition.plans.get()
    assert plan.state == "draft"
    first, second = plan.arrangements.order_by("code")
    assert list(second.units.all()) == [cast.stranger_unit]
    assert list(second.after.all()) == [first]
    assert edition.indicators.get().adding == "sum"


def test_receiving_and_taking_twice_changes_nothing(cast, last):
    content = archive_of(last)
    reception = actions.receive(content=content, by=None, now=NOW)
    actions.believe_host(key=reception.key, name="Tianjin", by=cast.national, now=NOW)
    edition = actions.take_over(reception=reception, choice=choice(cast), by=None, now=NOW)
    before = counts()
    again = actions.receive(content=content, by=None, now=NOW + dt.timedelta(days=1))
    assert actions.take_over(reception=again, choice=choice(cast, slug="another"), by=None, now=NOW) == edition
    assert counts() == before


def test_what_was_taken_over_is_handed_over_the_same(cast, last):
    """The round: the next host's archive has the same templates, days and indicators."""
    reception = actions.receive(content=archive_of(last), by=None, now=NOW)
    actions.believe_host(key=reception.key, name="Tianjin", by=cast.national, now=NOW)
    same = choice(cast, units={"cac-hebei": "cac-hebei"})
    edition = actions.take_over(reception=reception, choice=same, by=None, now=NOW)

    def plain(contents):
        outcome = {"tasks": 0, "done": 0, "in_time": 0, "days_late": None}
        tasks = [records.msgspec.to_builtins(one) | outcome for one in contents.tasks]
        return tasks, contents.plan, contents.edition.theme_days, contents.indicators

    assert plain(contents_of(edition)) == plain(contents_of(last))


def test_a_key_that_nobody_compared_and_a_taken_name_are_refused_and_nothing_is_made(cast, last):
    reception = actions.receive(content=archive_of(last), by=None, now=NOW)
    before = counts()
    with pytest.raises(Refused, match="fingerprint"):
        actions.take_over(reception=reception, choice=choice(cast), by=None, now=NOW)
    actions.believe_host(key=reception.key, name="Tianjin", by=cast.national, now=NOW)
    with pytest.raises(Refused, match="this name") as refused:
        actions.take_over(reception=reception, choice=choice(cast, slug=last.slug), by=None, now=NOW)
    assert refused.value.field == "slug"
    assert counts() == before


def test_units_without_a_place_here_are_left_out_and_named(cast, last):
    make_unit("cac-gone", region=cast.elsewhere)
    reception = actions.receive(content=archive_of(last), by=None, now=NOW)
    actions.believe_host(key=reception.key, name="Tianjin", by=cast.national, now=NOW)
    edition = actions.take_over(reception=reception, choice=choice(cast, units={}), by=None, now=NOW)
    assert Reception.objects.get().left_out == ["cac-hebei"]
    assert edition.theme_days.get().lead is None


def test_lessons_and_open_risks_of_the_highest_go_along_and_risks_stay_open(cast, last):
    Lesson.objects.create(edition=last, unit=cast.national_unit, what="Rain", why="Autumn", next_time="Tents")
    Lesson.objects.create(edition=last, unit=cast.county_unit, what="Keys", next_time="Ask the porter")
    fields = {"title": LocalizedText({"en": "Typhoon"}), "likelihood": 3, "impact": 5}
    for unit, likelihood in ((cast.provincial_unit, 3), (cast.city_unit, 2)):
        raise_risk(edition=last, unit=unit, fields=fields | {"likelihood": likelihood}, by=None, now=NOW)
    reception = actions.receive(content=archive_of(last), by=None, now=NOW)
    actions.believe_host(key=reception.key, name="Tianjin", by=cast.national, now=NOW)
    edition = actions.take_over(reception=reception, choice=choice(cast), by=None, now=NOW)
    risk = edition.risks.get()
    assert (risk.unit, risk.state, risk.likelihood) == (cast.stranger_unit, "open", 3)
    heritage = heritage_of(edition)
    assert [one["what"] for one in heritage["lessons"]] == ["Rain"]
    assert str(heritage["risks"][0]["title"]) == "Typhoon"


def test_only_who_agreed_stands_in_the_archive(cast, last):
    actions.offer_contact(
        edition=last,
        person=cast.provincial,
        unit=cast.provincial_unit,
        contact="022-1",
        about="halls",
        today=NOW.date(),
    )
    assert [one.contact for one in contents_of(last).contacts] == ["022-1"]
    actions.withdraw_contact(edition=last, person=cast.provincial)
    assert contents_of(last).contacts == []
