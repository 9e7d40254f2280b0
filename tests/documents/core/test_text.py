from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cyberweek.documents.core.parts import Number, Run
from cyberweek.documents.core.text import address, breakable, figure, percentage, printable, runs, shown


@given(st.text(st.characters()))
def test_what_is_printable_can_be_written_and_stays_so(text):
    clean = printable(text)
    clean.encode("utf-8")
    assert printable(clean) == clean
    assert not {sign for sign in clean if ord(sign) < 32} - {"\n", "\t"}


def test_half_a_pair_leaves_a_mark_and_turning_marks_go():
    assert printable("a\ud800b\u202ec\u2028d\r\ne\U0001ffff") == "a�bc\nd\ne"


@given(st.text())
def test_places_to_break_add_nothing_else(text):
    assert breakable(text).replace("\u200b", "") == text.replace("\u200b", "")


def test_a_long_word_may_break_and_a_short_one_may_not():
    assert "\u200b" in breakable("https://week.example/f/k7q2m")
    assert breakable("internationalise") == "internationalise"


@pytest.mark.parametrize(
    ("href", "base", "allowed"),
    [
        ("https://a.example/x", "", "https://a.example/x"),
        ("mailto:a@b.example", "", "mailto:a@b.example"),
        ("#part-2", "", "#part-2"),
        ("/desk/x", "https://week.example/", "https://week.example/desk/x"),
        ("/desk/x", "", ""),
        ("/desk/x", "/", "/desk/x"),
        ("//evil.example", "/", ""),
        ("/\\evil.example", "/", ""),
        ("javascript:alert(1)", "/", ""),
        ("JaVaScRiPt:alert(1)", "", ""),
        ("file:///etc/passwd", "", ""),
        ("https://a.example/\x00", "", ""),
        ("https://a.example/ b", "", ""),
    ],
)
def test_only_addresses_that_a_reader_may_follow_stay(href, base, allowed):
    assert address(href, base) == allowed


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (2_030_214, 0, "2,030,214"),
        (-3, 0, "−3"),
        (-0.2, 0, "0"),
        (0.05, 1, "0.1"),
        (Decimal("1234.5"), 1, "1,234.5"),
        (None, 0, "—"),
        (float("nan"), 0, "—"),
        (float("inf"), 2, "—"),
    ],
)
def test_figures_are_written_as_people_read_them(value, digits, text):
    assert figure(value, digits) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0%"), (1, "100%"), (0.001, "1%"), (0.999, "99%"), (0.846, "85%"), (None, "—"), (1.2, "120%")],
)
def test_all_and_none_are_said_only_of_all_and_none(share, text):
    assert percentage(share) == text


def test_a_cell_shows_what_it_holds():
    assert shown(None) == (Run("—"),)
    assert shown(1.5) == (Run("1.5"),)
    assert shown(Decimal("2.50")) == (Run("2.50"),)
    assert shown(Number(3, suffix="%", href="/f/a"), "https://w.example") == (Run("3%", href="https://w.example/f/a"),)
    assert shown(Number(None, suffix="%")) == (Run("—"),)
    assert runs((Run(""), Run("a"))) == (Run("a"),)
