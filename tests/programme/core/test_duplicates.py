from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cyberweek.programme.core.duplicates import (
    CLOSE_BY,
    NEAR,
    Sketch,
    alike,
    grams_of,
    normalised,
    score,
    title_similarity,
)

NINE = dt.datetime(2019, 9, 20, 9, tzinfo=dt.UTC)
titles = st.dictionaries(st.sampled_from(["en", "zh-Hans"]), st.text(max_size=30))


@st.composite
def sketches(draw):
    starts = NINE + dt.timedelta(hours=draw(st.integers(0, 72)))
    return Sketch(
        grams_of(draw(titles)), draw(st.integers(1, 3)), draw(st.sampled_from("AB")),
        starts, starts + dt.timedelta(hours=draw(st.integers(1, 48))),
    )  # fmt: skip


def sketch(zh="", en="", unit=1, region="A", starts=NINE, hours=2):
    return Sketch(grams_of({"zh-Hans": zh, "en": en}), unit, region, starts, starts + dt.timedelta(hours=hours))


@given(sketches(), sketches())
def test_the_score_is_symmetric_and_between_0_and_1(one, other):
    assert 0 <= score(one, other) <= 1
    assert score(one, other) == score(other, one)


@given(sketches(), sketches())
def test_near_means_one_unit_or_region_and_at_most_half_a_day_apart(one, other):
    if score(one, other) >= NEAR:
        assert one.unit == other.unit or one.region == other.region
        assert one.starts <= other.ends + CLOSE_BY
        assert other.starts <= one.ends + CLOSE_BY


@given(titles)
def test_a_title_is_wholly_like_itself_if_it_has_a_letter(texts):
    grams = grams_of(texts)
    assert title_similarity(grams, grams) == (1.0 if any(map(normalised, texts.values())) else 0.0)


@given(sketches())
def test_the_same_thing_twice_is_near(one):
    if one.grams:
        assert score(one, one) == pytest.approx(1)


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        # one unit, one day, not at the same hour: the sample edition's A052 and A053
        (sketch("社区网格员网络安全培训"), sketch("社区网格员网络安全培训班", starts=NINE + dt.timedelta(hours=5)), True),
        (sketch("网安大巴"), sketch(en="网安大巴"), False),  # no common language
        (sketch(en="Cyber bus goes to Jizhou!"), sketch(en="cyber bus  goes to JIZHOU", unit=2), True),
        (sketch("网络安全进校园"), sketch("网络安全进校园", unit=2, region="B"), False),  # two places
        (sketch("网络安全进校园"), sketch("网络安全进校园", starts=NINE + dt.timedelta(days=1)), False),  # a series
        (sketch("网络安全进校园"), sketch("银行卡与密码：老年人课堂"), False),  # two things
    ],
)  # fmt: skip
def test_what_a_reviewer_would_call_a_duplicate(one, other, near):
    assert (score(one, other) >= NEAR) is near


def test_width_case_and_punctuation_do_not_make_a_title_another():
    assert normalised("ＡＩ 换脸：怎么识别？") == normalised("ai换脸,怎么识别") == "ai换脸怎么识别"


# Few signs, so that many titles are alike.
alikes = st.lists(
    st.builds(
        lambda text, unit, hour: sketch(text, unit=unit, starts=NINE + dt.timedelta(hours=hour)),
        st.text("网安进校园讲座", min_size=1, max_size=9), st.integers(1, 2), st.integers(0, 30),
    ),
    max_size=12,
)  # fmt: skip


@given(alikes)
def test_looking_only_where_something_can_be_finds_all_that_comparing_every_pair_finds(found):
    sketches = dict(enumerate(found))
    every = {
        key: sorted((k for k in sketches if k != key and score(sketches[key], sketches[k]) >= NEAR),
                    key=lambda k: (-score(sketches[key], sketches[k]), k))
        for key in sketches
    }  # fmt: skip
    assert alike(sketches, sketches) == {key: near for key, near in every.items() if near}


def test_a_crowd_of_equals_is_not_compared_each_with_each():
    sketches = {n: sketch("网络安全进校园") for n in range(2000)}
    assert all(len(near) >= 49 for near in alike(sketches, sketches).values())
