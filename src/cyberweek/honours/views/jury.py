"""What a juror does: reads blind, declares conflicts, scores. Nothing on these pages says whose an entry is."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.editions.models import Edition
from cyberweek.editions.queries import editions_published
from cyberweek.honours import actions, queries
from cyberweek.honours.enums import SheetState
from cyberweek.honours.forms import ConflictForm, SheetForm
from cyberweek.honours.models import Juror, Sheet
from cyberweek.kernel.views import once, page_of

from .files import send_file
from .shared import page


@require_safe
@organiser_required
def sheet_list(request: OrganiserRequest, edition: str, call: int) -> HttpResponseBase:
    """The entries that the juror is to score, by number."""
    found, juror = _juror(request, edition, call)
    rows = queries.sheets_for(juror)
    shown = page_of(rows, request)
    titles = queries.covered_titles([sheet.entry for sheet in shown])
    return page(
        request, "jury_sheet_list", found, juror=juror, call=juror.call, page=shown, now=timezone.now(),
        rows=[(sheet, titles[sheet.entry_id]) for sheet in shown],
        declared=queries.conflicts_declared(juror), n_open=rows.filter(state=SheetState.TO_READ).count(),
    )  # fmt: skip


@organiser_required
def sheet_detail(request: OrganiserRequest, edition: str, call: int, number: int) -> HttpResponseBase:
    """One entry, covered, with its score sheet."""
    found, juror = _juror(request, edition, call)
    sheet = _sheet(juror, number)
    known = {score.criterion_id: score.value for score in sheet.scores.all()}
    form = SheetForm(
        request.POST or None,
        criteria=juror.call.criteria.all(),
        top=juror.call.top,
        known=known,
        initial={"note": sheet.note},
    )
    if request.method == "POST" and form.is_valid():
        hand_in = request.POST.get("then") == "hand-in"
        try:
            actions.save_sheet(
                sheet=sheet, values=form.values(), note=form.cleaned_data["note"], hand_in=hand_in, now=timezone.now()
            )
        except actions.RefusedError as why:
            form.refuse(why)
        else:
            return _after(request, found, juror, number, hand_in=hand_in)
    return _page(request, found, juror, sheet, form)


def _after(
    request: OrganiserRequest, edition: Edition, juror: Juror, number: int, *, hand_in: bool
) -> HttpResponseBase:
    """On to the next entry that is still to be scored; else back to the list."""
    if not hand_in:
        messages.success(request, _("Entry %(number)d is kept. It counts once you hand it in.") % {"number": number})
        return redirect("honours:jury", edition.slug, juror.call_id)
    messages.success(
        request, _("Entry %(number)d is scored. You can change it until the time is over.") % {"number": number}
    )
    left = queries.sheets_for(juror).filter(state=SheetState.TO_READ)
    following = left.filter(entry__number__gt=number).first() or left.first()
    if following is None:
        return redirect("honours:jury", edition.slug, juror.call_id)
    return redirect("honours:jury-sheet", edition.slug, juror.call_id, following.entry.number or 0)


def _page(request: OrganiserRequest, edition: Edition, juror: Juror, sheet: Sheet, form: SheetForm) -> HttpResponse:
    context: dict[str, Any] = {
        "juror": juror,
        "call": juror.call,
        "sheet": sheet,
        "case": queries.covered_entry(sheet.entry),
        "files": [(file.number, file.blind_name) for file in sheet.entry.files.select_related("attachment")],
        "form": form,
        "may_score": juror.call.takes_scores(timezone.now()),
    }
    return page(request, "jury_sheet_detail", edition, **context)


@require_safe
@organiser_required
def sheet_file(request: OrganiserRequest, edition: str, call: int, number: int, file: int) -> HttpResponseBase:
    """A file of an entry under its number: its own name might say whose it is."""
    _found, juror = _juror(request, edition, call)
    sheet = _sheet(juror, number)
    shown = get_object_or_404(sheet.entry.files.select_related("attachment"), number=file)
    return send_file(shown, request=request, name=shown.blind_name)


@organiser_required
@once
def conflict(request: OrganiserRequest, edition: str, call: int) -> HttpResponseBase:
    """The juror declares a conflict of interest."""
    found, juror = _juror(request, edition, call)
    form = ConflictForm(request.POST or None, initial={"number": request.GET.get("number")})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.declare_conflict(
                juror=juror, reason=data["reason"], unit=data["unit"], number=data["number"], now=timezone.now()
            )
        except actions.RefusedError as why:
            form.refuse(why)
        else:
            messages.success(request, _("Noted. You will not be asked to score it."))
            return redirect("honours:jury", found.slug, juror.call_id)
    return page(request, "jury_conflict", found, juror=juror, call=juror.call, form=form)


def _juror(request: OrganiserRequest, edition: str, call: int) -> tuple[Edition, Juror]:
    found = get_object_or_404(editions_published(), slug=edition)
    return found, get_object_or_404(queries.juries_of(request.user, found), call=call)


def _sheet(juror: Juror, number: int) -> Sheet:
    """The juror's sheet of an entry; none where they stepped back, or where a new post of theirs bars them."""
    rows = queries.sheets_for(juror)
    sheet = get_object_or_404(rows, entry__number=number)
    barred = queries.conflicts_of_jury([juror], [sheet.entry])
    return get_object_or_404(rows.none() if barred else rows, pk=sheet.pk)
