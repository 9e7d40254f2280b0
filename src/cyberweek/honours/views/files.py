"""Files beside an entry, as they leave the house."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase

from cyberweek.attachments.views import send
from cyberweek.honours.models import EntryFile


def send_file(file: EntryFile, *, request: HttpRequest, name: str = "") -> HttpResponseBase:
    """The file under its own name, or under `name`: jurors and readers of the casebook get it by its number."""
    attachment = file.attachment
    attachment.name = name or attachment.name
    return send(attachment, request=request)
