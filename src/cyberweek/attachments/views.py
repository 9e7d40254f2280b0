"""How owners show and send attachments: after a scoped fetch of their own; this app has no addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response

from .enums import Kind
from .models import Attachment
from .queries import content_of

_INLINE: Final = frozenset({Kind.IMAGE.value})  # the only kind that was drawn anew by us
# Whatever a browser takes the file for: nothing in it runs, loads, frames or is framed.
_SANDBOX: Final = "sandbox; default-src 'none'; style-src 'none'; frame-ancestors 'none'"


@dataclass(frozen=True)
class Row:
    """One attachment in `attachments/_list.html`: where it is sent from, and what may be done with it."""

    attachment: Attachment
    href: str
    thumbnail: str = ""
    remove: str = ""  # a POST there takes it away from its owner
    icon: str = "file"


_ICONS: Final = {
    Kind.IMAGE.value: "picture",
    Kind.VIDEO.value: "film",
    Kind.SHEET.value: "table",
    Kind.SLIDES.value: "screen",
}


def rows_of(
    attachments: Iterable[Attachment],
    *,
    href: Callable[[Attachment], str],
    thumbnail: Callable[[Attachment], str] | None = None,
    remove: Callable[[Attachment], str] | None = None,
) -> list[Row]:
    """What `attachments/_list.html` shows, as `files`. Fetch them with `select_related("by")`; their bytes stay where they are."""
    return [
        Row(
            attachment=one,
            href=href(one),
            thumbnail=thumbnail(one) if thumbnail and one.is_image else "",
            remove=remove(one) if remove else "",
            icon=_ICONS.get(one.kind, "file"),
        )
        for one in attachments
    ]


def send(attachment: Attachment, *, download: bool = True, request: HttpRequest | None = None) -> HttpResponseBase:
    """The file, to be stored (or, a picture, to be shown where `download` is false).

    With `request`, a browser that has it already is told so, without the bytes being read.
    """
    shown = not download and attachment.kind in _INLINE
    return _sent(
        request,
        tag=attachment.sha256,
        body=lambda: content_of(attachment, "body").body,
        media_type=attachment.media_type,
        disposition=f"{'inline' if shown else 'attachment'}; {_named(attachment.name)}",
    )


def send_thumbnail(attachment: Attachment, *, request: HttpRequest | None = None) -> HttpResponseBase:
    """A small WebP of a picture; 404 for what is none."""
    if not attachment.is_image:
        raise Http404
    return _sent(
        request,
        tag=f"{attachment.sha256}-small",
        body=lambda: content_of(attachment, "thumbnail").thumbnail,
        media_type="image/webp",
        disposition="inline",
    )


def _sent(
    request: HttpRequest | None, *, tag: str, body: Callable[[], bytes | memoryview], media_type: str, disposition: str
) -> HttpResponseBase:
    headers = {
        "ETag": f'"{tag}"',
        "Cache-Control": "private, no-cache",  # asked for again each time: leave to see it may end
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    response: HttpResponseBase | None = None
    if request is not None:
        response = get_conditional_response(request, etag=headers["ETag"])
    if response is None or response.status_code != 304:
        response = HttpResponse(bytes(body()), content_type=media_type, headers={"Content-Disposition": disposition})
    for name, value in headers.items():
        response[name] = value
    response["Content-Security-Policy"] = _SANDBOX  # django-csp leaves what is there
    return response


def _named(name: str) -> str:
    """The name for every browser (RFC 6266): in ASCII for the old, in UTF-8 for the rest."""
    plain = "".join(sign if " " <= sign <= "~" and sign not in '"\\%;' else "_" for sign in name)
    return f"filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
