"""Writes: an inspection with the flags that it found, and the dismissal of a flag."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction

from cyberweek.kernel.actions import record
from cyberweek.knowledge.models import Contest
from cyberweek.knowledge.queries import ledger_head
from cyberweek.knowledge.queries.rulings import markers_of

from .core.inspection import Inspection as Rules
from .enums import FlagState
from .models import MAX_WORDS, Flag, Inspection
from .queries import origins_of, papers_of

if TYPE_CHECKING:
    from cyberweek.accounts.models import User


class NotDismissedError(Exception):
    """A flag is dismissed once, and with words."""


@transaction.atomic
def inspect_contest(*, contest: Contest, now: dt.datetime) -> Inspection:
    """Look at every paper by the published rules. What is found anew becomes a flag; what was dismissed stays so, with
    the evidence as it is now."""
    batch = ledger_head().batch
    rules, papers = Rules(markers_of(contest), origins_of(contest)), 0
    for paper in papers_of(contest, batch):
        rules.add(paper)
        papers += 1
    found = [
        Flag(
            contest=contest, rule=one.rule, subject=one.subject, participants=one.participants, chance=one.chance,
            evidence=one.evidence, found=now,
        )
        for one in rules.findings()
    ]  # fmt: skip
    Flag.objects.bulk_create(
        found,
        update_conflicts=True,
        unique_fields=["contest", "rule", "subject"],
        update_fields=["participants", "chance", "evidence"],
        batch_size=500,
    )
    return Inspection.objects.create(
        contest=contest, at=now, batch=batch, papers=papers, pairs=rules.compared, windows=rules.windows
    )


@transaction.atomic
def dismiss_flag(*, flag: Flag, words: str, by: User, now: dt.datetime) -> Flag:
    """Say why a flag means nothing. Raises NotDismissedError without words, or when somebody was first."""
    words = words.strip()
    flag = Flag.objects.select_for_update().select_related("contest").get(pk=flag.pk)
    if not words or len(words) > MAX_WORDS or flag.state != FlagState.OPEN:
        raise NotDismissedError
    flag.state, flag.words, flag.by, flag.dismissed = FlagState.DISMISSED, words, by, now
    flag.save(update_fields=["state", "words", "by", "dismissed"])
    record(actor=by, verb="flag.dismiss", thing=flag, unit=flag.contest.owner_id, reason=words)
    return flag
