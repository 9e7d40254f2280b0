from __future__ import annotations

import pytest

from cyberweek.kernel.core.cells import neutral


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＠SUM(A1)"])
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text):
    assert neutral(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Hello", "1 = 1", "'=1", "网络安全"])
def test_everything_else_stays(text):
    assert neutral(text) == text
