"""An archive that is brought: looked through before anything is written, kept once."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction

from cyberweek.handover.core import archive as packing
from cyberweek.handover.core import records
from cyberweek.handover.core.archive import ArchiveError
from cyberweek.handover.enums import REFUSALS
from cyberweek.handover.models import KnownHost, Reception
from cyberweek.kernel.actions import record

if TYPE_CHECKING:
    from cyberweek.accounts.models import User


@transaction.atomic
def receive(*, content: bytes, by: User | None, now: dt.datetime) -> Reception:
    """Keep an archive that is whole and right. Brought again it is the one that is there. Raises ArchiveError."""
    archive = packing.unpack(content)
    records.read(archive.files)
    reception, made = Reception.objects.get_or_create(
        digest=archive.digest,
        defaults={"key": archive.key, "source": archive.manifest.edition, "content": content, "by": by, "at": now},
    )
    if made:
        record(actor=by, verb="hand-over.receive", thing=reception, after={"digest": archive.digest})
    return reception


def refuse(error: ArchiveError) -> str:
    """Why an archive is not taken, in the active language."""
    return str(REFUSALS[error.fault]) % {"path": error.path, "limit": packing.LARGEST // 1024**2}


@transaction.atomic
def believe_host(*, key: str, name: str, by: User, now: dt.datetime) -> KnownHost:
    """A keeper has compared the fingerprint. Who is known stays known under the first name."""
    host, made = KnownHost.objects.get_or_create(key=key, defaults={"name": name, "by": by, "at": now})
    if made:
        record(actor=by, verb="hand-over.believe", thing=host, after={"key": key})
    return host
