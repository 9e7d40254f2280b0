from __future__ import annotations

import re

import pytest
from django.template.loader import render_to_string

from cyberweek.documents.core import parts as p
from cyberweek.documents.formats.html import page_parts
from tests.documents.samples import NASTY, every_part, nasty


def shown(document: p.Document) -> str:
    return render_to_string("documents/_document.html", {"document": page_parts(document)})


def test_every_part_is_on_the_page():
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", shown(every_part())))
    for told in (
        "Where we stand", "24", "provinces", "Why red?", "Second decision", "Readiness by province", "Province 31", "37,665",
        "As of 14:00.", "No decisions yet.", "fewer than 10", "1 day late", "A photograph", "Chair", "Lin Yue", "90%", "done",
    ):  # fmt: skip
        assert told in text, told


def test_headings_stand_under_the_pages_own():
    html = shown(every_part())
    assert '<h2 class="report__h" data-level="1" id="stand">' in html
    assert "<h1" not in html
    assert '<a href="#provinces">' in html


def test_addresses_of_our_own_stay_short_where_no_base_is_given():
    document = p.Document(
        "x",
        "en",
        (
            p.Paragraph((p.Run("rows", href="/desk/2019/figures/"),)),
            p.Paragraph((p.Run("evil", href="//evil.example"),)),
        ),
    )
    assert '<a href="/desk/2019/figures/">rows</a>' in shown(document)
    assert "evil.example" not in shown(document)


def test_the_page_carries_no_style_but_figures():
    styles = re.findall(r'style="([^"]*)"', shown(every_part()))
    assert styles
    assert all(re.fullmatch(r"(?:--\w+: [\d.]+;? ?)+", style) for style in styles)


def test_cells_say_their_column_on_a_phone():
    assert 'data-label="Tasks"' in shown(every_part())


@pytest.mark.parametrize("text", NASTY, ids=lambda text: ascii(text[:20]))
def test_what_people_type_is_text_whatever_it_looks_like(text):
    html = shown(nasty(text))
    assert "<script" not in html
    assert "javascript:" not in html
    html.encode("utf-8")
