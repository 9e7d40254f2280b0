"""How many queries a page takes, counted in this process with the same sessions."""

from collections.abc import Iterable

import httpx
from bench.desk.crawl import Page
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings


def count(client: httpx.Client, pages: Iterable[Page]) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # their addresses are no matter here
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        _count(client, pages)


def _count(client: httpx.Client, pages: Iterable[Page]) -> None:
    inside = Client(headers={"Accept-Language": "en"}, raise_request_exception=False)
    inside.cookies.load(dict(client.cookies))
    for page in pages:
        if page.status != 200 or page.is_file:
            continue
        with CaptureQueriesContext(connection) as caught:
            inside.get(page.path)
        page.queries = len(caught)
