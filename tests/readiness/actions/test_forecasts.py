import datetime as dt

import pytest

from cyberweek.kernel.models import AuditEvent
from cyberweek.planning.models import Dependency, Task
from cyberweek.readiness.actions import calibrate, make_forecast
from cyberweek.readiness.models import Calibration, Forecast, ForecastRow
from tests.factories.planning import make_task
from tests.factories.readiness import NOW, make_past, make_preparing, make_tasks_of_plan, make_units

pytestmark = pytest.mark.django_db


@pytest.fixture
def coming(cast):
    return make_preparing(cast.national_unit)


def row_of(forecast, thing):
    rows = forecast.rows.all()
    return rows.get(unit=thing) if thing._meta.model_name == "unit" else rows.get(region=thing, unit=None)


def test_every_unit_and_every_region_above_it_has_a_row(cast, coming):
    make_tasks_of_plan(coming, [cast.county_unit, cast.stranger_unit])
    forecast = make_forecast(edition=coming, now=NOW, runs=100)
    assert {row.unit_id for row in forecast.rows.exclude(unit=None)} == {cast.county_unit.pk, cast.stranger_unit.pk}
    assert set(forecast.rows.filter(unit=None).values_list("region_id", flat=True)) == {
        "CN", "130000", "130100", "130102", "350000",
    }  # fmt: skip
    nation = row_of(forecast, cast.nation)
    assert (nation.units, nation.must, nation.within_id) == (2, 6, None)
    assert forecast.day == dt.date(2031, 9, 6)
    assert forecast.days_left == 10


def test_what_is_nearly_done_is_on_course_and_what_is_far_behind_is_red_and_says_why(cast, coming):
    make_tasks_of_plan(coming, [cast.city_unit])
    *_, last = make_tasks_of_plan(coming, [cast.county_unit], state="todo", progress=0)
    Task.objects.filter(unit=cast.county_unit).exclude(pk=last.pk).update(state="done", progress=100, done_at=NOW)
    Task.objects.filter(pk=last.pk).update(
        begins=coming.starts - dt.timedelta(days=60), due=coming.starts - dt.timedelta(days=20)
    )
    forecast = make_forecast(edition=coming, now=NOW)
    good, bad = row_of(forecast, cast.city_unit), row_of(forecast, cast.county_unit)
    assert good.standing == "sure"
    assert good.why == {}
    assert bad.standing == "red"
    assert (bad.must, bad.done, bad.overdue) == (3, 2, 1)
    assert bad.why["causes"][0][0] == last.pk
    assert bad.why["turn"] == [last.pk]
    assert bad.why["turns"]
    assert bad.tasks[0][0] == last.pk
    region = row_of(forecast, cast.province)
    assert region.chance == pytest.approx((good.chance + bad.chance) / 2)
    assert region.why["units"][0][0] == cast.county_unit.pk
    assert region.why["turn"] == 1


def test_a_unit_that_has_done_everything_is_ready(cast, coming):
    make_tasks_of_plan(coming, [cast.county_unit], state="done", progress=100, done_at=NOW)
    forecast = make_forecast(edition=coming, now=NOW, runs=50)
    assert row_of(forecast, cast.county_unit).chance == 1
    assert row_of(forecast, cast.nation).chance == row_of(forecast, cast.nation).most == 1


def test_dropped_tasks_and_tasks_for_after_the_opening_do_not_count(cast, coming):
    make_task(edition=coming, unit=cast.county_unit, state="dropped")
    make_task(edition=coming, unit=cast.county_unit, due=coming.starts)
    make_task(edition=coming, unit=cast.city_unit, due=coming.starts - dt.timedelta(days=1))
    forecast = make_forecast(edition=coming, now=NOW, runs=50)
    assert [row.unit for row in forecast.rows.exclude(unit=None)] == [cast.city_unit]
    assert forecast.tasks == 2


def test_the_same_night_twice_says_the_same_and_the_row_knows_the_one_before(cast, coming):
    make_tasks_of_plan(coming, [cast.county_unit], progress=40)
    first = row_of(make_forecast(edition=coming, now=NOW), cast.county_unit)
    second = row_of(make_forecast(edition=coming, now=NOW), cast.county_unit)
    assert second.chance == second.before == first.chance


def test_tasks_of_another_unit_that_have_not_begun_do_not_move_a_chance(cast, coming):
    make_tasks_of_plan(coming, [cast.county_unit], progress=40)
    first = row_of(make_forecast(edition=coming, now=NOW), cast.county_unit)
    make_task(edition=coming, unit=cast.stranger_unit, begins=NOW.date() + dt.timedelta(days=1))
    assert row_of(make_forecast(edition=coming, now=NOW), cast.county_unit).chance == first.chance


def test_a_year_in_which_others_are_late_lowers_every_chance(cast, coming):
    make_tasks_of_plan(coming, [cast.county_unit], progress=80)
    first = row_of(make_forecast(edition=coming, now=NOW), cast.county_unit)
    for _ in range(30):
        make_task(
            edition=coming, unit=cast.stranger_unit, begins=NOW.date() - dt.timedelta(days=60),
            due=NOW.date() - dt.timedelta(days=50),
        )  # fmt: skip
    assert row_of(make_forecast(edition=coming, now=NOW), cast.county_unit).chance < first.chance


