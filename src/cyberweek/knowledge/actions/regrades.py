from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

import msgspec
from django.db import IntegrityError, transaction

from cyberweek.kernel.actions import record
from cyberweek.knowledge.core.boards import Boards, board_hash
from cyberweek.knowledge.core.reasons import Fault, faults_of_reason, tidied
from cyberweek.knowledge.core.regrades import Comparison, Preview, changed_keys
from cyberweek.knowledge.enums import PreviewState, RulingKind
from cyberweek.knowledge.models import Contest, Regrade, RegradePreview, Release, ResultVersion
from cyberweek.knowledge.queries import ledger_head
from cyberweek.knowledge.queries.promotions import followings_of
from cyberweek.knowledge.queries.rulings import (
    ancestry_of_regions,
    is_outrun,
    markers_of,
    papers_handed_in,
    papers_up_to,
    rulings_up_to,
)

from .refusals import RulingRefusedError
from .rulings import append_ruling
from .versions import keep_result

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

_PAPERS_BETWEEN_NEWS: Final = 5000


@transaction.atomic
def begin_preview(*, contest: Contest, release: int, by: User, now: dt.datetime) -> RegradePreview:
    """Note that a preview is wanted, as of the ledger's newest batch; `count_preview` fills it.

    Raises RulingRefusedError: no such release of this contest, the first one, or older than a regrade in force.
    """
    _refuse(_faults_of_release(contest, release))
    batch = ledger_head().batch
    return RegradePreview.objects.create(
        contest=contest, release=release, batch=batch, total=papers_handed_in(contest, batch), by=by, at=now
    )


def count_preview(preview: RegradePreview) -> None:
    """Grade every paper twice and note what differs. Outside of a transaction, so that its progress is seen."""
    if preview.state != PreviewState.WAITING:
        return
    try:
        told = _compare(preview)
    except Exception:
        RegradePreview.objects.filter(pk=preview.pk).update(state=PreviewState.FAILED)
        raise
    RegradePreview.objects.filter(pk=preview.pk, state=PreviewState.WAITING).update(
        state=PreviewState.READY, done=preview.total, told=msgspec.to_builtins(told, str_keys=True)
    )


@transaction.atomic
def apply_regrade(*, preview: RegradePreview, reason: str, confirmed: str, by: User, now: dt.datetime) -> Regrade:
    """Papers of earlier releases count by the release's keys from now on; the present result is kept first.

    `confirmed` is the release's number, typed again. Raises RulingRefusedError: not confirmed, no reason, not counted
    yet, changes nothing, applied already, or outrun by papers or rulings that the preview does not know (`stale`).
    """
    reason = tidied(reason)
    faults = list(faults_of_reason(reason))
    if confirmed.strip() != str(preview.release):
        faults.append(Fault("confirmed", "not-confirmed", {}))
    _refuse(faults)
    contest = (
        Contest.objects.select_for_update(of=("self",)).select_related("edition__scope").get(pk=preview.contest_id)
    )
    preview.refresh_from_db()
    if preview.state != PreviewState.READY:
        _refuse([Fault("__all__", "not-ready", {})])
    _refuse(_faults_of_release(contest, preview.release))
    if is_outrun(contest, release=preview.release, batch=preview.batch):
        _refuse([Fault("__all__", "stale", {})])
    told = told_by(preview)
    if not told.changed_papers:
        _refuse([Fault("__all__", "nothing-changes", {})])
    regrade = Regrade(contest=contest, release=preview.release, reason=reason, preview=preview, by=by, at=now)
    try:
        with transaction.atomic():
            regrade.save(force_insert=True)
    except IntegrityError as error:
        if Regrade.objects.filter(contest=contest, release=preview.release).exists():
            raise RulingRefusedError([Fault("__all__", "old-release", {"number": preview.release})]) from error
        raise
    changed = {"papers": told.changed_papers, "people": told.changed_people, "items": [key.item for key in told.keys]}
    after = {"release": preview.release, "batch": preview.batch, **changed}
    record(actor=by, verb="contest.regrade", thing=regrade, unit=contest.owner_id, after=after, reason=reason)
    keep_result(
        contest=contest, ruling=regrade.ruling, kind=RulingKind.REGRADE, reason=reason, now=now, changed=changed
    )
    append_ruling(
        kind="regrade", contest=contest.slug, release=regrade.release, ruling=regrade.ruling, reason=reason, now=now
    )
    return regrade


def told_by(preview: RegradePreview) -> Preview:
    """What a preview that is ready says, as a value."""
    return msgspec.convert(preview.told, Preview, strict=False)


def hash_version(version: ResultVersion) -> str:
    """The hash of the contest's boards as of the version's batch, computed from the ledger; kept with the version."""
    contest = version.contest
    markers = {(contest.slug, number): marker for number, marker in markers_of(contest).items()}
    boards = Boards(markers, ancestry_of_regions(), rulings_up_to(contest, version.batch))
    for entry in papers_up_to(contest, version.batch):
        boards.add(entry)
    found = board_hash(boards.tables())
    ResultVersion.objects.filter(pk=version.pk, boards="").update(boards=found)
    return found


def _compare(preview: RegradePreview) -> Preview:
    contest = preview.contest
    rulings, markers = rulings_up_to(contest, preview.batch), markers_of(contest)
    now = markers.get(rulings.regrades.get(contest.slug, 0))
    then = markers[preview.release]
    comparison = Comparison(then.pack.draw, then.pack.items * then.pack.points)
    for done, entry in enumerate(papers_up_to(contest, preview.batch), 1):
        marker = markers[entry.release]
        if marker.pack.practice or (entry.contest, entry.participant) in rulings.excluded:
            continue
        score = marker.mark(entry, now if now and now.pack.number > entry.release else None).score
        new_score = marker.mark(entry, then).score if then.pack.number > entry.release else score
        comparison.count(entry, score=score, new_score=new_score)
        if done % _PAPERS_BETWEEN_NEWS == 0:
            RegradePreview.objects.filter(pk=preview.pk).update(done=done)
    earlier = [marker.pack for number, marker in sorted(markers.items()) if number < preview.release]
    in_force = [now.pack] if now else []
    return comparison.preview(changed_keys([*earlier, *in_force], then.pack), followings_of(contest))


def _faults_of_release(contest: Contest, number: int) -> list[Fault]:
    if not Release.objects.filter(contest=contest.slug, number=number, published__isnull=False).exists():
        return [Fault("release", "no-release", {})]
    in_force = Regrade.objects.filter(contest=contest).order_by("-release").first()
    if in_force and number <= in_force.release:
        return [Fault("release", "old-release", {"number": in_force.release})]
    if not Release.objects.filter(contest=contest.slug, number__lt=number, published__isnull=False).exists():
        return [Fault("release", "first-release", {})]
    return []


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise RulingRefusedError(faults)
