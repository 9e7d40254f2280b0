"""Files beside an entry, as they leave the house."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpResponse, HttpResponseBase

from cyberweek.honours.models import EntryFile


def send_file(file: EntryFile, *, name: str) -> HttpResponseBase:
    """The file to be stored under `name`; nothing in it runs in a browser of ours."""
    attachment = file.attachment
    response = HttpResponse(bytes(attachment.content.body), content_type=attachment.media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
