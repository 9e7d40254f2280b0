from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from typing import Final, TypeVar

import psycopg
from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.core.paginator import Page, Paginator
from django.db import InterfaceError, OperationalError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.utils import translation

Row = TypeVar("Row", bound=Model)


def page_of(rows: QuerySet[Row], request: HttpRequest, *, size: int = 50) -> Page[Row]:
    """The page that `?page=` asks for; a number that does not exist gives the nearest one that does."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


def piecemeal(rows: QuerySet[Row], *, size: int = 2000) -> Iterator[Row]:
    """All rows in their order, so many at a time in memory: a query a piece, each with what is fetched beside the rows.

    The rows are those of the moment of the first; one that is gone when its piece is fetched is left out.
    """
    keys = list(rows.values_list("pk", flat=True))
    plain = rows.order_by()
    for at in range(0, len(keys), size):
        piece = keys[at : at + size]
        found = {row.pk: row for row in plain.filter(pk__in=piece)}
        yield from (found[key] for key in piece if key in found)


def streamed(
    request: HttpRequest, pieces: Iterator[bytes], *, content_type: str, status: int = 200,
    headers: dict[str, str] | None = None,
) -> StreamingHttpResponse:  # fmt: skip
    """A body that goes out as it is made, in the language of the request."""
    spoken = _in_language(pieces, translation.get_language())
    # Under ASGI a synchronous iterator would be gathered in memory first.
    body = _asynchronous(spoken) if isinstance(request, ASGIRequest) else spoken
    return StreamingHttpResponse(body, status=status, content_type=content_type, headers=headers)


def _in_language(pieces: Iterator[bytes], language: str | None) -> Iterator[bytes]:
    while True:
        with translation.override(language):
            piece = next(pieces, None)
        if piece is None:
            return
        if piece:
            yield piece


async def _asynchronous(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    following = sync_to_async(lambda: next(pieces, None))
    while (piece := await following()) is not None:
        yield piece


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
