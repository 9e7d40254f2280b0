"""An archive that is brought: looked through before anything is written, kept once."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cyberweek.handover.core import archive as packing
from cyberweek.handover.core import records
from cyberweek.handover.core.archive import ArchiveError, Fault
from cyberweek.handover.models import KnownHost, Reception
from cyberweek.kernel.actions import record

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from cyberweek.accounts.models import User

REFUSALS: Final[dict[Fault, _StrPromise]] = {
    Fault.TOO_LARGE: _("The file is larger than %(limit)d MB: it is no archive of a hand-over."),
    Fault.NOT_AN_ARCHIVE: _("This is no archive, or only a part of one. Fetch it again from the last host."),
    Fault.UNPACKS: _("The archive would unpack to far more than a hand-over holds. Nothing was unpacked."),
    Fault.PATH: _("“%(path)s” is no name that a file of an archive has: it might lead out of it."),
    Fault.TWICE: _("“%(path)s” stands in the archive twice."),
    Fault.LOCKED: _("“%(path)s” is locked with a password."),
    Fault.DAMAGED: _("“%(path)s” is damaged. Fetch the archive again from the last host."),
    Fault.FOREIGN: _("“%(path)s” is not of the shape that a hand-over has."),
    Fault.NEWER: _("The archive is of another version than this program reads. Bring the program up to date."),
    Fault.SIGNATURE: _("The signature does not fit “%(path)s”: it was changed after it was signed."),
    Fault.MISSING: _("“%(path)s” is missing."),
    Fault.STRANGER: _("“%(path)s” is not in the list that was signed."),
    Fault.TAMPERED: _("“%(path)s” was changed after it was signed."),
}


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
