"""Keeping and forgetting files."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cyberweek.kernel.actions import record, snapshot

from .core import inspection
from .core.faults import Fault, UnfitError
from .core.inspection import Fit
from .models import Attachment, AttachmentContent
from .queries import kept_since, unused_attachments, unused_contents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.utils.functional import _StrPromise

    from cyberweek.accounts.models import User

FILE_LIMIT: Final = 20 * 1024 * 1024  # bytes of one file
DAY_LIMIT: Final = 500 * 1024 * 1024  # bytes that one person may add in 24 hours
UNUSED_FOR: Final = dt.timedelta(days=1)
_AT_ONCE: Final = 500

WORDS: Final[dict[Fault, _StrPromise]] = {
    Fault.EMPTY: gettext_lazy("The file is empty. Choose it again, or look whether it was copied whole."),
    Fault.TOO_LARGE: gettext_lazy("The file is larger than %(limit)d MB. Make it smaller, or divide it."),
    Fault.PROGRAM: gettext_lazy(
        "This is a program, whatever its name says. Programs are not kept. Do not open it unless you know who made it."
    ),
    Fault.SCRIPT: gettext_lazy("This is a script, and scripts are not kept. Add what it shows as PDF or plain text."),
    Fault.WEB_PAGE: gettext_lazy("This is a web page or its source. Print it to PDF, or add a picture of it."),
    Fault.DRAWING: gettext_lazy("This is an SVG drawing, which may hold scripts. Save it as PNG or PDF."),
    Fault.ARCHIVE: gettext_lazy("This is an archive. Unpack it and add the files one by one."),
    Fault.OLD_OFFICE: gettext_lazy(
        "This is an old office file, or one locked with a password. Save it as DOCX, XLSX, PPTX or PDF without a password."
    ),
    Fault.HEIC: gettext_lazy(
        "This is a HEIC or AVIF picture, which not every browser shows. Save or share it as JPEG; on an iPhone: Settings, "
        "Camera, Formats, Most Compatible."
    ),
    Fault.MOV: gettext_lazy("This is a QuickTime video. Save it as MP4."),
    Fault.OTHER_PICTURE: gettext_lazy("This kind of picture is not kept. Save it as JPEG, PNG or WebP."),
    Fault.SOUND: gettext_lazy("Sound alone is not kept. Add a short MP4 video, or what was said as text."),
    Fault.UNKNOWN: gettext_lazy("This kind of file is not kept. Add a picture, PDF, office file, plain text or MP4."),
    Fault.DAMAGED: gettext_lazy("The file is damaged or incomplete. Open it, save it again, and add that."),
    Fault.PIXELS: gettext_lazy("The picture has more than %(limit)d million pixels. Make it smaller."),
    Fault.TWO_IN_ONE: gettext_lazy("Another file is hidden in this one. Open it, save it again, and add that."),
    Fault.UNPACKS: gettext_lazy(
        "The file unpacks to far more than its size, more than is opened here. Make it smaller, or add it as PDF."
    ),
    Fault.CLIMBS: gettext_lazy(
        "Parts of this file have paths that lead out of it. Open it, save it again, and add that."
    ),
    Fault.MACROS: gettext_lazy("The file holds macros. Save it without them, as DOCX, XLSX or PPTX, or as PDF."),
    Fault.OBJECTS: gettext_lazy("Other files are embedded in this one. Take them out, or save it as PDF."),
    Fault.FETCHES: gettext_lazy(
        "The file fetches a part of itself from another computer when it is opened. Save it as PDF."
    ),
    Fault.CALLS: gettext_lazy(
        "The file starts another program when it is opened (DDE). Take that out, or save it as PDF."
    ),
    Fault.PDF_SCRIPT: gettext_lazy(
        "The PDF holds scripts, or starts or sends something. Print it to a new PDF, and add that."
    ),
    Fault.PDF_FILES: gettext_lazy("The PDF carries other files. Print it to a new PDF, and add that."),
    Fault.PDF_LOCKED: gettext_lazy(
        "The PDF is locked, so that nobody can see what is in it. Print it to a new PDF, and add that."
    ),
    Fault.PDF_UNUSUAL: gettext_lazy("The PDF is packed in an unusual way. Print it to a new PDF, and add that."),
    Fault.ENCODING: gettext_lazy(
        "This is no plain text in UTF-8 or GBK. Save it as text again, or add it as it is named rightly."
    ),
    Fault.TEXT_NAME: gettext_lazy(
        "This is plain text under another name. If it is meant to be text, name it .txt or .csv."
    ),
    Fault.POSITIONS: gettext_lazy(
        "The video carries a track that is not seen or heard, such as positions. Export it without."
    ),
}


class Refused(Exception):  # noqa: N818 -- reads as the sentence it makes
    """The file is not kept: a sentence for who added it, and the form's field that it belongs to."""

    def __init__(self, message: str, field: str = "file") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class Given(Protocol):
    """A file as a form gives it: Django's UploadedFile is one."""

    @property
    def name(self) -> str | None: ...

    def chunks(self) -> Iterator[bytes]: ...


