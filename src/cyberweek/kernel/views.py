from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, TypeVar, overload

import psycopg
from asgiref.sync import sync_to_async
from django.contrib import messages
from django.core.handlers.asgi import ASGIRequest
from django.core.paginator import Page, Paginator
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.template.loader import get_template
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.translation import gettext as _

from cyberweek.kernel import actions, queries

if TYPE_CHECKING:
    from django.core.paginator import _SupportsPagination

Row = TypeVar("Row")
Stored = TypeVar("Stored", bound=Model)
PAGE_ROWS: Final = 50


def page_of(
    rows: _SupportsPagination[Row], request: HttpRequest, *, size: int = PAGE_ROWS, place: int = 0
) -> Page[Row]:
    """The page that `?page=` asks for, or else the one with the row at this place, counted from 0.

    A number that does not exist gives the nearest one that does.
    """
    return Paginator(rows, size).get_page(request.GET.get("page", place // size + 1))


class Keyed(Sequence[Stored]):
    """Ordered rows for a paginator that sorts their keys alone: sorting 200,000 rows with all that is fetched beside each
    takes two to seven times as long. A query more a page."""

    def __init__(self, rows: QuerySet[Stored]) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return self._rows.count()

    @overload
    def __getitem__(self, at: int) -> Stored: ...

    @overload
    def __getitem__(self, at: slice) -> list[Stored]: ...

    def __getitem__(self, at: int | slice) -> Stored | list[Stored]:
        if isinstance(at, int):
            return self._rows[at]
        keys = list(self._rows.values_list("pk", flat=True)[at])
        found = {row.pk: row for row in self._rows.order_by().filter(pk__in=keys)}
        return [found[key] for key in keys if key in found]


def once(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A form that makes something makes it once, however often it is sent: the second time leads to what the first made.

    The form is known by the token that stands in it against forgery: Django masks it anew for every page that it writes,
    so a reload or the way back sends the same, and a page opened afresh another. Whoever comes back, changes something
    and sends it again means another thing: it is made, and they are told of the first.
    Stands under `organiser_required`. What makes nothing (answers without leading on) may be sent again.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        token = request.POST.get("csrfmiddlewaretoken", "") if request.method == "POST" else ""
        if not token:
            return view(request, *args, **kwargs)
        return _pressed(request, token, lambda: view(request, *args, **kwargs))

    guarded.is_once = True  # type: ignore[attr-defined]  # a test walks the addresses and asks for it
    return guarded


@transaction.atomic
def _pressed(request: HttpRequest, token: str, make: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    form = _hash(str(request.user.pk), request.path, token)
    press, is_first = actions.press(form=form, said=_said(request), now=timezone.now())
    if not is_first:
        messages.info(request, _("This was sent before: here is what it made."))
        return redirect(press.led_to)
    answer = make()
    led_to = answer.headers.get("Location", "")
    if led_to and (before := queries.led_before(press)):
        told = _("The same form had made something before; both are there now.")
        messages.warning(request, format_html('{} <a href="{}">{}</a>', told, before, _("Look at the first")))
    actions.settle(press=press, led_to=led_to)
    return answer


def _said(request: HttpRequest) -> str:
    """What a form says, files included."""
    fields = sorted((name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken")
    files = []
    for name, rows in sorted(request.FILES.lists()):
        for file in rows:
            content = hashlib.sha256()
            for chunk in file.chunks():
                content.update(chunk)
            file.seek(0)
            files.append((name, file.name, content.hexdigest()))
    return _hash(fields, files)


def _hash(*values: Any) -> str:
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()


def piecemeal(rows: QuerySet[Stored], *, size: int = 2000, most: int | None = None) -> Iterator[Stored]:
    """All rows in their order, so many at a time in memory: a query a piece, each with what is fetched beside the rows.
    `most`: the first so many alone.

    The rows are those of the moment of the first; one that is gone when its piece is fetched is left out.
    """
    keys = list(rows.values_list("pk", flat=True)[:most])
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
