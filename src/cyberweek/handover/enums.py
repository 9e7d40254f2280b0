from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from .core.archive import Fault
from .core.matching import How

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

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

HOW: Final[dict[How, _StrPromise]] = {
    How.CODE: _("the same unit"),
    How.PLACE: _("the one of the same kind there"),
    How.SEVERAL: _("several fit: choose"),
    How.NONE: _("none fits: choose, or leave it out"),
}
