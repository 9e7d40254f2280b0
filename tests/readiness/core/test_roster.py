import datetime as dt
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from cyberweek.readiness.core.roster import (
    HANDOVER,
    Span,
    Turn,
    doubled,
    gaps,
    in_two_places,
    joined,
    wanted,
)  # fmt: skip

ZONE = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
START = dt.datetime(2031, 9, 16, tzinfo=ZONE)


def span(a: int, b: int) -> Span:
    return Span(START + dt.timedelta(minutes=a), START + dt.timedelta(minutes=b))


spans = st.tuples(st.integers(0, 600), st.integers(1, 200)).map(lambda pair: span(pair[0], pair[0] + pair[1]))
turns = st.lists(st.tuples(st.integers(0, 4), spans), max_size=12).map(
    lambda rows: [Turn(key, who, one) for key, (who, one) in enumerate(rows)]
)


def is_in_order(some: list[Span]) -> bool:
    """No two of the spans touch or overlap, and each comes after the one before."""
    return all(one.ends < two.starts for one, two in pairwise(some))


def covers(some: list[Span], moment: dt.datetime) -> bool:
    return any(one.starts <= moment < one.ends for one in some)


@given(turns, st.lists(spans, max_size=4), st.integers(0, 800))
def test_a_minute_is_in_a_gap_exactly_when_it_is_wanted_and_nobody_is_there(some, wished, minute):
    moment = START + dt.timedelta(minutes=minute)
    found = gaps(some, wished)
    assert covers(found, moment) == (covers(wished, moment) and not covers([one.span for one in some], moment))
    assert is_in_order(found)


@given(st.lists(spans, max_size=12), st.integers(0, 800))
def test_joined_spans_hold_the_same_time_and_do_not_touch(some, minute):
    moment = START + dt.timedelta(minutes=minute)
    assert covers(joined(some), moment) == covers(some, moment)
    assert is_in_order(joined(some))


@given(turns)
def test_a_person_is_in_two_places_exactly_where_two_of_their_turns_meet(some):
    pairs = {frozenset((one.first.key, one.second.key)) for one in in_two_places(some)}
    wished = {
        frozenset((a.key, b.key))
        for a in some
        for b in some
        if a.key < b.key and a.who == b.who and a.span.common(b.span)
    }
    assert pairs == wished


@given(turns)
def test_handing_over_is_no_overlap_and_longer_is(some):
    assert all(one.span.length > HANDOVER and one.first.who != one.second.who for one in doubled(some))


def test_round_the_clock_is_one_span_over_the_whole_week():
    found = wanted(dt.date(2031, 9, 16), dt.date(2031, 9, 22), dt.time(), dt.time(), ZONE)
    assert found == [Span(START, START + dt.timedelta(days=7))]


def test_a_night_ends_on_the_next_morning():
    (one,) = wanted(dt.date(2031, 9, 16), dt.date(2031, 9, 16), dt.time(20), dt.time(8), ZONE)
    assert one.length == dt.timedelta(hours=12)


def test_the_night_when_clocks_change_has_its_true_hours():
    (one,) = wanted(dt.date(2031, 10, 25), dt.date(2031, 10, 25), dt.time(20), dt.time(8), BERLIN)
    assert one.length == dt.timedelta(hours=13)
