"""Absolute addresses, for what leaves the site: calendars, search engines."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from cyberweek.programme.models import Activity


def site(request: HttpRequest) -> str:
    """Scheme and host that people type: PUBLIC_URL, else those of the request."""
    return settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")


def host(request: HttpRequest) -> str:
    """The bare host name of the site."""
    return urlsplit(site(request)).hostname or "localhost"


def activity_address(request: HttpRequest, activity: Activity) -> str:
    """Where everybody reads about the activity."""
    return site(request) + reverse("programme:activity-detail", args=[activity.edition.slug, activity.code])
