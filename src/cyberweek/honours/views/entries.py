"""Entries at the desk: those of one's units, and those sent in to calls that one leads."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.editions.models import Edition
from cyberweek.editions.queries import editions_published
from cyberweek.honours import actions, queries, rules
from cyberweek.honours.core.blindness import giveaways
from cyberweek.honours.enums import State
from cyberweek.honours.forms import EntryFilter, EntryForm, FilesForm
from cyberweek.honours.forms.entries import row_of
from cyberweek.honours.models import Entry
from cyberweek.kernel.actions import Outdated
from cyberweek.kernel.views import once, page_of
from cyberweek.regions.models import Unit
from cyberweek.regions.queries import Scope, scope_of

from .files import send_file
from .shared import at_call, page, refused

_TEXTS = ("title", "problem", "practice", "result", "reuse")


@require_safe
@organiser_required
def own_entries(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    """What the person's units and those below have written, whatever the call."""
    found = get_object_or_404(editions_published(), slug=edition)
    scope = scope_of(request.user)
    rows = queries.entries_visible_to(request.user, scope).filter(
        call__edition=found, unit__ancestry__overlap=list(scope.units)
    )
    form = EntryFilter(request.GET)
    rows = queries.entries_asked(rows, **form.asked()).order_by("-changed", "-pk")
    return page(request, "desk_entry_list", found, page=page_of(rows, request), form=form, call=None, here="entries")


@require_safe
@organiser_required
def call_entries(request: OrganiserRequest, edition: str, call: int) -> HttpResponseBase:
    """What was sent in to one call, for who leads it; others see theirs of it."""
    at = at_call(request, edition, call)
    form = EntryFilter(request.GET)
    rows = queries.entries_visible_to(request.user, at.scope).filter(call=at.call)
    rows = queries.entries_asked(rows, **form.asked()).order_by("number", "pk")
    return page(request, "desk_entry_list", at.edition, page=page_of(rows, request), form=form, call=at.call, here="")


@organiser_required
@once
def entry_create(request: OrganiserRequest, edition: str, call: int) -> HttpResponseBase:
    """Write a case for a call."""
    at = at_call(request, edition, call)
    now = timezone.now()
    units = queries.units_addressed(request.user, at.call, at.scope)
    if not at.call.takes_entries(now) or not units.exists():
        raise PermissionDenied(_("This call takes no entries of yours now."))
    form = EntryForm(request.POST or None, instance=Entry(call=at.call), units=units)
    then = request.POST.get("then", "keep")
    if request.method != "POST" or not form.is_valid() or (then == "submit" and form.lacks()):
        return page(request, "desk_entry_form", at.edition, form=form, call=at.call, entry=None)
    unit: Unit = form.cleaned_data["unit"]
    entry = actions.write_entry(
        call=at.call, unit=unit, fields=form.written(), figures=form.claimed(), by=request.user, now=now
    )
    return _kept(request, at.edition, entry, then, now)


@organiser_required
def entry_edit(request: OrganiserRequest, edition: str, entry: int) -> HttpResponseBase:
    """Go on writing. Who saves after somebody else sees their text beside the own, loses nothing, and may save again."""
    found, scope, shown = _entry(request, edition, entry)
    now = timezone.now()
    if not rules.may_edit_entry(scope, shown, now):
        raise PermissionDenied(_("This case cannot be changed now."))
    form = EntryForm(request.POST or None, instance=shown)
    then = request.POST.get("then", "keep")
    context = {"form": form, "call": shown.call, "entry": shown}
    if request.method != "POST" or not form.is_valid() or (then == "submit" and form.lacks()):
        return page(request, "desk_entry_form", found, **context)
    try:
        if saved := _saved(form, shown, request, now):
            return _kept(request, found, saved, then, now)
    except actions.RefusedError as why:
        form.refuse(why)
    answer = page(request, "desk_entry_form", found, **context)
    answer.status_code = 409 if form.met else answer.status_code
    return answer


def _saved(form: EntryForm, shown: Entry, request: OrganiserRequest, now: dt.datetime) -> Entry | None:
    """The entry as it was saved; None where somebody else was faster, which the form then says."""
    try:
        return actions.edit_entry(
            entry=shown, revision=form.revision, fields=form.written(), figures=form.claimed(), by=request.user, now=now
        )
    except Outdated as outdated:
        theirs: Entry = outdated.present
        form.meet(revision=theirs.revision, row=row_of(theirs), by=theirs.changed_by, at=theirs.changed)
        return None


def _kept(request: OrganiserRequest, edition: Edition, entry: Entry, then: str, now: dt.datetime) -> HttpResponseBase:
    """After saving: sent in where that was asked and nothing gives the unit away, or that is accepted."""
    told = bool(_given_away(entry))
    if then == "submit" and not told:
        try:
            actions.submit_entry(entry=entry, by=request.user, now=now)
        except actions.RefusedError as why:
            refused(request, why)
        else:
            messages.success(
                request, _("The case is sent in. Until the call closes you can take it back and change it.")
            )
    elif then == "submit":
        messages.warning(request, _("Kept, and not sent in yet: see below what gives your unit away."), "warn")
    else:
        messages.success(request, _("The case is kept as a draft."))
    return redirect("honours:desk-entry", edition.slug, entry.pk)


