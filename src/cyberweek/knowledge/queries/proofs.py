"""Reads of what proves a result: published heads, exports, the ledger's key, a receipt's place."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.db import connection
from django.db.models import F, Max, Q, QuerySet
from django.db.models.functions import TruncDate

from cyberweek.editions.queries import editions_published
from cyberweek.knowledge.core.chain import Entry as LedgerEntry
from cyberweek.knowledge.core.chain import ReceiptRefusedError, read_entry, read_receipt, signing_key
from cyberweek.knowledge.enums import ContestState
from cyberweek.knowledge.models import Contest, Export, ExportPart, PublishedHead

from . import current_pack


class Tip(NamedTuple):
    """The newest batch of the ledger; 0 and "" when there is none."""

    batch: int
    head: str
    at: dt.datetime | None


class Checked(NamedTuple):
    """A receipt under this server's key. `entry` is None when it does not hold."""

    entry: LedgerEntry | None
    batch: int = 0
    position: int = 0
    at: dt.datetime | None = None
    head: str = ""
    in_ledger: bool = False
    """The ledger's batch of this number has the head that the receipt proves."""


def ledger_key() -> Ed25519PublicKey:
    """The public half of the key that the arena signs the ledger with."""
    return signing_key(settings.SECRET_KEY).public_key()


def ledger_tip() -> Tip:
    """The ledger as of now: one row by its primary key."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, encode(head, 'hex'), at_ms FROM ledger_batch ORDER BY number DESC LIMIT 1")
        row = cursor.fetchone()
    return Tip(row[0], row[1], instant(row[2])) if row else Tip(0, "", None)


def published_heads() -> QuerySet[PublishedHead]:
    """Heads that were published, newest first."""
    return PublishedHead.objects.all()


def daily_heads(zone: ZoneInfo) -> QuerySet[PublishedHead]:
    """Of each day, by this zone's calendar, the last head that was published, newest first."""
    day = TruncDate("published", tzinfo=zone)
    last = PublishedHead.objects.annotate(day=day).order_by("day").values("day").annotate(last=Max("batch"))
    return PublishedHead.objects.filter(batch__in=last.values("last")).order_by("-batch")


def receipt_checked(text: str) -> Checked:
    """What a receipt proves, and whether the ledger still says so."""
    try:
        receipt, head = read_receipt("".join(text.split()), ledger_key())
        entry = read_entry(receipt.entry)
    except (ReceiptRefusedError, ValueError):
        return Checked(None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT head FROM ledger_batch WHERE number = %s", [receipt.batch])
        row = cursor.fetchone()
    held = row is not None and bytes(row[0]) == head
    return Checked(entry, receipt.batch, receipt.position, instant(entry.at_ms), head.hex(), held)


def contests_of_receipts() -> QuerySet[Contest]:
    """Contests that a receipt may name: published ones of published editions."""
    found = Contest.objects.filter(state=ContestState.PUBLISHED, edition__in=editions_published())
    return found.select_related("edition")


def exports_of(contest: Contest) -> QuerySet[Export]:
    """Exports on offer, newest first."""
    return Export.objects.filter(contest=contest).order_by("-last", "-pk")


def export_part(export: Export, number: int) -> bytes:
    """One piece of an export."""
    return bytes(ExportPart.objects.values_list("data", flat=True).get(export=export, number=number))


def contests_without_export(now: dt.datetime) -> QuerySet[Contest]:
    """Published contests that have closed and whose newest export, if any, is from before that."""
    over = Contest.objects.filter(state=ContestState.PUBLISHED, closes__lt=now)
    return over.exclude(Q(exports__made__gte=F("closes"))).order_by("closes")


def contests_ruled_since() -> list[Contest]:
    """Contests that have closed and of which the ledger holds a ruling, or a step of a draw, that no export tells yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT contest, max(batch) FROM ledger_entry WHERE kind IN ('exclude', 'readmit', 'regrade', 'draw')"
            " GROUP BY contest"
        )
        ruled = dict(cursor.fetchall())
    newest: dict[str, int] = {}
    for slug, last in Export.objects.filter(contest__slug__in=ruled).values_list("contest__slug", "last"):
        newest[slug] = max(last, newest.get(slug, 0))
    return list(Contest.objects.filter(slug__in=[slug for slug, last in newest.items() if ruled[slug] > last]))


def contests_that_share_items(contest: Contest, now: dt.datetime) -> list[Contest]:
    """Published contests that are still to be played with items of this one: its keys are not told before they close."""
    pack = current_pack(contest)
    asked = {item.id for item in pack.bank} if pack else set()
    others = Contest.objects.filter(state=ContestState.PUBLISHED, closes__gte=now).exclude(pk=contest.pk)
    found = []
    for other in others.order_by("closes"):
        theirs = current_pack(other)
        if theirs and not theirs.practice and any(item.id in asked for item in theirs.bank):
            found.append(other)
    return found


def instant(at_ms: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(at_ms / 1000, dt.UTC)
