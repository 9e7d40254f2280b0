from __future__ import annotations

import io
from pathlib import Path

import pytest
from fontTools.ttLib import TTCollection, TTFont

import cyberweek
from cyberweek.documents.core.glyphs import covered
from cyberweek.documents.formats import fonts

SOURCE = Path(cyberweek.__file__).parent
REGULAR, BOLD = fonts.FOLDER / "CyberweekHans-Regular.otf", fonts.FOLDER / "CyberweekHans-Bold.otf"


@pytest.mark.parametrize("path", [REGULAR, BOLD], ids=lambda path: path.stem)
def test_what_a_font_draws_is_read_as_the_font_says_it(path):
    assert covered(path.read_bytes()) == set(TTFont(io.BytesIO(path.read_bytes())).getBestCmap())


def test_a_collection_is_read_by_its_number(tmp_path):
    small = io.BytesIO(BOLD.read_bytes())  # a file of its own would stay open
    both = TTCollection()
    both.fonts = [TTFont(small), TTFont(small)]
    both.save(tmp_path / "both.ttc")
    assert covered((tmp_path / "both.ttc").read_bytes(), 1) == covered(BOLD.read_bytes())


@pytest.mark.parametrize("content", [b"", b"ttcf", b"OTTO\x00\x01", b"\x00" * 500, b"OTTO\xff\xff" + b"cmap" * 40])
def test_what_is_no_font_draws_nothing(content):
    assert covered(content) == frozenset()


@pytest.mark.parametrize(
    "path",
    sorted(
        {*SOURCE.glob("*/locale/zh_Hans/LC_MESSAGES/*.po"), *SOURCE.glob("*/data/*.csv"), *SOURCE.glob("*/data/*.json")}
    ),
    ids=lambda path: str(path.relative_to(SOURCE)),
)
def test_every_character_of_ours_is_in_the_font(path):
    signs = {sign for sign in path.read_text(encoding="utf-8") if sign.isprintable()}
    assert not signs - fonts.ours()


def test_every_common_character_of_china_is_in_both_weights():
    pairs = (bytes([high, low]) for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF))
    common = {pair.decode("gb2312", errors="ignore") for pair in pairs} - {""}
    assert len(common) == 6763
    assert common <= {chr(code) for code in covered(BOLD.read_bytes())} & fonts.ours()


def test_the_tree_stays_small():
    assert sum(path.stat().st_size for path in fonts.FOLDER.iterdir()) < 10 * 1024 * 1024


def test_a_font_of_the_machine_is_asked_only_for_what_ours_lack():
    assert fonts.letters_for({"a", "中", "\u200d"}).families == (fonts.FAMILY,)
