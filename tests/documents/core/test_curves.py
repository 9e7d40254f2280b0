from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cyberweek.documents.core.curves import drawing
from cyberweek.documents.core.parts import Curve, Image, Line, Table


@given(st.lists(st.one_of(st.none(), st.floats(0, 1e9)), min_size=1, max_size=40))
def test_every_place_is_within_the_field_and_the_scale_holds_all(values):
    drawn = drawing(Curve(tuple(map(str, range(len(values)))), (Line("a", tuple(values)),), alt="x"))
    assert all(0 <= x <= 1 and 0 <= y <= 1 for piece in drawn.pieces[0] for x, y in piece)
    assert drawn.top >= max((value for value in values if value), default=0) * (1 - 1e-9)
    assert 2 <= len(drawn.grid) <= 7


def test_a_gap_parts_the_line():
    drawn = drawing(Curve(("a", "b", "c"), (Line("x", (1, None, 2)),), alt="x"))
    assert len(drawn.pieces[0]) == 2


def test_one_line_is_ink_and_two_have_hues():
    one = drawing(Curve(("a",), (Line("x", (1,)), Line("p", (1,), plan=True)), alt="x"))
    assert one.hues == [None, None]
    two = drawing(Curve(("a",), (Line("x", (1,)), Line("y", (1,))), alt="x"))
    assert None not in two.hues
    assert len(set(two.hues)) == 2


def test_what_does_not_fit_together_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="as many values"):
        Curve(("a", "b"), (Line("x", (1,)),), alt="x")
    with pytest.raises(ValueError, match="words"):
        Curve(("a",), (Line("x", (math.nan,)),), alt=" ")
    with pytest.raises(ValueError, match="PNG or a JPEG"):
        Image(b"MZ\x90", "a program named .jpg")
    with pytest.raises(ValueError, match="as many cells"):
        Table((), (("a",),))
