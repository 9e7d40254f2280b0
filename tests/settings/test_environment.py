"""Settings come from one table, are documented, and fail loudly."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from cyberweek.settings import environment

ROOT = Path(__file__).resolve().parents[2]


def test_the_manual_lists_exactly_the_variables_that_are_read():
    manual = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| ([A-Z_]+) \| (.*?) ?\|", manual, re.MULTILINE))
    assert listed == {name: default for name, (default, _meaning) in environment.VARIABLES.items()}


def test_a_flag_is_one_or_zero(monkeypatch):
    monkeypatch.setenv("SECURE", "yes")
    with pytest.raises(ImproperlyConfigured, match="SECURE must be 0 or 1"):
        environment.flag("SECURE")


def test_a_database_of_ones_own_wants_a_secret_key_of_ones_own(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgresql://db/cyberweek")
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.delenv("SECRET_KEY")
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is not set"):
        environment.secret_key()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://me:word@db:6432/week?sslmode=require", ("week", "me", "word", "db", "6432", "require")),
        ("postgresql://postgres@/week?host=/run/pg", ("week", "postgres", None, "/run/pg", None, None)),
    ],
)
def test_any_form_of_url_that_libpq_reads_will_do(monkeypatch, url, expected):
    monkeypatch.setenv("DATABASE_URL", url)
    found = environment.database()
    names = ("NAME", "USER", "PASSWORD", "HOST", "PORT")
    assert (*(found.get(name) for name in names), found["OPTIONS"].get("sslmode")) == expected
