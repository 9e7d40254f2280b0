from __future__ import annotations

import dataclasses
import io
import time
import zipfile

import docx
import pytest
from docx.oxml.ns import qn

from cyberweek.documents.core import parts as p
from cyberweek.documents.formats.docx import docx_file
from tests.documents.samples import NASTY, WRITTEN, every_part, nasty


def opened(document: p.Document):
    return docx.Document(io.BytesIO(docx_file(document, written=WRITTEN)))


def lines_of(file) -> list[str]:
    return ["".join(part.text or "" for part in line.iter(qn("w:t"))) for line in file.element.body.iter(qn("w:p"))]


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_every_part_is_in_the_file(language):
    text = "\n".join(lines_of(opened(every_part(language))))
    for told in (
        "Where we stand", "24 provinces", "▲ Why red?", "Second decision", "Readiness by province", "Province 31", "37,665",
        "As of 14:00.", "No decisions yet.", "fewer than 10", "▲ 1 day late", "A photograph", "Chair", "Lin Yue", "90%", "● done",
    ):  # fmt: skip
        assert told in text, told


def test_headings_and_lists_are_those_that_the_reader_knows():
    styles = [line.style.name for line in opened(every_part()).paragraphs]
    assert {"Title", "Subtitle", "Heading 1", "List Number", "List Bullet", "Caption", "Note"} <= set(styles)


def test_each_numbered_list_begins_anew():
    file = opened(p.Document("x", "en", (p.Numbered(("a",)), p.Numbered(("b",), start=4))))
    numbers = [line._p.pPr.numPr.numId.val for line in file.paragraphs if line.style.name == "List Number"]
    assert len(set(numbers)) == 2


def test_the_head_of_a_table_repeats_and_its_rows_stay_whole():
    table = next(table for table in opened(every_part()).tables if len(table.rows) > 30)
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert table.rows[1]._tr.trPr.find(qn("w:cantSplit")) is not None


def test_letters_and_language_are_set_for_chinese():
    defaults = opened(every_part("zh-Hans")).styles.element.find(qn("w:docDefaults"))
    fonts, language = next(defaults.iter(qn("w:rFonts"))), next(defaults.iter(qn("w:lang")))
    assert fonts.get(qn("w:eastAsia")) == "Microsoft YaHei"
    assert language.get(qn("w:eastAsia")) == "zh-CN"


def test_pages_are_numbered_by_the_program_in_the_documents_language():
    with zipfile.ZipFile(io.BytesIO(docx_file(every_part("zh-Hans"), written=WRITTEN))) as packed:
        feet = "".join(packed.read(name).decode() for name in packed.namelist() if "footer" in name)
    assert " PAGE " in feet
    assert " NUMPAGES " in feet
    assert "第 " in feet


def test_figures_lead_to_their_rows_and_the_contents_to_the_headings():
    file = opened(every_part())
    targets = {relation.target_ref for relation in file.part.rels.values() if relation.is_external}
    assert {"https://week.example/f/a1", "https://week.example/f/3", "https://week.example/method"} <= targets
    anchors = {link.get(qn("w:anchor")) for link in file.element.body.iter(qn("w:hyperlink"))} - {None}
    marks = {mark.get(qn("w:name")) for mark in file.element.body.iter(qn("w:bookmarkStart"))}
    assert anchors
    assert anchors <= marks


def test_pictures_have_words():
    told = [shape.get("descr") for shape in opened(every_part()).element.body.iter(qn("wp:docPr"))]
    assert {"A blue field", "Two lines"} <= set(told)


def test_the_same_document_and_moment_give_the_same_bytes():
    first = docx_file(every_part(), written=WRITTEN)
    time.sleep(2.1)  # a ZIP counts in steps of two seconds
    assert docx_file(every_part(), written=WRITTEN) == first


def test_a_cover_and_an_empty_part_are_borne():
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
    assert opened(p.Document("x", "en", parts)).paragraphs
    assert opened(dataclasses.replace(every_part(), cover=True)).paragraphs


@pytest.mark.parametrize("text", NASTY, ids=lambda text: ascii(text[:20]))
def test_what_people_type_is_text_whatever_it_looks_like(text):
    content = docx_file(nasty(text), written=WRITTEN)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert b"javascript:" not in packed.read("word/_rels/document.xml.rels")
    lines = lines_of(docx.Document(io.BytesIO(content)))
    if text.isascii() and text.isprintable() and text.strip():
        assert text in lines
