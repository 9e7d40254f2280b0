from __future__ import annotations

from typing import TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

Row = TypeVar("Row", bound=Model)


def page_of(rows: QuerySet[Row], request: HttpRequest, *, size: int = 50) -> Page[Row]:
    """The page that `?page=` asks for; a number that does not exist gives the nearest one that does."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 -- Django's signature
    """A form from a page that was open too long, or from elsewhere."""
    return render(request, "kernel/csrf_refused.html", status=403)
