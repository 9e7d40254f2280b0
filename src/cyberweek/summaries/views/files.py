"""A version as files: PDF, DOCX, its content as JSON, open data. For organisers in scope, and for everybody once published."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.documents.enums import MEDIA_TYPES
from cyberweek.documents.formats.docx import docx_file
from cyberweek.documents.formats.pdf import pdf_file
from cyberweek.kernel.core.localized import LANGUAGES
from cyberweek.summaries.core.content import canonical
from cyberweek.summaries.formats import open_data
from cyberweek.summaries.formats.documents import document_of
from cyberweek.summaries.models import Version

from .public import version_published
from .shared import at_unit, language_of, short_links, version_at

_TYPES = {**MEDIA_TYPES, "json": "application/json", "parquet": "application/vnd.apache.parquet"}


def _document(request: HttpRequest, version: Version, ending: str) -> HttpResponse:
    language = request.GET.get("lang", "")
    language = language if language in LANGUAGES else language_of()
    if ending == "json":
        return _file(canonical(version.content), version, "summary", ending)
    document = document_of(version.content, language, sha256=version.sha256, where=short_links(version.content))
    write = pdf_file if ending == "pdf" else docx_file
    return _file(write(document, written=version.at), version, f"summary-{language}", ending)


def _table(version: Version, table: str, ending: str) -> HttpResponse:
    if ending == "csv":
        return _file(open_data.as_csv(version.content, table), version, table, ending)
    return _file(open_data.as_parquet(version.content, table, sha256=version.sha256), version, table, ending)


def _dictionary(version: Version) -> HttpResponse:
    text = json.dumps(open_data.dictionary(version.content, sha256=version.sha256), ensure_ascii=False, indent=1)
    return _file(text.encode(), version, "dictionary", "json")


def _file(body: bytes, version: Version, name: str, ending: str) -> HttpResponse:
    content = version.content
    label = f"{content['edition']['slug']}-{content['unit']['code']}-{version.number}-{name}.{ending}"
    headers = {
        "Content-Disposition": f'attachment; filename="{label}"',
        "X-Content-Type-Options": "nosniff",
        "ETag": f'"{version.sha256}-{name}-{ending}"',
    }
    return HttpResponse(body, content_type=_TYPES[ending], headers=headers)


@require_safe
@organiser_required
def desk_document(request: OrganiserRequest, edition: str, unit: str, number: int, ending: str) -> HttpResponseBase:
    """A version as PDF, DOCX or its content, in the language of the page or of `?lang=`."""
    return _document(request, version_at(at_unit(request, edition, unit), number), ending)


@require_safe
@organiser_required
def desk_table(
    request: OrganiserRequest, edition: str, unit: str, number: int, table: str, ending: str
) -> HttpResponseBase:
    """A table of the open data."""
    return _table(version_at(at_unit(request, edition, unit), number), table, ending)


@require_safe
@organiser_required
def desk_dictionary(request: OrganiserRequest, edition: str, unit: str, number: int) -> HttpResponseBase:
    """What the columns of the open data mean, as CSVW."""
    return _dictionary(version_at(at_unit(request, edition, unit), number))


@require_safe
def public_document(request: HttpRequest, edition: str, unit: str, number: int, ending: str) -> HttpResponseBase:
    """The same of a published version, for everybody."""
    return _document(request, version_published(edition, unit, number), ending)


@require_safe
def public_table(
    request: HttpRequest,  # noqa: ARG001 -- Django's signature
    edition: str,
    unit: str,
    number: int,
    table: str,
    ending: str,
) -> HttpResponseBase:
    """The same of a published version, for everybody."""
    return _table(version_published(edition, unit, number), table, ending)


@require_safe
def public_dictionary(
    request: HttpRequest,  # noqa: ARG001 -- Django's signature
    edition: str,
    unit: str,
    number: int,
) -> HttpResponseBase:
    """The same of a published version, for everybody."""
    return _dictionary(version_published(edition, unit, number))
