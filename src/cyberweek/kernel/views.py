from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final, TypeVar

import psycopg
from django.core.paginator import Page, Paginator
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template

if TYPE_CHECKING:
    from django.core.paginator import _SupportsPagination

Row = TypeVar("Row")
PAGE_ROWS: Final = 50


def page_of(
    rows: _SupportsPagination[Row], request: HttpRequest, *, size: int = PAGE_ROWS, place: int = 0
) -> Page[Row]:
    """The page that `?page=` asks for, or else the one with the row at this place, counted from 0.

    A number that does not exist gives the nearest one that does.
    """
    return Paginator(rows, size).get_page(request.GET.get("page", place // size + 1))


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
