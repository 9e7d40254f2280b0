"""A summary on its way: frozen, sent up, taken in or sent back, published."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from cyberweek.editions.models import Edition
from cyberweek.kernel.actions import record, snapshot
from cyberweek.regions.models import Unit
from cyberweek.summaries.core.content import digest
from cyberweek.summaries.core.links import new_code
from cyberweek.summaries.enums import State
from cyberweek.summaries.models import Link, Publication, Summary, Version
from cyberweek.summaries.queries.links import told_apart
from cyberweek.summaries.queries.regions import hidden_regions
from cyberweek.summaries.queries.standing import standing

from .texts import Refused, locked_summary

if TYPE_CHECKING:
    from cyberweek.accounts.models import User


class ToldApart(Refused):
    """Two public versions together would tell what each withholds."""


_STATE: Final = ("state", "sent", "note")


@transaction.atomic
def freeze_summary(
    *, edition: Edition, unit: Unit, base: str, by: User | None, now: dt.datetime, after: int | None = None
) -> Version:  # fmt: skip
    """Keep the summary as it is now, for good: every figure with its query and the digest of its rows, small groups
    withheld, a short link for each figure. `base`: where this server is found ("https://…"), printed in the links.
    `unit` wants its region and parent fetched. `after`: the version that was the last when somebody pressed; where there
    is a later one by now, that is given: pressed twice is pressed once."""
    summary = locked_summary(edition, unit)
    last = Version.objects.filter(summary=summary).aggregate(n=Max("number"))["n"] or 0
    if after is not None and last > after:
        return Version.objects.get(summary=summary, number=last)
    content = standing(edition, unit, now=now, hidden=hidden_regions(edition), fresh=True)
    content |= {"number": last + 1, "base": base}
    codes = _new_codes(content["figures"])
    for key, code in codes.items():
        content["figures"][key]["link"] = code
    version = Version.objects.create(
        summary=summary, number=last + 1, content=content, sha256=digest(content), at=now, by=by
    )
    Link.objects.bulk_create(Link(code=code, version=version, key=key) for key, code in codes.items())
    before = snapshot(summary, _STATE)
    if summary.state == State.DRAFT:
        summary.state = State.FROZEN
        summary.save(update_fields=["state"])
    record(
        actor=by, verb="summary.freeze", thing=summary, unit=unit.pk, before=before,
        after={**snapshot(summary, _STATE), "version": version.number, "sha256": version.sha256},
    )  # fmt: skip
    return version


def _new_codes(figures: dict[str, object]) -> dict[str, str]:
    """A code for each figure that no other has."""
    codes: dict[str, str] = {}
    while len(codes) < len(figures):
        drawn = {new_code() for _key in range(len(figures) - len(codes))} - set(codes.values())
        drawn -= set(Link.objects.filter(pk__in=drawn).values_list("pk", flat=True))
        codes |= dict(zip([key for key in figures if key not in codes], drawn, strict=False))
    return codes


@transaction.atomic
def send_summary(*, summary: Summary, version: Version, by: User | None, now: dt.datetime) -> None:
    """Send a frozen version to the unit above."""
    row = _locked(summary)
    if row.unit.parent_id is None:
        raise Refused(_("There is no unit above to send it to."))
    if row.state in {State.SENT, State.TAKEN} and row.sent is not None and version.number <= row.sent:
        raise Refused(_("This version, or a later one, has been sent already."))
    before = snapshot(row, _STATE)
    row.state, row.sent, row.sent_at, row.settled_at, row.note = State.SENT, version.number, now, None, ""
    row.save()
    record(actor=by, verb="summary.send", thing=row, unit=row.unit_id, before=before, after=snapshot(row, _STATE))


@transaction.atomic
def take_summary(*, summary: Summary, by: User | None, now: dt.datetime) -> None:
    """The level above takes in what was sent to it."""
    row = _waiting(summary)
    before = snapshot(row, _STATE)
    row.state, row.settled_at = State.TAKEN, now
    row.save(update_fields=["state", "settled_at"])
    record(actor=by, verb="summary.take", thing=row, unit=row.unit_id, before=before, after=snapshot(row, _STATE))


@transaction.atomic
def send_back(*, summary: Summary, reason: str, by: User | None, now: dt.datetime) -> None:
    """The level above sends it back, and says why; what is frozen stays, a later version may be sent."""
    row = _waiting(summary)
    before = snapshot(row, _STATE)
    row.state, row.settled_at, row.note = State.FROZEN, now, reason
    row.save(update_fields=["state", "settled_at", "note"])
    record(
        actor=by, verb="summary.send-back", thing=row, unit=row.unit_id, before=before, after=snapshot(row, _STATE),
        reason=reason,
    )  # fmt: skip


def _waiting(summary: Summary) -> Summary:
    row = _locked(summary)
    if row.state != State.SENT:
        raise Refused(_("It does not wait to be taken in any more."))
    return row


def _locked(summary: Summary) -> Summary:
    return Summary.objects.select_for_update(of=("self",)).select_related("unit", "edition").get(pk=summary.pk)


@transaction.atomic
def publish_version(*, version: Version, by: User | None, now: dt.datetime, reason: str = "") -> None:
    """Let the public read a version. Raises `ToldApart` where a public version withholds what this one tells, or tells
    what it withholds, unless somebody gives a reason."""
    if not reason and told_apart(version):
        raise ToldApart(_("Set beside what is public already, it may tell of small groups."))
    _made, fresh = Publication.objects.get_or_create(version=version, defaults={"at": now, "by": by})
    if fresh:
        after = {"version": version.number, "sha256": version.sha256}
        record(
            actor=by, verb="summary.publish", thing=version.summary, unit=version.summary.unit_id, after=after,
            reason=reason,
        )  # fmt: skip


@transaction.atomic
def unpublish_version(*, version: Version, reason: str, by: User | None) -> None:
    """Take a version back from the public. It stays frozen, and its hash stays the same."""
    found, _by_model = Publication.objects.filter(version=version).delete()
    if found:
        record(
            actor=by, verb="summary.unpublish", thing=version.summary, unit=version.summary.unit_id,
            before={"version": version.number}, reason=reason,
        )  # fmt: skip
