"""Every environment variable that Cyberweek reads, in one table: name, default, meaning.

`docs/running.md` lists the same names, and a test holds the two together.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

VARIABLES: Final[dict[str, tuple[str, str]]] = {
    "DATABASE_URL": ("", "PostgreSQL 15+ to use, one host or several; empty: the embedded server under DATA_DIR"),
    "SECRET_KEY": ("", "signs sessions, passports and tickets; empty: made once and kept under DATA_DIR"),
    "DATA_DIR": ("./var", "embedded database, collected static files, generated keys"),
    "HOST": ("127.0.0.1", "address to listen on"),
    "PORT": ("8000", "port to listen on"),
    "WORKERS": ("1", "web processes, each with the pages and the arena"),
    "PUBLIC_URL": ("", "address that people type, for links in feeds and codes; empty: the one of the request"),
    "ALLOWED_HOSTS": ("127.0.0.1,localhost,[::1]", "host names that the web accepts, with commas"),
    "DEBUG": ("0", "1: Django's debug pages, for developers only"),
    "SECURE": ("0", "1: behind HTTPS: secure cookies, HSTS, redirects"),
    "DEMO": ("0", "1: sample accounts are told their six-digit code at sign-in; set by `cyberweek demo` alone"),
    "PROOF_WORK": ("200000", "iterations of the sum that a phone does before its passport: about a second; 1 in tests"),
    "PASSPORTS_A_DAY": (
        "10000",
        "passports that one network (an IPv4 address, an IPv6 /48) gets in a day without a code",
    ),
    "TRUSTED_PROXIES": ("", "addresses and networks, with commas, whose X-Forwarded-For is believed"),
    "FORGET_DAYS": ("30", "days after an edition when it is forgotten from which network and device a passport came"),
    "CONTACT_KEY": ("", "seals winners' contacts; empty: SECRET_KEY does. With another key kept ones cannot be read"),
    "OIDC_ISSUER": ("", "OpenID Connect provider at which a winner may confirm their name; empty: none"),
    "OIDC_CLIENT_ID": ("", "our name at that provider"),
    "OIDC_CLIENT_SECRET": ("", "our secret at that provider"),
    "EMAIL_URL": (
        "",
        "server that takes our mail: smtp://user:password@host:587?tls=starttls, or smtps://; empty: kept in DATA_DIR/mail",
    ),
    "MAIL_FROM": ("Cyberweek <cyberweek@localhost>", "who our mail says it is from"),
    "UPLOAD_LIMIT": ("25", "megabytes of one request to the pages, files and all; what is larger gets 413 at once"),
    "CROWD": ("1", "0: no simulated participants in the demo"),
}


# A host that is gone without a word is given up in about ten seconds; DATABASE_URL may say otherwise.
LINE: Final[dict[str, str]] = {
    "connect_timeout": "5",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
}


def text(name: str) -> str:
    """The variable's value, or its default; an undeclared name is a mistake of ours."""
    default, _meaning = VARIABLES[name]
    return os.environ.get(name, "").strip() or default


def flag(name: str) -> bool:
    """True for 1, false for 0; anything else is refused."""
    value = text(name)
    if value not in {"0", "1"}:
        raise ImproperlyConfigured(f"{name} must be 0 or 1, not {value!r}.")
    return value == "1"


def whole(name: str) -> int:
    """A number of 0 or more; anything else is refused."""
    value = text(name)
    if not value.isdecimal() or len(value) > 6:
        raise ImproperlyConfigured(f"{name} must be a number of 0 or more, not {value!r}.")
    return int(value)


def folder() -> Path:
    """DATA_DIR as an absolute path."""
    return Path(text("DATA_DIR")).expanduser().resolve()


def secret_key() -> str:
    """SECRET_KEY, or the one that `cyberweek` keeps under DATA_DIR."""
    if given := text("SECRET_KEY"):
        return given
    kept = folder() / "secret.key"
    if kept.is_file():
        return kept.read_text(encoding="ascii").strip()
    if text("DATABASE_URL"):
        raise ImproperlyConfigured("SECRET_KEY is not set: with DATABASE_URL, set SECRET_KEY to 50 random characters.")
    # No server runs with this: the launcher writes the file first. Checks and type checkers import settings without it.
    return "unset"


def database() -> dict[str, Any]:
    """Django's database settings from DATABASE_URL (any form that libpq reads)."""
    parts = conninfo_to_dict(text("DATABASE_URL") or "postgresql:///cyberweek")
    known = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    settings: dict[str, Any] = {django: str(parts.pop(libpq)) for libpq, django in known.items() if libpq in parts}
    return {
        "ENGINE": "django.db.backends.postgresql",
        # A broken connection is asked for again by the next request, without the pool's growing pauses.
        "OPTIONS": {**LINE, **parts, "pool": {"min_size": 0, "max_size": 16, "timeout": 10, "reconnect_timeout": 1}},
        "CONN_HEALTH_CHECKS": True,  # after a switch of primary no page meets a connection to the old one
        "DISABLE_SERVER_SIDE_CURSORS": True,  # so that a transaction-pooling proxy may stand between
        "TEST": {"NAME": f"test_{settings.get('NAME', 'cyberweek')}"},
        **settings,
    }


def mail() -> dict[str, Any]:
    """Django's mail settings from EMAIL_URL and MAIL_FROM: through a server, or into files under DATA_DIR/mail."""
    sender = {"DEFAULT_FROM_EMAIL": text("MAIL_FROM"), "EMAIL_TIMEOUT": 20}
    address = text("EMAIL_URL")
    if not address:
        kept = {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend"}
        return {**sender, **kept, "EMAIL_FILE_PATH": str(folder() / "mail")}
    shape = "EMAIL_URL must look like smtp://user:password@host:587?tls=starttls or smtps://user:password@host:465."
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as wrong:
        raise ImproperlyConfigured(shape) from wrong
    asked = parse_qs(parts.query, keep_blank_values=True)
    tls = asked.pop("tls", ["none"])
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or asked or tls not in (["starttls"], ["none"]):
        raise ImproperlyConfigured(shape)
    return {
        **sender,
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or (465 if parts.scheme == "smtps" else 587 if tls == ["starttls"] else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and tls == ["starttls"],
    }
