from __future__ import annotations

import pytest

from cyberweek.documents.formats.csv import csv_file
from cyberweek.documents.formats.tables import read_table

RUNNING = ["=1+1", "+86 22", "-1", "@x", "\tx", "=cmd|'/c calc'!A1"]


@pytest.mark.parametrize("text", [*RUNNING, "plain"])
def test_what_a_spreadsheet_would_calculate_leaves_as_text_and_comes_back_as_it_was(text):
    content = csv_file([["a"], [text]])
    assert not content.decode("utf-8-sig").split("\r\n")[1].lstrip('"').startswith(("=", "+", "-", "@", "\t"))
    assert read_table(content).rows[0][1] == [text]


def test_numbers_stay_numbers():
    assert csv_file([[-3, 1.5]]) == "\ufeff-3,1.5\r\n".encode()


def test_half_a_surrogate_pair_does_not_stop_an_export():
    assert csv_file([["a\ud800"]]) == "\ufeffa?\r\n".encode()
