from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from cyberweek.handover.core.years import Point, compared


def point(year, value, *, code="reach", count="people", adding="sum", definition="same", total=1):
    value = Decimal(value)
    return Point(code, code, count, adding, f"{year}-n", year, value, value, value, definition, total)


def test_like_stands_beside_like_and_another_unit_of_count_has_its_own_line():
    found = compared([point(2019, 30), point(2017, 10, count="person-times"), point(2018, 20)])
    assert found.editions == [("2017-n", 2017), ("2018-n", 2018), ("2019-n", 2019)]
    lines = {line.count: [cell.point and int(cell.point.value) for cell in line.cells] for line in found.lines}
    assert lines == {"people": [None, 20, 30], "person-times": [10, None, None]}


def test_a_changed_definition_breaks_the_line_and_an_unknown_one_does_not():
    found = compared([point(2017, 10), point(2018, 20, definition="other"), point(2019, 30, definition="")])
    (line,) = found.lines
    assert [(cell.broken, cell.percent) for cell in line.cells] == [(False, ""), (True, ""), (False, "+50 %")]


def test_our_own_total_stands_before_one_that_was_handed_over():
    (line,) = compared([point(2018, 20), point(2018, 99, total=None)]).lines
    assert line.cells[0].point.value == 20


def test_nothing_grows_from_nothing():
    (line,) = compared([point(2018, 0), point(2019, 5)]).lines
    assert line.cells[1].change is None


@given(
    st.lists(st.tuples(st.integers(2010, 2030), st.integers(0, 99), st.sampled_from(["people", "items"])), max_size=30)
)
def test_every_line_has_a_cell_for_every_year_and_no_point_is_lost(rows):
    points = {(year, count): point(year, value, count=count) for year, value, count in rows}
    found = compared(points.values())
    assert all(len(line.cells) == len(found.editions) for line in found.lines)
    assert sum(cell.point is not None for line in found.lines for cell in line.cells) == len(points)
