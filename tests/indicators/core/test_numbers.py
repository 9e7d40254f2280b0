"""Numbers as people type them."""

from __future__ import annotations

import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cyberweek.indicators.core.grades import grade_of
from cyberweek.indicators.core.numbers import NoNumberError, counted_in, plain, read_number
from cyberweek.indicators.core.states import figure_state, report_state


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("3000", 3000), ("3,000", 3000), ("３０００", 3000), ("3 000", 3000), ("1.2万", 12000), ("3千", 3000), ("2亿", 200_000_000),
        ("0", 0), ("+5", 5), ("12k", 12000), ("1，234", 1234), ("-0", 0),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_type_them(typed, value):
    assert read_number(typed) == value


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("-3", "negative"), ("−3", "negative"), ("about 30", "shape"), ("", "shape"), ("1,2", "shape"), ("=1+1", "shape"), ("1e9", "shape"),
        ("9999999999999999", "large"), ("99999亿亿", "shape"), ("2.5", "parts"), ("NaN", "shape"), ("Infinity", "shape"),
    ],
)  # fmt: skip
def test_what_is_no_figure_is_refused_with_its_reason(typed, why):
    with pytest.raises(NoNumberError) as refused:
        read_number(typed)
    assert refused.value.why == why


@pytest.mark.parametrize(
    ("typed", "number", "unit"),
    [
        ("300人次", "300", "person-times"), ("1.2万 人", "1.2万 ", "people"), ("300 Persons", "300 ", "people"), ("2.5小时", "2.5", "hours"),
        ("300", "300", ""), ("12k", "12k", ""), ("", "", ""),
    ],
)  # fmt: skip
def test_a_unit_of_count_behind_a_number_is_read(typed, number, unit):
    assert counted_in(typed) == (number, unit)


def test_hours_have_parts():
    assert read_number("2.5", whole=False) == Decimal("2.5")


@given(st.text(max_size=20))
def test_whatever_is_typed_is_a_figure_or_is_refused(text):
    with contextlib.suppress(NoNumberError):
        assert read_number(text) >= 0


def test_a_figure_is_shown_without_noughts_behind_its_point():
    assert (plain(Decimal("3.00")), str(plain(Decimal("2.50")))) == (3, "2.5")


def test_what_cannot_be_shown_is_an_estimate():
    assert [grade_of(way, shown=True) for way in ("machine", "signed", "heads")] == ["log", "document", "estimate"]
    assert grade_of("machine", shown=False) == "estimate"


def test_a_figure_counts_once_nothing_is_asked_and_nobody_has_to_verify_it():
    assert figure_state(open_questions=True, grave=True, value=9, verify_above=5) == "questioned"
    assert figure_state(open_questions=False, grave=False, value=5, verify_above=5) == "to-verify"
    assert figure_state(open_questions=False, grave=True, value=1, verify_above=None) == "to-verify"
    assert figure_state(open_questions=False, grave=False, value=4, verify_above=5) == "counted"


def test_a_report_stands_where_its_last_figure_stands():
    assert report_state({"counted", "questioned", "verified"}) == "questioned"
    assert report_state({"counted", "verified"}) == "verified"
    assert report_state(set()) == "counted"
