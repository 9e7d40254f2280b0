from __future__ import annotations

import datetime as dt
import io
import time
import zipfile
from decimal import Decimal
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cyberweek.documents.formats.tables import read_table
from cyberweek.documents.formats.xlsx import Col, Sheet, workbook, workbook_pieces

CHINA = ZoneInfo("Asia/Shanghai")
OPENING = dt.datetime(2019, 9, 16, 1, 0, tzinfo=dt.UTC)


def opened(content: bytes):
    return openpyxl.load_workbook(io.BytesIO(content))


def one(rows, *columns: str):
    return opened(workbook([Sheet("List", tuple(map(Col, columns)), rows, zone=CHINA)])).active


def test_heads_stay_in_sight_and_filter():
    sheet = one([["a", 1], ["b", 2]], "Name", "People")
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B3"
    assert [cell.value for cell in sheet[1]] == ["Name", "People"]


def test_numbers_are_numbers_and_nothing_is_an_empty_cell():
    sheet = one([[-3, 1.5, Decimal("2.25"), None, ""]], *"abcde")
    assert [cell.value for cell in sheet[2]][:3] == [-3, 1.5, 2.25]
    assert all(cell.value is None for cell in sheet[2][3:])


def test_a_moment_stands_on_the_clocks_that_the_head_names():
    sheet = one([["Opening", OPENING, OPENING.date()]], "What", "When", "Day")
    assert sheet["B1"].value == "When (Asia/Shanghai)"
    assert sheet["B2"].value == dt.datetime.fromisoformat("2019-09-16T09:00")
    assert sheet["C1"].value == "Day"
    assert sheet["C2"].value.date() == dt.date(2019, 9, 16)


@pytest.mark.parametrize("text", ["=1+1", "+86 22", "-1", "@SUM(1)", "=cmd|'/c calc'!A1", "\t=1", "\n=1"])
def test_no_text_runs_as_a_formula_not_even_when_it_is_edited(text):
    content = workbook([Sheet("x", (Col(text),), [[text]])])
    cell = opened(content).active["A2"]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert b"<f>" not in packed.read("xl/worksheets/sheet1.xml")
    if not text.isspace() and text == text.strip():
        assert read_table(content).rows[0][1] == [text]


@given(st.lists(st.text(max_size=60), min_size=1, max_size=4))
@settings(max_examples=40, deadline=None)
def test_any_text_makes_a_file_that_opens(texts):
    sheet = opened(workbook([Sheet(texts[0], tuple(map(Col, texts)), [texts])])).active
    assert sheet.max_column <= len(texts)


def test_what_no_cell_can_hold_is_left_out():
    assert one([["a\x00b\ud800\ufffe"]], "x")["A2"].value == "ab�"
    assert len(one([["x" * 40_000]], "x")["A2"].value) == 32_767


def test_sheets_have_names_of_their_own():
    sheets = [Sheet("Tasks: 1/2", (Col("a"),), []), Sheet("tasks  1 2", (Col("a"),), []), Sheet("", (Col("a"),), [])]
    assert len(set(opened(workbook(sheets)).sheetnames)) == 3


def test_the_same_rows_and_moment_give_the_same_bytes():
    def made() -> bytes:
        return workbook([Sheet("x", (Col("a"), Col("b", format="0.0%")), [["甲", 0.5]])], written=OPENING)

    first = made()
    time.sleep(1.1)  # the clock that a careless writer would put into the file
    assert made() == first
    assert opened(made()).active["B2"].number_format == "0.0%"


def test_a_row_of_another_width_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="longer"):
        workbook([Sheet("x", (Col("a"), Col("b")), [["only one"]])])


def test_a_long_list_goes_out_in_small_pieces():
    rows = ([number, f"{number * 7919} 甲"] for number in range(20_000))
    pieces = list(workbook_pieces([Sheet("x", (Col("a"), Col("b")), rows)]))
    assert max(map(len, pieces)) < 100_000
    sheet = opened(b"".join(pieces)).active
    assert [cell.value for cell in sheet[20_001]] == [19_999, f"{19_999 * 7919} 甲"]


def test_what_no_spreadsheet_can_count_with_is_text():
    sheet = one([[float("nan"), Decimal("Infinity"), dt.date(1899, 5, 1), True]], *"abcd")
    assert [cell.value for cell in sheet[2]] == ["nan", "Infinity", "1899-05-01", "True"]
