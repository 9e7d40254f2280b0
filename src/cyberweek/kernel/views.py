from __future__ import annotations

import sys
from typing import Final, TypeVar

import psycopg
from django.core.paginator import Page, Paginator
from django.db import InterfaceError, OperationalError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template

Row = TypeVar("Row", bound=Model)


def page_of(rows: QuerySet[Row], request: HttpRequest, *, size: int = 50) -> Page[Row]:
    """The page that `?page=` asks for; a number that does not exist gives the nearest one that does."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 -- Django's signature
    """A form from a page that was open too long, or from elsewhere."""
    return render(request, "kernel/csrf_refused.html", status=403)


AWAY: Final = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.errors.ReadOnlySqlTransaction)
"""The database is away, or is no primary any more: in a moment it, or another, is there again."""


def failed(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 -- Django's signature
    """What stands in the place of an exception; 503 where only the database is away. Asks nobody for anything."""
    error: BaseException | None = sys.exc_info()[1]
    while error is not None:
        if isinstance(error, AWAY):
            page = get_template("503.html").render()
            return HttpResponse(page, status=503, headers={"Retry-After": "5", "Cache-Control": "no-store"})
        error = error.__cause__
    return HttpResponse(get_template("500.html").render(), status=500)
