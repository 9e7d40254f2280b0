from __future__ import annotations

import io

import openpyxl
import pytest

from cyberweek.documents.formats.tables import ROWS, Formula, NoTable, read_table

ROWS_OF_TEXT = [["活动名称", "地点"], ["网安大巴", "渔阳鼓楼"]]


def as_text(delimiter: str = ",") -> str:
    return "\r\n".join(delimiter.join(row) for row in ROWS_OF_TEXT) + "\r\n"


def as_xlsx(rows) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_is_read_in_whatever_encoding_offices_save_it(encoding, delimiter):
    table = read_table(as_text(delimiter).encode(encoding))
    assert table.head == ROWS_OF_TEXT[0]
    assert table.rows == [(2, ROWS_OF_TEXT[1])]


def test_rows_keep_their_number_and_empty_ones_are_left_out():
    assert read_table(b"a,b\n\n1,2\n,\n3,4\n").rows == [(3, ["1", "2"]), (5, ["3", "4"])]


def test_an_excel_table_gives_numbers_and_dates_as_one_types_them():
    import datetime as dt

    table = read_table(as_xlsx([["a", "b", "c", "d"], [300, 1.5, dt.datetime.fromisoformat("2019-09-19T15:00"), None]]))
    assert table.rows == [(2, ["300", "1.5", "2019-09-19 15:00", ""])]


def test_formulas_are_marked():
    for content in (as_xlsx([["a"], ["=1+1"]]), b"a,b\n=1+1,2\n"):
        assert isinstance(read_table(content).rows[0][1][0], Formula)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"a,b\n", "no rows"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "neither a CSV"),
        (b"\xff\xff\xff\xff,\xff", "neither a CSV"),
        (b"PK\x03\x04 broken", "cannot be read"),
        (b'a,b\n"unclosed,1\n', "breaks off"),
        (b"a\n" + b"1\n" * (ROWS + 1), "more than 5000 rows"),
    ],
)
def test_what_is_no_table_is_refused_with_a_reason(content, told):
    with pytest.raises(NoTable, match=told):
        read_table(content)


def test_a_sheet_that_unpacks_to_very_much_is_refused():
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (51 * 1024 * 1024))
    with pytest.raises(NoTable, match="more than 50 MB"):
        read_table(out.getvalue())
