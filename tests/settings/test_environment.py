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


def test_without_an_address_mail_is_kept_as_files(monkeypatch, tmp_path):
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.delenv("EMAIL_URL", raising=False)
    found = environment.mail()
    assert found["EMAIL_BACKEND"].endswith("filebased.EmailBackend")
    assert found["EMAIL_FILE_PATH"] == str(tmp_path / "mail")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://me:w%40rd@mail:587?tls=starttls", ("mail", 587, "me", "w@rd", True, False)),
        ("smtp://mail?tls=starttls", ("mail", 587, "", "", True, False)),
        ("smtp://mail", ("mail", 25, "", "", False, False)),
        ("smtps://me:word@mail", ("mail", 465, "me", "word", False, True)),
    ],
)
def test_a_mail_server_is_one_address(monkeypatch, url, expected):
    monkeypatch.setenv("EMAIL_URL", url)
    found = environment.mail()
    names = ("HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_TLS", "USE_SSL")
    assert tuple(found[f"EMAIL_{name}"] for name in names) == expected


@pytest.mark.parametrize(
    "url", ["mail.example", "http://mail", "smtp://", "smtp://mail:port", "smtp://mail?tls=yes", "smtp://mail?ssl=1"]
)
def test_a_mail_address_of_another_shape_is_refused(monkeypatch, url):
    monkeypatch.setenv("EMAIL_URL", url)
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL must look like"):
        environment.mail()
