from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cyberweek.documents.core.layout import layout
from cyberweek.documents.core.parts import Column, Kind, Mood, State, Table

CELLS = st.one_of(
    st.text(max_size=80),
    st.integers(),
    st.floats(),
    st.none(),
    st.builds(State, st.text(max_size=20), st.just(Mood.GOOD), st.booleans()),
)


@given(st.data())
def test_widths_fill_the_page_and_no_column_is_lost(data):
    columns = tuple(
        data.draw(st.lists(st.builds(Column, st.text(max_size=30), st.sampled_from(Kind)), min_size=1, max_size=12))
    )
    rows = tuple(tuple(data.draw(CELLS) for _ in columns) for _ in range(data.draw(st.integers(0, 4))))
    widths, scale = layout(Table(columns, rows))
    assert abs(sum(widths) - 1) < 1e-6
    assert min(widths) > 0.01
    assert 0.78 <= scale <= 1


def test_the_column_with_much_to_say_gets_the_room():
    rows = tuple((n, "甲", "The venue of the opening is not settled and the police have not signed") for n in range(3))
    widths, _ = layout(Table((Column("No.", Kind.NUMBER), Column("Unit"), Column("What holds it up")), rows))
    assert widths[2] > widths[1] > 0
    assert widths[2] > 0.5


def test_shares_that_are_given_are_kept():
    widths, _ = layout(Table((Column("a", width=1), Column("b", width=3)), (("x", "y"),)))
    assert widths == (0.25, 0.75)
