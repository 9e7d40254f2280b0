"""Of a long board only so much is kept as the promotion can want."""

from hypothesis import given
from hypothesis import strategies as st

from cyberweek.knowledge.core.promotion import Row, board_order, contenders, promote
from cyberweek.knowledge.core.release import PerRegion, Stage

rows = st.lists(
    st.tuples(st.sampled_from(["", "11", "35", "44"]), st.integers(0, 4), st.integers(0, 2)), max_size=40
).map(
    lambda found: [
        Row(f"p{n}", region, score, seconds, n, f"{n:03}") for n, (region, score, seconds) in enumerate(found)
    ]
)
rules = st.builds(
    Stage, st.just("first"), st.integers(0, 4), st.none() | st.builds(PerRegion, st.just("province"), st.integers(1, 3)),
    st.integers(0, 3),
)  # fmt: skip


@given(rows, rules, st.sets(st.integers(0, 39), max_size=5))
def test_whoever_declines_the_contenders_alone_give_the_same_promotion(board, rule, places):
    declined = {f"p{n}" for n in places}
    kept = list(contenders(sorted(board, key=board_order), rule, len(declined)))
    assert [place.row for place in promote(kept, rule, declined).promoted] == [
        place.row for place in promote(board, rule, declined).promoted
    ]
    assert promote(kept, rule, declined).reserve == promote(board, rule, declined).reserve