def _given_away(entry: Entry) -> list[tuple[str, list[str]]]:
    """Where the texts name the unit, its region or its people: the field's name, and the words."""
    wanted = queries.names_behind([entry])[entry.pk]
    found = []
    for name in _TEXTS:
        label = str(Entry._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # a plain field
        if words := [word for text in getattr(entry, name).values() for word in giveaways(text, wanted)]:
            found.append((label, list(dict.fromkeys(words))))
    labels = [text for one in entry.figures.all() for text in one.label.values()]
    if words := [word for text in labels for word in giveaways(text, wanted)]:
        found.append((pgettext("honours", "figures"), list(dict.fromkeys(words))))
    return found


@require_safe
@organiser_required
def entry_detail(request: OrganiserRequest, edition: str, entry: int) -> HttpResponseBase:
    """One case at the desk."""
    found, scope, shown = _entry(request, edition, entry)
    now = timezone.now()
    part = queries.part_of(request.user, shown.call, scope)
    return page(request, "desk_entry_detail", found, entry=shown, call=shown.call, **_context(scope, shown, part, now))


def _context(scope: Scope, entry: Entry, part: rules.Part, now: dt.datetime) -> dict[str, Any]:
    may_see_scores = rules.may_see_scores(entry.call, part)
    own_result = entry.call.state == State.PUBLISHED and rules.enters_for(scope, entry.unit)
    may_edit = rules.may_edit_entry(scope, entry, now)
    return {
        "figures": queries.shown_figures(entry),
        "files": list(entry.files.select_related("attachment")),
        "files_form": FilesForm() if may_edit else None,
        "may_edit": may_edit,
        "may_take_back": rules.may_take_back(scope, entry, now),
        "may_withdraw": rules.may_withdraw(scope, entry),
        "given_away": _given_away(entry) if may_edit else [],
        "lacking": actions.lacking(entry) if may_edit else [],
        "outcome": getattr(entry, "outcome", None) if may_see_scores or own_result else None,
        "sheets": list(queries.sheets_of_entry(entry)) if may_see_scores else [],
        "award": queries.shortlist_of(entry.call).filter(entry=entry).first(),
    }


@require_POST
@organiser_required
def entry_act(request: OrganiserRequest, edition: str, entry: int, act: str) -> HttpResponseBase:
    """Send in a draft, take it back, or withdraw it."""
    found, scope, shown = _entry(request, edition, entry)
    if not rules.enters_for(scope, shown.unit):
        raise PermissionDenied(_("This case is not yours to send in or to withdraw."))
    now, by = timezone.now(), request.user
    try:
        if act == "submit":
            actions.submit_entry(entry=shown, by=by, now=now)
            messages.success(
                request, _("The case is sent in. Until the call closes you can take it back and change it.")
            )
        elif act == "take-back":
            actions.take_back_entry(entry=shown, by=by, now=now)
            messages.success(request, _("The case is a draft again. Send it in before the call closes."))
        else:
            actions.withdraw_entry(entry=shown, by=by)
            messages.success(request, _("The case is withdrawn."))
    except actions.RefusedError as why:
        refused(request, why)
    return redirect("honours:desk-entry", found.slug, shown.pk)


@require_POST
@organiser_required
@once
def file_add(request: OrganiserRequest, edition: str, entry: int) -> HttpResponseBase:
    """Keep files beside a draft."""
    found, scope, shown = _entry(request, edition, entry)
    if not rules.may_edit_entry(scope, shown, timezone.now()):
        raise PermissionDenied(_("This case cannot be changed now."))
    form = FilesForm(request.POST, request.FILES, by=request.user)
    if form.is_valid():
        try:
            actions.add_files(entry=shown, files=form.cleaned_data["file"], by=request.user, now=timezone.now())
        except actions.RefusedError as why:
            form.refuse(why)
    if form.errors:
        form.keep_files()
        part = queries.part_of(request.user, shown.call, scope)
        context = _context(scope, shown, part, timezone.now()) | {"files_form": form, "form": form}
        return page(request, "desk_entry_detail", found, entry=shown, call=shown.call, **context)
    messages.success(request, _("The files are kept."))
    return redirect("honours:desk-entry", found.slug, shown.pk)


@require_POST
@organiser_required
def file_remove(request: OrganiserRequest, edition: str, entry: int, number: int) -> HttpResponseBase:
    """Take a file away from a draft."""
    found, scope, shown = _entry(request, edition, entry)
    if not rules.may_edit_entry(scope, shown, timezone.now()):
        raise PermissionDenied(_("This case cannot be changed now."))
    file = get_object_or_404(shown.files.select_related("attachment", "entry"), number=number)
    try:
        actions.remove_file(file=file, by=request.user, now=timezone.now())
    except actions.RefusedError as why:
        refused(request, why)
    return redirect("honours:desk-entry", found.slug, shown.pk)


@require_safe
@organiser_required
def file_open(request: OrganiserRequest, edition: str, entry: int, number: int) -> HttpResponseBase:
    """A file under its own name, for who sees the entry."""
    _found, _scope, shown = _entry(request, edition, entry)
    file = get_object_or_404(shown.files.select_related("attachment"), number=number)
    return send_file(file, request=request)


def _entry(request: OrganiserRequest, edition: str, entry: int) -> tuple[Edition, Scope, Entry]:
    found = get_object_or_404(editions_published(), slug=edition)
    scope = scope_of(request.user)
    rows = queries.entries_visible_to(request.user, scope).filter(call__edition=found)
    return found, scope, get_object_or_404(rows, pk=entry)
