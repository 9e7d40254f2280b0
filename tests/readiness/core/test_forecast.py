import numpy as np
import pytest

from cyberweek.planning.core.network import Circle
from cyberweek.readiness.core.course import outlook
from cyberweek.readiness.core.forecast import foretell, of_regions
from cyberweek.readiness.core.punctuality import Punctuality

from .cases import tasks_of

KNOWN = Punctuality()


def chances(*rows, edges=(), opening=10, known=KNOWN, runs=600):
    tasks = tasks_of(*rows, edges=edges)
    return foretell(tasks, outlook(tasks, known), opening=opening, seed=1, runs=runs).chance_of_task


def test_the_same_seed_gives_the_same_forecast_and_another_nearly_the_same():
    tasks = tasks_of({}, {"share": 0.5, "begins": -5}, {"unit": 2})
    seen = outlook(tasks, KNOWN)
    first, again, other = (foretell(tasks, seen, opening=10, seed=seed).ends.astype(int) for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()
    assert np.abs(first.cumsum(axis=1) - other.cumsum(axis=1)).max() < 60


def test_a_task_on_its_plan_ends_on_its_date_in_half_of_the_runs():
    tasks = tasks_of({})
    found = foretell(tasks, outlook(tasks, KNOWN), opening=40, seed=1, runs=2000)
    assert found.day_by(0.5)[0] in (10, 11)
    assert found.day_by(0.9)[0] > found.day_by(0.5)[0]


def test_progress_helps_and_its_lack_harms():
    far, little, nothing = chances(*({"begins": -5, "due": 5, "share": share} for share in (0.9, 0.3, 0.0)), opening=6)
    assert far > 0.9 > little
    assert nothing < far


def test_what_is_long_overdue_is_not_done_by_miracle():
    (chance,) = chances({"begins": -40, "due": -20}, opening=2)
    assert chance < 0.3


def test_a_blocked_task_waits():
    free, stuck = chances({"begins": -5, "share": 0.5}, {"begins": -5, "share": 0.5, "blocked": True}, opening=7)
    assert stuck < free - 0.2


def test_a_unit_that_was_always_late_is_expected_late():
    late = Punctuality(units={1: (0.5, 0.05), 2: (-0.3, 0.05)})
    slow, quick = chances({}, {"unit": 2}, known=late)
    assert slow < 0.3
    assert quick > 0.7


def test_a_task_comes_after_what_it_waits_for():
    first, second = {"due": 4}, {"begins": 5, "due": 9}
    alone, behind = chances(first, second)[1], chances(first, second, edges=[(1, 0)])[1]
    assert behind <= alone
    slow = {"begins": 0, "due": 30}
    assert chances(slow, second, edges=[(1, 0)], opening=12)[1] < 0.05


def test_an_overlap_in_the_plan_needs_no_more_than_the_rest():
    """Two tasks with the same dates: the second needs the first only to be closed."""
    one, other = chances({}, {}, edges=[(1, 0)], opening=14)
    assert other <= one
    assert other > one - 0.25


def test_chains_are_as_long_as_their_links():
    rows = [{"begins": 5 * i, "due": 5 * i + 4} for i in range(6)]
    chained = chances(*rows, edges=[(i + 1, i) for i in range(5)], opening=31)
    assert chained[5] < chances(*rows, opening=31)[5]


def test_a_circle_is_refused_and_named_by_key():
    with pytest.raises(Circle) as caught:
        chances({}, {}, {}, edges=[(0, 1), (1, 0), (2, 1)])
    assert sorted(caught.value.tasks) == [100, 101]


def test_a_unit_is_ready_when_all_that_counts_is_done():
    tasks = tasks_of({}, {}, {"counts": False, "due": 90}, {"unit": 2, "counts": False})
    found = foretell(tasks, outlook(tasks, KNOWN), opening=10, seed=1)
    assert found.units.tolist() == [1]
    assert found.chance_of_unit[0] <= found.chance_of_task[:2].min()
    assert found.chance_of_unit[0] > found.chance_of_task[0] * found.chance_of_task[1] - 0.05  # late together


def test_nothing_open_gives_an_empty_forecast():
    tasks = tasks_of()
    found = foretell(tasks, outlook(tasks, KNOWN), opening=10, seed=1)
    assert found.units.size == 0
    assert of_regions(found, {"00": [5]}, sure=[5])["00"].share == 1


def test_after_the_opening_only_what_is_done_is_ready():
    assert (chances({"begins": -20, "due": -10, "share": 0.9}, opening=-3) == 0).all()


def test_a_region_has_a_share_and_a_chance_of_nine_in_ten():
    tasks = tasks_of(*({"unit": unit, "due": 8} for unit in range(20)))
    found = foretell(tasks, outlook(tasks, KNOWN), opening=12, seed=1)
    both = of_regions(found, {"10": list(range(20)), "1001": [0], "20": [77]}, sure=[77])
    assert both["10"].units == 20
    assert both["10"].share == pytest.approx(found.chance_of_unit.mean())
    assert both["1001"].chance == pytest.approx(both["1001"].share)  # of one unit they are the same
    assert both["20"].share == both["20"].chance == 1
    assert "30" not in of_regions(found, {"30": [88]})


def test_blocks_of_runs_are_seamless(monkeypatch):
    tasks = tasks_of({}, {"unit": 2}, {"unit": 2, "begins": -5}, edges=[(1, 0)])
    seen = outlook(tasks, KNOWN)
    whole = foretell(tasks, seen, opening=10, seed=1, runs=50)
    monkeypatch.setattr("cyberweek.readiness.core.forecast._AT_ONCE", 21)
    monkeypatch.setattr("cyberweek.readiness.core.forecast._PARTS", 2)
    pieces = foretell(tasks, seen, opening=10, seed=1, runs=50)
    assert (whole.ends == pieces.ends).all()
    assert (whole.ready == pieces.ready).all()


def test_the_curve_rises_to_the_number_of_tasks():
    tasks = tasks_of({}, {"begins": -5}, {"due": 4})
    found = foretell(tasks, outlook(tasks, KNOWN), opening=10, seed=1)
    curve = found.curve(tasks.counts)
    assert (np.diff(curve) >= 0).all()
    assert curve[-1] == pytest.approx(3)