Chosen: TypeAlias = Given | Fit | Attachment
"""A file as it is sent; as `examined` made it; or as it was kept of a form that came back with errors."""


def examined(file: Given, *, field: str = "file") -> Fit:
    """The file as it may be kept, read to the limit and no further. Raises `Refused`."""
    name = file.name or ""
    content = bytearray()
    for chunk in file.chunks():
        content += chunk
        if len(content) > FILE_LIMIT:
            raise Refused(WORDS[Fault.TOO_LARGE] % {"limit": FILE_LIMIT // 1024**2}, field)
    try:
        return inspection.inspected(bytes(content), name)
    except UnfitError as unfit:
        raise Refused(_sentence(unfit, name), field) from None


@transaction.atomic
def keep_attachment(*, file: Chosen, by: User | None, now: dt.datetime, field: str = "file") -> Attachment:
    """Keep a file. Raises `Refused`.

    Whoever calls this makes something of their own point at the attachment: what nobody points at is deleted after a day.
    """
    if isinstance(file, Attachment):
        return _held(file, field)
    fit = file if isinstance(file, Fit) else examined(file, field=field)
    size = len(fit.body)
    if by is not None and kept_since(by, now - dt.timedelta(days=1)) + size > DAY_LIMIT:
        raise Refused(
            _("You have added %(limit)d MB since yesterday. Add the rest tomorrow, or smaller files.")
            % {"limit": DAY_LIMIT // 1024**2},
            field,
        )
    content = AttachmentContent(
        sha256=hashlib.sha256(fit.body).hexdigest(), body=fit.body, thumbnail=fit.thumbnail, size=size
    )
    # The update of what is there already holds the row until we point at it: the sweep waits, and then leaves it.
    AttachmentContent.objects.bulk_create(
        [content], update_conflicts=True, unique_fields=["sha256"], update_fields=["size"]
    )
    attachment = Attachment.objects.create(
        name=fit.name, kind=fit.kind, media_type=fit.media_type, size=size, width=fit.width, height=fit.height,
        content_id=content.sha256, by=by, at=now,
    )  # fmt: skip
    record(
        actor=by, verb="attachment.keep", thing=attachment,
        after=snapshot(attachment, ["name", "kind", "size", "sha256"]),
    )  # fmt: skip
    return attachment


def _held(file: Attachment, field: str) -> Attachment:
    """One that was kept before, held against the sweep until something points at it."""
    held = Attachment.objects.select_for_update().filter(pk=file.pk).first()
    if held is None:
        raise Refused(_("“%(name)s” was chosen too long ago. Choose it again.") % {"name": file.name}, field)
    return held


def forget_unused(*, now: dt.datetime) -> int:
    """Delete attachments that nothing has pointed at for a day, and bytes that no attachment needs. How many went."""
    before = now - UNUSED_FOR
    gone = 0
    while batch := _forget_some(before):
        gone += batch
    while _forget_bytes():
        pass
    return gone


@transaction.atomic
def _forget_some(before: dt.datetime) -> int:
    """Some of them. Who begins to point at one meanwhile waits for the lock; each is looked at again under it."""
    locked = list(
        unused_attachments(before)
        .select_for_update(skip_locked=True, of=("self",))
        .values_list("pk", flat=True)[:_AT_ONCE]
    )
    rows = list(unused_attachments(before).filter(pk__in=locked))
    for attachment in rows:
        record(
            actor=None, verb="attachment.forget", thing=attachment,
            before=snapshot(attachment, ["name", "kind", "size", "sha256"]),
        )  # fmt: skip
    # Raw: nothing of an owner's goes with it. Were one pointed at after all, its foreign key would refuse the whole batch.
    Attachment.objects.filter(pk__in=[row.pk for row in rows])._raw_delete(Attachment.objects.db)
    return len(rows)


@transaction.atomic
def _forget_bytes() -> bool:
    locked = list(
        unused_contents().select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)[:_AT_ONCE]
    )
    unused = unused_contents().filter(pk__in=locked)
    return bool(unused._raw_delete(AttachmentContent.objects.db))


def _sentence(unfit: UnfitError, name: str) -> str:
    if unfit.fault is Fault.PROGRAM and inspection.claimed(name) == "image":
        return _(
            "This is a program, not a picture. Do not open it, and ask whoever gave it to you where it comes from."
        )
    return WORDS[unfit.fault] % unfit.values
