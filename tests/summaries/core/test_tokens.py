from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cyberweek.summaries.core.links import LENGTH, new_code, read_code
from cyberweek.summaries.core.tokens import Token, blocks_of, pieces_of, tokens_of, typed_numbers


@given(st.text())
def test_pieces_joined_are_the_text(text):
    assert "".join(map(str, pieces_of(text))) == text


@given(st.text(alphabet="{}figure:chart -\nab", max_size=200))
def test_no_text_is_lost_in_blocks(text):
    said = "".join(str(piece) for block in blocks_of(text) for piece in block.pieces)
    for sign in "abfgct{}":
        assert said.count(sign) == text.count(sign)


def test_what_is_no_token_stays_text():
    for text in ("{figure:}", "{figure:A B}", "{{figure}}", "#[typst]", "{script:x}", "<b>{figure</b>"):
        assert pieces_of(text) == (text,)


def test_a_chart_cuts_a_paragraph():
    kinds = [block.kind for block in blocks_of("Before {chart:attendance} after\n\n- one\n- two {figure:papers}")]
    assert kinds == ["paragraph", "alone", "paragraph", "item", "item"]


def test_tokens_are_named_once():
    assert tokens_of("{figure:a} {figure:a} {rate:a}") == [Token("figure", "a"), Token("rate", "a")]


def test_typed_numbers_are_found_and_years_let_pass():
    assert typed_numbers("共3万人次，1,200 场；2019年；{figure:attendance} 45人") == ["3万", "1,200", "45"]


def test_a_code_is_read_as_people_type_it():
    code = new_code()
    assert len(code) == LENGTH
    assert read_code(code.lower()) == code
    assert read_code("o1il-0000") == "01110000"
    assert read_code("ABCU1234") is None
    assert read_code("ABC") is None