def test_a_whole_is_not_ready_before_its_parts(cast, coming):
    begins, due = NOW.date() - dt.timedelta(days=30), NOW.date() + dt.timedelta(days=1)
    whole = make_task(edition=coming, unit=cast.provincial_unit, begins=begins, due=due, progress=90, state="doing")
    alone = row_of(make_forecast(edition=coming, now=NOW), cast.provincial_unit)
    make_task(
        edition=coming, unit=cast.county_unit, parent=whole, begins=begins, due=due, state="blocked", blocker="permit",
    )  # fmt: skip
    forecast = make_forecast(edition=coming, now=NOW)
    above, below = (row_of(forecast, unit) for unit in (cast.provincial_unit, cast.county_unit))
    assert above.chance < alone.chance
    assert above.chance <= below.chance


def test_tasks_in_a_circle_are_named_and_the_forecast_is_made(cast, coming):
    one, other, third = (make_task(edition=coming, unit=cast.county_unit) for _ in range(3))
    Dependency.objects.bulk_create(
        [Dependency(task=one, after=other), Dependency(task=other, after=one), Dependency(task=third, after=one)]
    )
    forecast = make_forecast(edition=coming, now=NOW, runs=50)
    assert forecast.circles == [one.pk, other.pk]
    assert row_of(forecast, cast.county_unit).must == 3


def test_what_waits_for_another_unit_names_that_units_task(cast, coming):
    owed = make_task(edition=coming, unit=cast.stranger_unit, state="blocked", progress=10)
    make_task(
        edition=coming, unit=cast.county_unit, after=[owed], begins=coming.starts - dt.timedelta(days=5),
        due=coming.starts - dt.timedelta(days=4),
    )  # fmt: skip
    row = row_of(make_forecast(edition=coming, now=NOW), cast.county_unit)
    assert row.standing != "sure"
    assert row.why["causes"][0][0] == owed.pk


def test_an_edition_without_tasks_gets_an_empty_forecast(cast, coming):
    forecast = make_forecast(edition=coming, now=NOW)
    assert (forecast.tasks, forecast.rows.count()) == (0, 0)


def test_rows_of_old_forecasts_go_and_their_heads_stay(cast, coming):
    make_tasks_of_plan(coming, [cast.county_unit])
    for day in range(5):
        make_forecast(edition=coming, now=NOW + dt.timedelta(days=day), runs=20)
    assert Forecast.objects.count() == 5
    assert ForecastRow.objects.values("forecast").distinct().count() == 3


def test_a_forecast_is_in_the_audit_trail_and_a_calibration_is_made_once_a_week(cast, coming):
    make_tasks_of_plan(coming, [cast.county_unit])
    for days in (0, 1, 8):
        make_forecast(edition=coming, now=NOW + dt.timedelta(days=days), runs=20, by=cast.national)
    assert AuditEvent.objects.filter(verb="forecast.make", actor_id=cast.national.pk).count() == 3
    assert Calibration.objects.count() == 2


def test_curves_begin_with_the_first_task_and_end_on_the_eve(cast, coming):
    make_tasks_of_plan(coming, [cast.county_unit])
    make_task(edition=coming, unit=cast.county_unit, state="done", done_at=NOW - dt.timedelta(days=3))
    curve = row_of(make_forecast(edition=coming, now=NOW), cast.nation).curve
    assert curve["first"] == -20
    assert len(curve["plan"]) == 30
    assert curve["plan"][-1] == 4
    assert len(curve["done"]) == 21
    assert curve["done"][-4:] == [1, 1, 1, 1]
    assert len(curve["ahead"]) == 10
    assert curve["ahead"] == sorted(curve["ahead"])
    assert 1 <= curve["ahead"][0] <= curve["ahead"][-1] <= 4


def test_after_the_opening_a_forecast_says_what_was_ready(cast, coming):
    make_tasks_of_plan(coming, [cast.county_unit])
    make_tasks_of_plan(coming, [cast.city_unit], state="done", progress=100, done_at=NOW)
    late = make_forecast(edition=coming, now=NOW + dt.timedelta(days=12))
    assert row_of(late, cast.county_unit).chance == 0
    assert row_of(late, cast.city_unit).chance == 1


def test_without_a_past_nothing_is_learnt_and_that_is_said(cast, coming):
    calibration = calibrate(edition=coming, now=NOW)
    assert calibration.report == {}
    assert calibration.known["tasks"] == 0


def test_past_editions_teach_and_are_foretold_unseen(cast, coming):
    units = make_units(cast.province, cast.provincial_unit, 25)
    make_past(unit_owner=cast.national_unit, units=units, years=2)
    calibration = calibrate(edition=coming, now=NOW)
    assert calibration.known["tasks"] == 2 * 25 * 12
    assert list(calibration.known["years"]) == [2026, 2027]
    assert len(calibration.known["units"]) == 25
    score = calibration.report["tasks"]
    assert score["brier"] < 0.7 * score["base_brier"]
    assert score["brier"] < score["naive_brier"]
    assert [row[0] for row in calibration.report["by_day"]] == [20, 10, 5]


def test_editions_of_another_place_or_still_ahead_teach_nothing(cast, coming):
    units = make_units(cast.province, cast.provincial_unit, 3)
    make_past(unit_owner=cast.provincial_unit, units=units, years=1)
    assert calibrate(edition=coming, now=NOW).known["tasks"] == 0
