"""The ring of seven: one function draws every size of it. Coordinates are in a 200 x 200 view box."""

from __future__ import annotations

from math import cos, pi, radians, sin
from typing import NamedTuple


class Shape(NamedTuple):
    """How a ring is cut. Radii and gap in view-box units, lean in degrees: the lean is the direction of time."""

    outer: float = 98
    inner: float = 60
    gap: float = 3
    lean: float = 9


class Point(NamedTuple):
    x: float
    y: float


def segment_path(index: int, count: int, shape: Shape = Shape(), *, until: float = 1.0, growth: float = 1.0) -> str:  # noqa: B008 -- immutable
    """SVG path of segment `index` (0-based) of `count`, clockwise from twelve.

    `until` (0 to 1) cuts the segment along time; `growth` (0 to 1) fills it outward from the inner circle.
    """
    outer = shape.inner + (shape.outer - shape.inner) * growth
    first, last = _edges(index, count, shape, outer), _edges(index, count, shape, shape.inner)
    o0, o1 = first[0], first[0] + (first[1] - first[0]) * until
    i0, i1 = last[0], last[0] + (last[1] - last[0]) * until
    a, b, c, d = _on(outer, o0), _on(outer, o1), _on(shape.inner, i1), _on(shape.inner, i0)
    wide_outer, wide_inner = int(o1 - o0 > pi), int(i1 - i0 > pi)
    return (
        f"M{_xy(a)}A{_n(outer)} {_n(outer)} 0 {wide_outer} 1 {_xy(b)}"
        f"L{_xy(c)}A{_n(shape.inner)} {_n(shape.inner)} 0 {wide_inner} 0 {_xy(d)}Z"
    )


def label_point(index: int, count: int, shape: Shape = Shape(), *, until: float = 1.0) -> Point:  # noqa: B008 -- immutable
    """Where a segment's letter stands: the middle of its part up to `until`."""
    middle = (shape.outer + shape.inner) / 2
    return _on(middle, 2 * pi * (index + until / 2) / count)


def _edges(index: int, count: int, shape: Shape, radius: float) -> tuple[float, float]:
    """Start and end angle on the circle of `radius`: turned by the lean (plus half outside, minus half inside)."""
    turn = radians(shape.lean) / 2
    middle = (shape.outer + shape.inner) / 2
    half = (shape.outer - shape.inner) / 2
    lean = turn * (radius - middle) / half
    gap = shape.gap / 2 / radius if count > 1 else 0.0
    return 2 * pi * index / count + lean + gap, 2 * pi * (index + 1) / count + lean - gap


def _on(radius: float, angle: float) -> Point:
    return Point(100 + radius * sin(angle), 100 - radius * cos(angle))


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _xy(point: Point) -> str:
    return f"{_n(point.x)} {_n(point.y)}"
