from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cyberweek.attachments.core.names import LONGEST, cleaned, ending_of, renamed


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\li\\现场 照片.jpg", "现场 照片.jpg"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("two\r\nlines.pdf", "two lines.pdf"),
        (" .hidden. ", "hidden"),
        ("..", ""),
        ("a" * 300 + ".pdf", "a" * 116 + ".pdf"),
    ],
)
def test_a_name_is_what_a_person_called_it_and_no_more(name, clean):
    assert cleaned(name) == clean


@given(st.text(max_size=400))
def test_no_name_climbs_turns_or_breaks_a_header(name):
    clean = cleaned(name)
    assert len(clean) <= LONGEST
    assert not set(clean) & set("/\\\r\n\0")
    assert clean not in {".", ".."}
    assert not any(unicodedata.category(sign) in {"Cc", "Cf"} for sign in clean)
    assert cleaned(clean) == clean


@given(st.text(max_size=400), st.sampled_from([("pdf",), ("jpg", "jpeg")]))
def test_a_kept_name_always_has_a_true_ending(name, endings):
    kept = renamed(name, endings, known=frozenset({"jpg", "pdf", "exe"}), otherwise="file")
    assert ending_of(kept) in endings
    assert len(kept) <= LONGEST
    assert len(kept) > len(ending_of(kept)) + 1
