"""Addresses that leave the site."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def host(request: HttpRequest) -> str:
    """Scheme and host that people type: PUBLIC_URL, else those of the request."""
    return settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")
