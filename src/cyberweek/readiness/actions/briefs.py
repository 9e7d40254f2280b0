"""The agenda pack of a meeting: frozen with one press, its files made by whoever has time, resumed when broken off."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING, Final

from django.db import OperationalError, transaction
from django.utils import timezone

from cyberweek.documents.formats.docx import docx_file
from cyberweek.documents.formats.pdf import pdf_file
from cyberweek.kernel.actions import record
from cyberweek.kernel.core.localized import LANGUAGES
from cyberweek.readiness.core.digests import digest_of
from cyberweek.readiness.enums import BriefState
from cyberweek.readiness.models import Brief, BriefFile, Meeting
from cyberweek.readiness.queries.briefs import gathered
from cyberweek.readiness.queries.papers import brief_document

from .meetings import locked_meeting

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

FILES: Final = tuple((language, ending) for language in LANGUAGES for ending in ("pdf", "docx"))
_WRITERS: Final = {"pdf": pdf_file, "docx": docx_file}


@transaction.atomic
def freeze_brief(*, meeting: Meeting, by: User | None, now: dt.datetime) -> Brief:
    """Freeze what the pack of a meeting says now; `make_files` writes its files. Where a pack says the very same
    already, that one is given: pressed twice is pressed once."""
    row = locked_meeting(meeting)
    content = gathered(row, now=now)
    digest = digest_of(content)
    last = Brief.objects.filter(meeting=row).first()
    if last and last.digest == digest:
        return last
    brief = Brief.objects.create(
        meeting=row, number=last.number + 1 if last else 1, at=now, by=by, content=content, digest=digest,
        total=len(FILES), touched=now,
    )  # fmt: skip
    record(
        actor=by, verb="brief.freeze", thing=row, unit=row.unit_id,
        after={"number": brief.number, "digest": digest, "reports": len(content["reports"])},
    )  # fmt: skip
    return brief


def make_files(pk: int) -> None:
    """Write the files of a pack that are not there yet, each in a transaction of its own. Two at once take turns.

    An error of the writer is kept in the pack, which is then broken off until somebody asks again; a database that is
    away leaves it to be resumed.
    """
    for language, ending in FILES:
        try:
            _make_file(pk, language, ending)
        except OperationalError:
            raise
        except Exception as error:
            Brief.objects.filter(pk=pk).update(state=BriefState.FAILED, fault=str(error)[:500])
            raise


@transaction.atomic
def _make_file(pk: int, language: str, ending: str) -> None:
    brief = Brief.objects.select_for_update(of=("self",)).get(pk=pk)
    if not BriefFile.objects.filter(brief=brief, language=language, ending=ending).exists():
        document = brief_document(
            brief.content, language=language, digest=brief.digest, at=brief.at, number=brief.number
        )
        body = _WRITERS[ending](document, written=brief.at)
        BriefFile.objects.create(
            brief=brief, language=language, ending=ending, body=body, sha256=hashlib.sha256(body).hexdigest()
        )
    brief.done = BriefFile.objects.filter(brief=brief).count()
    brief.state = BriefState.READY if brief.done == brief.total else BriefState.MAKING
    brief.touched, brief.fault = timezone.now(), ""
    brief.save(update_fields=["done", "state", "touched", "fault"])


def unfinished_briefs(*, silent_since: dt.datetime) -> list[int]:
    """Packs of which nobody has made a file for a while."""
    rows = Brief.objects.filter(state=BriefState.MAKING, touched__lt=silent_since)
    return list(rows.order_by("pk").values_list("pk", flat=True))
