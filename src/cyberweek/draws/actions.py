"""Writes: a draw is announced, its entries are frozen, it is drawn. Each step goes into the ledger with it."""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from cyberweek.kernel.actions import record
from cyberweek.kernel.core.tokens import derive_key
from cyberweek.knowledge.actions import append_entry
from cyberweek.knowledge.core.chain import NOBODY, Entry
from cyberweek.knowledge.models import Contest
from cyberweek.knowledge.queries import current_pack, ledger_head
from cyberweek.passport.actions import invite_to_claim
from cyberweek.passport.models import Claim

from .core import draws as core
from .enums import Refusal
from .models import Draw, all_in_at
from .queries import entries_until, to_invite

if TYPE_CHECKING:
    from cyberweek.accounts.models import User


LONGEST: Final = dt.timedelta(days=366)
"""A contact is waited for at most so long, and kept at most so long after."""


class Terms(NamedTuple):
    """What a draw is about. `known_at` is an instant, `day` the contest's local day or None for the whole contest."""

    prize: Mapping[str, str]
    prizes: int
    reserve: int
    least: int
    source: str
    day: dt.date | None
    known_at: dt.datetime


class DrawRefusedError(Exception):
    """The step was not done; `field` says which of the form's fields is at fault, if one is."""

    def __init__(self, refusal: Refusal, field: str = "", **params: Any) -> None:
        self.refusal = refusal
        self.field = field
        super().__init__(str(refusal.label) % params)


@transaction.atomic
def announce_draws(*, contest: Contest, terms: Sequence[Terms], by: User | None, now: dt.datetime) -> list[Draw]:
    """Commit to draws, all or none. Raises DrawRefusedError for the first that cannot stand."""
    pack = current_pack(contest)
    if pack is None:
        raise DrawRefusedError(Refusal.NOT_RELEASED)
    for one in terms:
        _check(one, contest, pack.items * pack.points, now)
    draws = []
    for one in terms:
        draw = Draw(contest=contest, committed_at=now, **one._asdict())
        draw.seed_sha256 = core.seed_hash(_seed(draw))
        draw.save()
        _write(draw, draw.commitment, now)
        _note(draw, "draw.announce", by)
        draws.append(draw)
    return draws


@transaction.atomic
def freeze_draw(*, draw: Draw, by: User | None, now: dt.datetime) -> Draw:
    """Fix who takes part, from the ledger as it stands. Raises DrawRefusedError outside its time or a second time."""
    draw = _lock(draw)
    if draw.frozen_at:
        raise DrawRefusedError(Refusal.WRONG_STAGE)
    if now < draw.all_in_at:
        raise DrawRefusedError(Refusal.TOO_EARLY, at=_clock(draw.contest, draw.all_in_at))
    if now >= draw.known_at:
        raise DrawRefusedError(Refusal.TOO_LATE)
    batch = ledger_head().batch
    entries = entries_until(draw.contest, draw.commitment, batch)
    draw.frozen_at, draw.count, draw.entries = now, len(entries), "".join(f"{id_}\n" for id_ in entries)
    draw.save(update_fields=["frozen_at", "count", "entries"])
    _write(draw, core.Freeze(batch, len(entries), core.list_hash(entries)), now)
    _note(draw, "draw.freeze", by)
    return draw


@transaction.atomic
def reveal_draw(*, draw: Draw, public: str, by: User | None, now: dt.datetime) -> Draw:
    """Mix in the public number and draw. Raises DrawRefusedError before it is known or a second time."""
    draw, public = _lock(draw), public.strip()
    if not draw.frozen_at or draw.revealed_at:
        raise DrawRefusedError(Refusal.WRONG_STAGE)
    if now < draw.known_at:
        raise DrawRefusedError(Refusal.NOT_KNOWN, at=_clock(draw.contest, draw.known_at))
    if not core.is_public_text(public):
        raise DrawRefusedError(Refusal.PUBLIC, "public", limit=core.MAX_PUBLIC_TEXT)
    draw.revealed_at, draw.public, draw.seed = now, public, _seed(draw)
    draw.winners = core.winners(draw.entries.split(), draw.commitment, draw.seed, public)
    draw.save(update_fields=["revealed_at", "public", "seed", "winners"])
    _write(draw, core.Reveal(draw.seed, public, core.list_hash(draw.winners)), now)
    _note(draw, "draw.reveal", by)
    return draw


