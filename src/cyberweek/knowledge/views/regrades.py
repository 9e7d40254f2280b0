"""Regrades on the desk: choose a release, see who would move and by how much, apply."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.editions.models import Edition
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.kernel.views import once
from cyberweek.knowledge import actions, jobs, queries
from cyberweek.knowledge.core.regrades import STEPS, Preview
from cyberweek.knowledge.enums import PreviewState
from cyberweek.knowledge.forms.rulings import RegradeForm
from cyberweek.knowledge.models import Contest, RegradePreview
from cyberweek.knowledge.queries import results
from cyberweek.knowledge.queries.promotions import contests_after
from cyberweek.knowledge.queries.rulings import is_outrun
from cyberweek.passport.queries import nicknames_of

from .rulings import ruled_contest

AT_ONCE: Final = 2000
"""Papers that are counted while the page waits; more are counted by a job."""


@organiser_required
@once
def regrade_list(request: OrganiserRequest, edition: str, contest: str) -> HttpResponse:
    """Releases by whose keys papers may be marked again; regrades that were applied."""
    found, shown = ruled_contest(request, edition, contest)
    if request.method == "POST":
        number = request.POST.get("release", "")
        try:
            preview = _begin(request, shown, int(number) if number.isascii() and number.isdigit() else 0)
        except actions.RulingRefusedError as refused:
            messages.error(request, " ".join(refused.reasons), "bad")
        else:
            return redirect("knowledge:desk-regrade-preview", found.slug, shown.slug, preview.pk)
    return _page(
        request, "desk_regrade", found, contest=shown, releases=results.regrade_choices(shown),
        regrades=list(results.regrades_of(shown)), previews=list(results.previews_of(shown)[:10]),
    )  # fmt: skip


@organiser_required
def regrade_detail(request: OrganiserRequest, edition: str, contest: str, pk: int) -> HttpResponse:
    """A preview, and its application. One that papers have outrun is counted again instead."""
    found, shown = ruled_contest(request, edition, contest)
    preview = get_object_or_404(results.previews_of(shown), pk=pk)
    applied = results.regrades_of(shown).filter(preview=preview).first()
    form = RegradeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.apply_regrade(preview=preview, **form.cleaned_data, by=request.user, now=timezone.now())
        except actions.RulingRefusedError as refused:
            if any(fault.reason == "stale" for fault in refused.faults):
                messages.warning(request, " ".join(refused.reasons), "warn")
                preview = _begin(request, shown, preview.release)
                return redirect("knowledge:desk-regrade-preview", found.slug, shown.slug, preview.pk)
            form.refuse(refused.faults)
        else:
            messages.success(request, _("Applied. The boards follow within seconds; the result before is kept."))
            return redirect("knowledge:desk-regrade-preview", found.slug, shown.slug, pk)
    return _page(
        request, "desk_regrade_preview", found, contest=shown, preview=preview, form=form, applied=applied,
        waiting=preview.state == PreviewState.WAITING, failed=preview.state == PreviewState.FAILED,
        outrun=applied is None and is_outrun(shown, release=preview.release, batch=preview.batch),
        **(_told(shown, preview) if preview.state == PreviewState.READY else {}),
    )  # fmt: skip


def _begin(request: OrganiserRequest, contest: Contest, release: int) -> RegradePreview:
    preview = actions.begin_preview(contest=contest, release=release, by=request.user, now=timezone.now())
    if preview.total <= AT_ONCE:
        actions.count_preview(preview)
    else:
        jobs.count_preview.defer(preview=preview.pk)
    return preview


def _told(contest: Contest, preview: RegradePreview) -> dict[str, Any]:
    """What a preview says, with nicknames and the items' words."""
    told = actions.told_by(preview)
    names = nicknames_of(results.people_in(told))
    release = get_object_or_404(queries.releases_of(contest), number=preview.release)
    stems = {item.id: LocalizedText(dict(item.stem.items())) for item in queries.pack_of(release).bank}
    sides = zip(_padded(told.before), _padded(told.after), strict=True)
    return {
        "told": told,
        "moves": _moves(told),
        "sides": [
            [(row, names.get(row.participant, "") if row else "") for row in pair] for pair in sides if any(pair)
        ],
        "movers": [
            (title, [(move, names.get(move.participant, "")) for move in moves])
            for title, moves in ((_("Largest gains"), told.gains), (_("Largest losses"), told.losses))
        ],
        "keys": [(key, stems[key.item]) for key in told.keys],
        "stakes": _stakes(contest, told, names),
    }


def _stakes(contest: Contest, told: Preview, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """What hangs on the boards, with the titles of contests that follow and the nicknames of those concerned."""
    titles = {later.slug: later for later in contests_after(contest)}
    return [
        {
            "line": line,
            "later": titles.get(line.name),
            "day": dt.date.fromisoformat(line.name) if line.kind == "draw" and line.name else None,
            "gainers": [names.get(who, "") or who for who in line.gainers],
            "losers": [names.get(who, "") or who for who in line.losers],
        }
        for line in told.lines
    ]


def _padded(rows: list[Any]) -> list[Any]:
    return [*rows, *[None] * (20 - len(rows))]


def _moves(told: Preview) -> list[tuple[str, int]]:
    """Classes of moves in words, from the greatest fall to the greatest rise."""
    bounds = [f"{low}–{high - 1}" for low, high in pairwise(STEPS)] + [f"{STEPS[-1]}+"]
    fell = [
        (_("down %(places)s") % {"places": bound}, told.moves.get(-size, 0)) for size, bound in enumerate(bounds, 1)
    ]
    rose = [(_("up %(places)s") % {"places": bound}, told.moves.get(size, 0)) for size, bound in enumerate(bounds, 1)]
    return [*reversed(fell), (_("same place"), told.moves.get(0, 0)), *rose]


def _page(request: OrganiserRequest, name: str, edition: Edition, **context: Any) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return render(request, f"knowledge/{name}.html", {"edition": edition, **context}, status=status)
