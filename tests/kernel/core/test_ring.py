"""The ring is cut as the look says."""

from __future__ import annotations

import re
from math import atan2, degrees, hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cyberweek.kernel.core.ring import Shape, label_point, segment_path


def corners(path: str) -> list[tuple[float, float]]:
    """Start and the ends of arc, line, arc."""
    numbers = r"(-?[\d.]+) (-?[\d.]+)"
    start, line = re.match(f"M{numbers}", path), re.search(f"L{numbers}", path)
    arcs = re.findall(rf"A[\d.]+ [\d.]+ 0 [01] [01] {numbers}", path)
    return [tuple(map(float, pair)) for pair in (start.groups(), arcs[0], line.groups(), arcs[1])]


def test_the_mark_has_the_path_of_the_reference():
    assert segment_path(0, 7, Shape(inner=62, gap=5)) == (
        "M110.18 2.53A98 98 0 0 1 179.75 43.05L143.55 55.87A62 62 0 0 0 97.63 38.05Z"
    )


@given(count=st.integers(2, 12), data=st.data())
def test_every_corner_lies_on_one_of_the_two_circles(count, data):
    index = data.draw(st.integers(0, count - 1))
    shape = Shape()
    radii = [hypot(x - 100, y - 100) for x, y in corners(segment_path(index, count, shape))]
    assert radii == pytest.approx([98, 98, 60, 60], abs=0.02)


@given(count=st.integers(3, 12), part=st.floats(0.05, 0.95))
def test_a_part_of_a_segment_ends_earlier_on_both_circles(count, part):
    def angle(point):  # from six o'clock, which the segment beginning at twelve never crosses
        return (degrees(atan2(point[0] - 100, 100 - point[1])) + 180) % 360

    whole, cut = corners(segment_path(0, count)), corners(segment_path(0, count, until=part))
    assert cut[0] == whole[0]
    assert angle(cut[1]) < angle(whole[1])
    assert angle(cut[2]) < angle(whole[2])


def test_letters_stand_in_the_middle_of_what_is_filled():
    point = label_point(0, 7)
    assert (round(point.x, 2), round(point.y, 2)) == (134.28, 28.82)
