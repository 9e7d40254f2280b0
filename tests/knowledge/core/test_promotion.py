from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from cyberweek.knowledge.core.promotion import Row, board_order, promote
from cyberweek.knowledge.core.release import PerRegion, Stage

REGIONS = ["110000", "120000", "350000", ""]


def row(number, region="350000", score=50, seconds=60, at_ms=0):
    return Row(f"p{number:03d}", region, score, seconds, at_ms, f"a{number:03d}")


def ids(places):
    return [getattr(place, "row", place).participant for place in places]


@st.composite
def boards(draw):
    size = draw(st.integers(0, 25))
    few = st.integers(0, 3)
    return [row(n, draw(st.sampled_from(REGIONS)), draw(few), draw(few), draw(few)) for n in range(size)]


rules = st.builds(
    Stage,
    after=st.just("before"),
    top=st.integers(0, 6),
    per_region=st.none() | st.builds(PerRegion, level=st.just("province"), count=st.integers(1, 3)),
    reserve=st.integers(0, 4),
)


def test_of_each_region_the_best_and_beside_them_the_best_of_all_others():
    board = [
        row(1, "110000", 90),
        row(2, "110000", 80),
        row(3, "110000", 70),
        row(4, "350000", 10),
        row(5, "350000", 5),
    ]
    promotion = promote(board, Stage("before", 1, PerRegion("province", 1), 1))
    assert [(place.row.participant, place.reason) for place in promotion.promoted] == [
        ("p001", "quota"), ("p002", "top"), ("p004", "quota"),
    ]  # fmt: skip
    assert ids(promotion.reserve) == ["p003"]


def test_a_tie_at_the_cut_goes_to_the_earlier_paper_then_to_the_attempt_and_is_shown():
    board = [row(1, at_ms=7), row(3, at_ms=5), row(2, at_ms=5)]
    promotion = promote(board, Stage("before", 2, None, 1))
    assert [(place.row.participant, place.tied) for place in promotion.promoted] == [("p002", True), ("p003", True)]
    assert ids(promotion.reserve) == ["p001"]
    assert not any(place.tied for place in promote(board, Stage("before", 3)).promoted)


def test_a_place_of_a_region_that_is_given_up_stays_with_the_region():
    board = [row(1, "110000", 90), row(2, "120000", 80), row(3, "110000", 10)]
    promotion = promote(board, Stage("before", 0, PerRegion("province", 1), 1), {"p001"})
    assert [(place.row.participant, place.reason) for place in promotion.promoted] == [
        ("p002", "quota"), ("p003", "moved-up"),
    ]  # fmt: skip


def test_no_more_move_up_than_stand_in_reserve():
    board = [row(n, score=90 - n) for n in range(6)]
    promotion = promote(board, Stage("before", 3, None, 1), {"p000", "p001"})
    assert ids(promotion.promoted) == ["p002", "p003"]
    assert promotion.reserve == []


@given(boards(), rules)
def test_quotas_are_filled_exactly_and_so_is_the_rest(board, rule):
    promotion = promote(board, rule)
    there = Counter(one.region for one in board if one.region)
    quota = Counter(place.row.region for place in promotion.promoted if place.reason == "quota")
    wanted = {region: min(count, rule.per_region.count) for region, count in there.items()} if rule.per_region else {}
    assert dict(quota) == wanted
    by_rank = [place for place in promotion.promoted if place.reason == "top"]
    assert len(by_rank) == min(rule.top, len(board) - sum(wanted.values()))
    assert len(promotion.reserve) == min(rule.reserve, len(board) - len(promotion.promoted))
    named = ids(promotion.promoted) + ids(promotion.reserve)
    assert len(named) == len(set(named))


@given(boards(), rules, st.data())
def test_a_better_result_never_loses_a_place(board, rule, data):
    promotion = promote(board, rule)
    if not promotion.promoted:
        return
    lucky = data.draw(st.sampled_from(ids(promotion.promoted)))
    better = [
        one._replace(score=one.score + data.draw(st.integers(1, 3))) if one.participant == lucky else one
        for one in board
    ]
    assert lucky in ids(promote(better, rule).promoted)


@given(boards(), rules, st.randoms())
def test_the_order_in_which_rows_come_means_nothing(board, rule, random):
    shuffled = list(board)
    random.shuffle(shuffled)
    assert promote(shuffled, rule) == promote(board, rule)


@given(boards(), rules, st.data())
def test_who_declines_is_out_and_nobody_else_loses_a_place(board, rule, data):
    before = promote(board, rule)
    declined = set(data.draw(st.lists(st.sampled_from(ids(board)), unique=True))) if board else set()
    after = promote(board, rule, declined)
    assert not declined & set(ids(after.promoted) + ids(after.reserve))
    assert set(ids(before.promoted)) - declined <= set(ids(after.promoted))
    assert len(after.promoted) <= len(before.promoted)
    assert ids(after.promoted) == [one.participant for one in sorted((p.row for p in after.promoted), key=board_order)]