@transaction.atomic
def invite_winners(
    *,
    draw: Draw,
    purpose: Mapping[str, str],
    closes: dt.datetime,
    delete_on: dt.date,
    by: User | None,
    now: dt.datetime,
) -> list[Claim]:
    """Let each who wins as things stand leave a contact until `closes`. Gives the claims of those invited now.

    Whoever was invited before keeps the dates that they were told; called again after an exclusion, or when somebody left
    no contact in time, it invites only who moved up. `delete_on` counts in the zone of `closes`. Raises DrawRefusedError.
    """
    draw = _lock(draw)
    if not draw.revealed_at:
        raise DrawRefusedError(Refusal.WRONG_STAGE)
    if not now < closes <= now + LONGEST:
        raise DrawRefusedError(Refusal.CLOSES, "closes")
    if not closes.date() < delete_on <= closes.date() + LONGEST:
        raise DrawRefusedError(Refusal.DELETE_ON, "delete_on")
    return invite_to_claim(
        contest=draw.contest.slug, edition=draw.contest.edition, unit=draw.contest.owner, award=draw.award,
        participants=to_invite(draw, now=now), purpose=dict(purpose), closes=closes, delete_on=delete_on, by=by, now=now,
    )  # fmt: skip


def _check(terms: Terms, contest: Contest, most: int, now: dt.datetime) -> None:
    if not 1 <= terms.prizes <= core.MAX_PRIZES:
        raise DrawRefusedError(Refusal.PRIZES, "prizes", limit=core.MAX_PRIZES)
    if not 0 <= terms.reserve <= core.MAX_PRIZES:
        raise DrawRefusedError(Refusal.RESERVE, "reserve", limit=core.MAX_PRIZES)
    if not 1 <= terms.least <= most:
        raise DrawRefusedError(Refusal.LEAST, "least", limit=most)
    if not core.is_public_text(terms.source):
        raise DrawRefusedError(Refusal.SOURCE, "source", limit=core.MAX_PUBLIC_TEXT)
    if terms.day and not contest.local_opens.date() <= terms.day <= contest.local_closes.date():
        raise DrawRefusedError(Refusal.OUTSIDE, "day", day=terms.day.isoformat())
    if terms.known_at <= all_in_at(contest, terms.day):
        raise DrawRefusedError(Refusal.KNOWN_EARLY, "known_time")
    if terms.known_at <= now:
        raise DrawRefusedError(Refusal.OVER, "day")


def _lock(draw: Draw) -> Draw:
    return Draw.objects.select_for_update(of=("self",)).select_related("contest").get(pk=draw.pk)


def _seed(draw: Draw) -> str:
    """Known to the server's key alone until it is revealed; not in the database before."""
    return hmac.digest(derive_key(settings.SECRET_KEY, "prize draws"), draw.pk.bytes, "sha256").hex()


def _write(draw: Draw, step: core.Step, now: dt.datetime) -> None:
    day, at_ms = now.astimezone(dt.UTC).date().isoformat(), int(now.timestamp() * 1000)
    text = core.write_step(step)
    append_entry(entry=Entry("draw", day, str(draw.pk), draw.contest.slug, NOBODY, "", 0, 0, at_ms, text))


def _note(draw: Draw, verb: str, by: User | None) -> None:
    after = {"day": str(draw.day or ""), "prizes": draw.prizes, "count": draw.count, "public": draw.public}
    record(actor=by, verb=verb, thing=draw, unit=draw.contest.owner_id, after=after)


def _clock(contest: Contest, at: dt.datetime) -> str:
    return f"{at.astimezone(ZoneInfo(contest.zone)):%Y-%m-%d %H:%M} ({contest.zone})"
