from hypothesis import given
from hypothesis import strategies as st

from cyberweek.knowledge.core.ranking import places


def test_equal_results_share_a_place_and_the_next_is_counted_on():
    assert list(places([(100, 60), (95, 50), (95, 50), (90, 10)])) == [1, 2, 2, 4]


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4))))
def test_a_place_is_one_more_than_the_number_of_those_who_are_better(results):
    board = sorted(results, key=lambda one: (-one[0], one[1]))
    better = [1 + sum((-o[0], o[1]) < (-me[0], me[1]) for o in board) for me in board]
    assert list(places(board)) == better
