from __future__ import annotations

import dataclasses
import datetime as dt
import io
import time

import pypdf
import pytest

from cyberweek.documents.core import parts as p
from cyberweek.documents.formats import fonts
from cyberweek.documents.formats.pdf import pdf_file, picture_of, ring_picture
from tests.documents.samples import NASTY, PROVINCES, WRITTEN, every_part, nasty


def read(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content))


def text_of(content: bytes) -> str:
    text = "\n".join(page.extract_text() for page in read(content).pages)
    return text.replace("\u200b", "").replace("\xa0", " ")


def links_of(content: bytes) -> list[str]:
    annotations = [note.get_object() for page in read(content).pages for note in page.get("/Annots", [])]
    return [note["/A"]["/URI"] for note in annotations if "/A" in note and "/URI" in note["/A"]]


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_every_part_is_on_the_paper(language):
    text = text_of(pdf_file(every_part(language), written=WRITTEN))
    for told in (
        "Where we stand", "24", "provinces", "Why red?", "Second decision", "Readiness by province", "Province 31", "37,665",
        "As of 14:00.", "No decisions yet.", "fewer than 10", "1 day late", "A photograph", "Chair", "Lin Yue", "90%",
    ):  # fmt: skip
        assert told in text, told


def test_pages_are_counted_in_the_documents_language_not_the_readers():
    assert "Page 1 of " in text_of(pdf_file(every_part("en"), written=WRITTEN))
    chinese = text_of(pdf_file(every_part("zh-Hans"), written=WRITTEN))
    assert "第 1 页，共 " in chinese.replace("第1页", "第 1 页")
    assert "目录" in chinese


def test_the_head_of_a_table_stands_again_on_its_next_page():
    rows = tuple((name, n) for n, name in enumerate(PROVINCES * 4))
    table = p.Table((p.Column("Where it is"), p.Column("How many", p.Kind.NUMBER)), rows)
    content = pdf_file(p.Document("Long", "en", (table,)), written=WRITTEN)
    pages = [page.extract_text() for page in read(content).pages]
    assert len(pages) > 2
    assert all("How many" in page for page in pages)


def test_it_is_tagged_and_says_its_title_and_language():
    found = read(pdf_file(every_part("zh-Hans"), written=WRITTEN))
    root = found.trailer["/Root"]
    assert bool(root["/MarkInfo"]["/Marked"])
    assert str(root["/Lang"]).lower().startswith("zh")
    assert found.metadata.title == "筹备工作调度会材料"
    assert b"pdfuaid" in found.trailer["/Root"]["/Metadata"].get_object().get_data()


def test_the_same_document_and_moment_give_the_same_bytes():
    first = pdf_file(every_part(), written=WRITTEN)
    time.sleep(1.1)
    assert pdf_file(every_part(), written=WRITTEN) == first
    assert pdf_file(every_part(), written=WRITTEN + dt.timedelta(days=1)) != first


def test_figures_lead_to_their_rows_and_only_where_a_reader_may_go():
    links = links_of(pdf_file(every_part(), written=WRITTEN))
    assert {"https://week.example/f/a1", "https://week.example/f/3", "https://week.example/method"} <= set(links)
    dangerous = ("javascript:alert(1)", "file:///etc/passwd", "//evil.example/x", "/desk/1", "data:text/html,x")
    parts = tuple(p.Paragraph((p.Run("here", href=href),)) for href in dangerous)
    assert links_of(pdf_file(p.Document("x", "en", parts), written=WRITTEN)) == []


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("text", NASTY, ids=lambda text: ascii(text[:20]))
def test_what_people_type_is_text_whatever_it_looks_like(text, language):
    content = pdf_file(nasty(text, language), written=WRITTEN)
    assert b"javascript:" not in content
    assert "root:" not in text_of(content)


def test_typst_code_stands_there_as_it_was_typed():
    typed = '#read("/etc/passwd") $x$ *bold*'
    assert typed in text_of(pdf_file(p.Document("x", "en", (p.Paragraph(typed),)), written=WRITTEN))


def test_a_row_longer_than_a_page_runs_on():
    content = pdf_file(nasty("字" * 3_000), written=WRITTEN)
    assert text_of(content).count("字") >= 9_000


def test_a_heading_that_skips_a_level_does_not_stop_the_paper():
    parts = (
        p.Heading("Deep", 4),
        p.Heading("Up", 1),
        p.Heading("Down two", 3),
        p.Heading("Twice", 2, "a"),
        p.Heading("Twice", 2, "a"),
    )
    assert "Down two" in text_of(pdf_file(p.Document("x", "en", parts), written=WRITTEN))


def test_empty_parts_are_borne():
    parts = (
        p.Table((p.Column("a"),), ()),
        p.Figures(()),
        p.Bars(()),
        p.Facts(()),
        p.Bullets(()),
        p.Numbered(()),
        p.Signatures(()),
        p.Contents(),
    )
    assert pdf_file(p.Document("x", "en", parts), written=WRITTEN).startswith(b"%PDF")


def test_a_cover_is_a_page_of_its_own():
    document = every_part()
    assert len(read(pdf_file(dataclasses.replace(document, cover=True), written=WRITTEN)).pages) == 1 + len(
        read(pdf_file(document, written=WRITTEN)).pages
    )


def test_an_edition_of_five_days_has_a_ring_of_five():
    assert ring_picture(("#111111",) * 5) != ring_picture(("#111111",) * 7)


def test_a_curve_is_a_picture_for_those_who_cannot_draw_it():
    document = every_part()
    curve = next(part for part in document.parts if isinstance(part, p.Curve))
    assert picture_of(curve, document).startswith(b"\x89PNG")


def test_signs_that_no_font_has_are_marked_and_named(monkeypatch):
    monkeypatch.setattr(fonts, "_machine", tuple)
    text = text_of(pdf_file(p.Document("x", "en", (p.Paragraph("a\U00010900b 𬱖"),)), written=WRITTEN))
    assert "a〓b 〓" in text
    assert "U+10900" in text
    assert "U+2CC56" in text


def test_nothing_is_said_of_fonts_where_nothing_lacks(monkeypatch):
    monkeypatch.setattr(fonts, "_machine", tuple)
    assert "〓" not in text_of(pdf_file(every_part("zh-Hans"), written=WRITTEN))
