from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cyberweek.honours.core.blindness import COVER, covered, giveaways, needles

NAMES = needles(["石家庄市委网信办", "石家庄市", "Shijiazhuang", "Chang'an District", "长安区", "周敏", "cac-changan"])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("我们石家庄的做法", ["石家庄"]),
        ("石家庄市委网信办组织", ["石家庄市委网信办"]),
        ("In SHIJIAZHUANG we did", ["Shijiazhuang"]),
        ("in Chang'an\nDistrict", ["Chang'an District"]),
        ("周敏老师", ["周敏"]),
        ("长安区的学校", ["长安区"]),
        ("Shijiazhuangers are others", []),
        ("每周一封", []),
    ],
)
def test_what_gives_a_unit_away_is_found(text, found):
    assert giveaways(text, NAMES) == found


def test_what_is_found_is_covered_and_the_rest_stays():
    assert covered("石家庄市组织了演练", NAMES) == f"{COVER}组织了演练"


def test_names_that_stand_in_every_text_are_no_signs():
    assert needles(["A", "the", "中国", "区", ""]) == []


@given(st.text(alphabet="石家庄市委网信办Shijazung 敏周,。", max_size=60))
def test_nothing_is_left_to_be_found_in_what_was_covered(text):
    assert giveaways(covered(text, NAMES), NAMES) == []
