from itertools import product

import pytest

from cyberweek.readiness.core.digests import digest_of
from cyberweek.readiness.core.levels import level_of
from cyberweek.readiness.core.one_page import LINES, cut, fits, lines_of

ORDER = ["low", "medium", "high", "extreme"]


def test_more_of_either_is_never_less_grave():
    for likely, impact in product(range(1, 5), range(1, 6)):
        assert ORDER.index(level_of(likely, impact)) <= ORDER.index(level_of(likely + 1, impact))
        assert ORDER.index(level_of(impact, likely)) <= ORDER.index(level_of(impact, likely + 1))


def test_a_disaster_is_never_low():
    assert level_of(1, 5) == "medium"


@pytest.mark.parametrize("pair", [(0, 3), (3, 6), (-1, 1)])
def test_off_the_scale_is_refused(pair):
    with pytest.raises(ValueError, match="1 to 5"):
        level_of(*pair)


def test_what_is_cut_fits_and_says_how_much_is_left_out():
    text = cut([f"task {n}" for n in range(20)], "and %(n)d more")
    assert fits(text)
    assert lines_of(text) == LINES
    assert text.endswith("and 14 more")


def test_few_lines_are_kept_whole():
    assert cut(["a", "b"], "and %(n)d more") == "a\nb"


def test_the_hash_does_not_depend_on_the_order_of_keys():
    assert digest_of({"a": 1, "b": [1, 2]}) == digest_of({"b": [1, 2], "a": 1})
    assert digest_of({"a": 1}) != digest_of({"a": 2})
