from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction

from cyberweek.kernel.actions import record
from cyberweek.knowledge.core.chain import signing_key
from cyberweek.knowledge.models import Contest, Export, ExportPart, PublishedHead
from cyberweek.knowledge.queries.exporting import write_export
from cyberweek.knowledge.queries.proofs import ledger_tip


@transaction.atomic
def make_export(*, contest: Contest, now: dt.datetime) -> Export:
    """Write a closed contest's export and offer it to the public. Raises NotYetError.

    It streams: a megabyte is in memory at a time. Earlier exports stay beside it.
    """
    export = Export(contest=contest, made=now, first=0, last=0, entries=0, papers=0, size=0)
    export.save()
    parts = _Parts(export)
    written = write_export(contest.slug, write=parts.write, key=signing_key(settings.SECRET_KEY), now=now)
    parts.close()
    for name, value in written._asdict().items():
        setattr(export, name, value)
    export.save()
    after = {"last": export.last, "boards": export.boards, "sha256": export.sha256}
    record(actor=None, verb="contest.export", thing=export, unit=contest.owner_id, after=after)
    return export


def publish_head(*, now: dt.datetime) -> PublishedHead | None:
    """Publish the ledger's newest head, unless it is published or there is none."""
    tip = ledger_tip()
    if tip.at is None:
        return None
    head, made = PublishedHead.objects.get_or_create(
        batch=tip.batch, defaults={"at": tip.at, "head": tip.head, "published": now}
    )
    return head if made else None


class _Parts:
    """Cuts what is written into pieces of equal length."""

    def __init__(self, export: Export) -> None:
        self._export = export
        self._waiting = bytearray()
        self._number = 0

    def write(self, data: bytes) -> None:
        self._waiting += data
        while len(self._waiting) >= ExportPart.PART_BYTES:
            self._save(ExportPart.PART_BYTES)

    def close(self) -> None:
        if self._waiting:
            self._save(len(self._waiting))

    def _save(self, size: int) -> None:
        piece = bytes(self._waiting[:size])
        del self._waiting[:size]
        ExportPart.objects.create(export=self._export, number=self._number, data=piece)
        self._number += 1
