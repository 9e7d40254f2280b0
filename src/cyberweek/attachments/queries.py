"""Attachments that nothing needs, and how much somebody added. Owners fetch their own attachments, by their own scope."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Exists, ManyToOneRel, OuterRef, QuerySet, Sum

from .models import Attachment, AttachmentContent

if TYPE_CHECKING:
    from cyberweek.accounts.models import User


def kept_since(by: User, since: dt.datetime) -> int:
    """Bytes that the person has added since then."""
    found = Attachment.objects.filter(by=by, at__gt=since).aggregate(size=Sum("size"))
    return found["size"] or 0


def unused_attachments(before: dt.datetime) -> QuerySet[Attachment]:
    """Those added before then at which no row of any app points."""
    return _unused(Attachment.objects.filter(at__lt=before))


def waiting_attachments(by: User, keys: Iterable[UUID], *, since: dt.datetime) -> QuerySet[Attachment]:
    """Of these, what the person chose since then in a form that has not been taken yet."""
    return _unused(Attachment.objects.filter(pk__in=keys, by=by, at__gt=since))


def _unused(unused: QuerySet[Attachment]) -> QuerySet[Attachment]:
    """Every foreign key to `Attachment` is asked, also those of many-to-many tables. An app that points at one in another
    way (an id in JSON) must point by a key too."""
    for relation in Attachment._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel):  # a one-to-one key is one of these too
            pointing = relation.related_model._base_manager.filter(**{relation.field.attname: OuterRef("pk")})
            unused = unused.filter(~Exists(pointing))
    return unused.order_by("at")


def unused_contents() -> QuerySet[AttachmentContent]:
    """Bytes to which no attachment points."""
    return AttachmentContent.objects.filter(~Exists(Attachment.objects.filter(content=OuterRef("pk"))))


def content_of(attachment: Attachment, column: str) -> AttachmentContent:
    """The bytes of an attachment (`body` or `thumbnail`, whichever is asked for)."""
    return AttachmentContent.objects.only(column).get(pk=attachment.sha256)
