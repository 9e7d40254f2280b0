"""Figures that machines know flow in by themselves."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest
from django.db import connection

from cyberweek.indicators import actions, jobs, queries
from cyberweek.indicators.models import Figure, Roll
from cyberweek.knowledge.models import Contest
from tests.factories.indicators import NOW, load
from tests.factories.programme import make_activity

pytestmark = pytest.mark.django_db


@pytest.fixture
def played(cast, monkeypatch):
    """Twelve people of Chang'an and one of Hebei played two contests; the arena's own tables, as it writes them."""
    from cyberweek.indicators.queries import machines

    load(cast.edition)
    monkeypatch.setattr(machines, "_contests", lambda _edition: ["one", "two"])
    with connection.cursor() as cursor:
        for n in range(13):
            passport = uuid.UUID(int=n + 1)
            region = cast.county if n else cast.province
            cursor.execute(
                "INSERT INTO passport_participant (id, nickname, region_id, band, sector) VALUES (%s, '', %s, '18-25', 'other')",
                [passport, region.pk],
            )
            for contest in ("one", "two"):
                cursor.execute(
                    "INSERT INTO standing_best VALUES (%s, %s, %s, 5, 60, 0, %s)",
                    [contest, passport, [*region.ancestry, "team:x"], uuid.uuid4()],
                )
        for region, papers in (("CN", 30), ("130000", 30), ("130100", 25), ("130102", 25), ("team:x", 30)):
            cursor.execute("INSERT INTO standing_region VALUES ('one', %s, 13, %s)", [region, papers])
        cursor.execute("INSERT INTO standing_topic VALUES ('one', 'phishing', 77, 100)")


def values(code: str) -> dict[str, Decimal]:
    return dict(Figure.objects.filter(indicator__code=code).values_list("region", "value"))


def test_papers_people_and_right_answers_come_from_the_contests(cast, played):
    assert actions.read_machines(edition=cast.edition, now=NOW) > 0
    assert values("papers") == {"130000": 5, "130102": 25}
    assert values("participants") == {"130000": 1, "130102": 12}
    assert values("right-answers") == {"CN": 77}
    assert actions.roll_up_stale(now=NOW) == 1
    assert queries.total_of(cast.edition, "papers", cast.nation).value == 30
    people = queries.total_of(cast.edition, "participants", cast.nation)
    assert (people.value, people.count, people.logs) == (13, "people", 2)


def test_reading_again_changes_nothing_and_marks_nothing(cast, played):
    actions.read_machines(edition=cast.edition, now=NOW)
    actions.roll_up_stale(now=NOW)
    assert actions.read_machines(edition=cast.edition, now=NOW) == 0
    assert Roll.objects.get().stale_since is None


def test_activities_are_counted_once_they_have_begun_and_taken_off_when_called_off(cast):
    load(cast.edition)
    forum = make_activity(edition=cast.edition, lead=cast.county_unit, kind="forum")
    make_activity(edition=cast.edition, lead=cast.county_unit)
    make_activity(edition=cast.edition, lead=cast.city_unit, status="draft")
    actions.read_machines(edition=cast.edition, now=forum.starts)
    assert (values("activities-held"), values("forums-held")) == ({"130102": 2}, {"130102": 1})
    forum.status = "cancelled"
    forum.save()
    actions.read_machines(edition=cast.edition, now=NOW)
    assert (values("activities-held"), values("forums-held")) == ({"130102": 1}, {})


@pytest.fixture
def gates(cast, monkeypatch):
    """An app that records check-ins: what it counts by region; its indicator is one entry of the dictionary."""
    from cyberweek.indicators.queries import machines

    load(cast.edition)
    fields = {
        "name": {"en": "Check-ins", "zh-Hans": "签到"}, "definition": {"en": "Scans at the gate.", "zh-Hans": "入场扫码。"},
        "count": "person-times", "adding": "sum", "filler": "machine",
    }  # fmt: skip
    actions.define_indicator(edition=cast.edition, code="check-ins", fields=fields, by=None, now=NOW)
    counted = {"130102": 9, "350000": 30}
    monkeypatch.setattr(machines, "_sources", {})

    def read(edition, now):
        return [queries.Reading(region, Decimal(n)) for region, n in counted.items()]

    queries.register_source(queries.Source("gates", "check-ins", read))
    return counted


def test_what_another_app_counts_flows_up_to_the_nation_by_one_registration(cast, gates):
    jobs.read_machines(int(NOW.timestamp()))
    jobs.roll_up(int(NOW.timestamp()))
    total = queries.total_of(cast.edition, "check-ins", cast.nation)
    assert (total.value, total.logs, queries.total_of(cast.edition, "check-ins", cast.city).value) == (39, 2, 9)
    [figure] = queries.rows_behind(queries.total_of(cast.edition, "check-ins", cast.county))
    assert (figure.source, figure.grade, figure.report) == ("gates", "log", None)
    del gates["130102"]
    gates["350000"] = 31
    jobs.read_machines(int(NOW.timestamp()))
    jobs.roll_up(int(NOW.timestamp()))
    assert values("check-ins") == {"350000": 31}
    assert queries.total_of(cast.edition, "check-ins", cast.nation).value == 31


def test_a_source_without_an_indicator_in_the_edition_is_passed_over(cast, gates):
    queries.register_source(queries.Source("screens", "plays", lambda _e, _n: [queries.Reading("130102", Decimal(5))]))
    assert actions.read_machines(edition=cast.edition, now=NOW) == 2


def test_machines_are_read_after_the_week_too_and_no_more_once_it_is_archived(cast, gates):
    cast.edition.stage = "closed"
    cast.edition.save()
    jobs.read_machines(int(NOW.timestamp()))
    assert values("check-ins") == {}
    jobs.roll_up_anew(int(NOW.timestamp()))
    assert values("check-ins") == {"130102": 9, "350000": 30}
    gates["130102"] = 10
    cast.edition.stage = "archived"
    cast.edition.save()
    jobs.roll_up_anew(int(NOW.timestamp()))
    assert values("check-ins")["130102"] == 9


def test_a_bare_number_is_no_number_of_different_people(cast, monkeypatch):
    from cyberweek.indicators.queries import machines

    load(cast.edition)
    monkeypatch.setattr(machines, "_sources", {})
    queries.register_source(queries.Source("x", "participants", lambda _e, _n: [queries.Reading("130102", Decimal(9))]))
    assert actions.read_machines(edition=cast.edition, now=NOW) == 0


def test_contests_are_those_of_the_edition(cast):
    from cyberweek.indicators.queries.machines import _contests

    assert _contests(cast.edition) == list(Contest.objects.filter(edition=cast.edition).values_list("slug", flat=True))
