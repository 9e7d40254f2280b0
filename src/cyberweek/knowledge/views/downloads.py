"""An export on its way: piece by piece from the database, in ranges where a download goes on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from cyberweek.kernel.views import streamed
from cyberweek.knowledge.models import Export, ExportPart
from cyberweek.knowledge.queries.proofs import export_part


def send(request: HttpRequest, export: Export, filename: str) -> HttpResponseBase:
    """The whole export, or the one range of it that was asked for; never more than a piece is in memory."""
    start, stop = 0, export.size
    asked = re.fullmatch(r"bytes=(\d{1,18})-(\d{0,18})", request.headers.get("Range", ""))
    partial = asked is not None and request.headers.get("If-Range", "") in {"", _tag(export)}
    if asked and partial:
        start, stop = int(asked[1]), min(int(asked[2] or export.size) + 1, export.size)
        if start >= stop:
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{export.size}"})
    headers = {
        "Content-Length": str(stop - start),
        "Content-Disposition": f'attachment; filename="{filename}"',
        "Accept-Ranges": "bytes",
        "ETag": _tag(export),
    }
    if partial:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{export.size}"
    status = 206 if partial else 200
    pieces = _pieces(export, start, stop)
    return streamed(request, pieces, status=status, content_type="text/plain; charset=utf-8", headers=headers)


def _tag(export: Export) -> str:
    return f'"{export.sha256}"'


def _pieces(export: Export, start: int, stop: int) -> Iterator[bytes]:
    length = ExportPart.PART_BYTES
    for number in range(start // length, -(-stop // length)):
        first = number * length
        yield export_part(export, number)[max(0, start - first) : stop - first]
