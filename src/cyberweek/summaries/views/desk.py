"""The summary as it stands now, its sections, and who owes one."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.editions.queries import editions_published, today_in
from cyberweek.kernel.actions import Outdated
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.kernel.views import page_of
from cyberweek.regions.queries import scope_of
from cyberweek.summaries import actions
from cyberweek.summaries.core.tokens import typed_numbers
from cyberweek.summaries.enums import Part, State
from cyberweek.summaries.formats.pages import page_sections
from cyberweek.summaries.forms import SectionForm
from cyberweek.summaries.queries import standing as now_query
from cyberweek.summaries.queries import summaries as queries

from .shared import At, at_unit, language_of, page, rows_at

_SHOWN: Final = 50


@require_safe
@organiser_required
def summary_home(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    """The summary of the person's own unit; without one the units whose summaries they may open."""
    found = get_object_or_404(editions_published(), slug=edition)
    scope = scope_of(request.user)
    units = queries.units_with_a_summary(request.user, scope, found)
    own = units.filter(pk__in=scope.units).order_by("ancestry__len", "code").first()
    if own:
        return redirect("summaries:summary", edition, own.code)
    context = {"edition": found, "page": page_of(units.order_by("ancestry"), request, size=_SHOWN)}
    return render(request, "summaries/summary_none.html", context)


@require_safe
@organiser_required
def summary_detail(request: OrganiserRequest, edition: str, unit: str) -> HttpResponseBase:
    """The summary with the figures of this moment."""
    at, now = at_unit(request, edition, unit), timezone.now()
    content = now_query.standing(at.edition, at.unit, now=now)
    below = content["below"]
    versions = list(queries.versions_of(at.summary)[:10])
    due = queries.due_day(at.edition, at.unit)
    context = {
        "content": content,
        "sections": page_sections(content, language_of(), where=rows_at(at.edition, content)),
        "versions": versions,
        "newest": versions[0] if versions else None,
        "state": State(at.summary.state if at.summary else State.DRAFT),
        "due": due,
        "late": today_in(at.edition, now=now) > due,
        "owing": sum(one["state"] not in {State.SENT, State.TAKEN} for one in below),
        "now": now,
    }
    return page(request, "summary_detail", at, context)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def section_edit(request: OrganiserRequest, edition: str, unit: str, part: str) -> HttpResponseBase:
    """The text of a section, with a picker of figures. The second of two editors sees the first's text beside theirs."""
    at, now = _to_write(request, edition, unit), timezone.now()
    content = now_query.standing(at.edition, at.unit, now=now)
    section = queries.sections_of(at.summary).get(part)
    text = next(one["text"] for one in content["sections"] if one["part"] == part)
    initial, theirs = {"text": text, "revision": section.revision if section else 0}, None
    form = SectionForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_section(
                edition=at.edition, unit=at.unit, part=part, text=form.cleaned_data["text"],
                revision=form.cleaned_data["revision"], by=request.user, now=now,
            )  # fmt: skip
        except Outdated as found:
            theirs = _meanwhile(form, found.present)
        else:
            messages.success(request, _("Saved. The figures in it stay live until the summary is frozen."))
            return redirect("summaries:summary", edition, unit)
    shown = form.cleaned_data.get("text") if form.is_bound and hasattr(form, "cleaned_data") else LocalizedText(text)
    context = {
        "form": form, "part": Part(part), "theirs": theirs, "picks": _picks(content),
        "numbers": [number for one in (shown or {}).values() for number in typed_numbers(one)],
    }  # fmt: skip
    return page(request, "section_form", at, context, status=422 if form.errors else 200)


def _to_write(request: OrganiserRequest, edition: str, unit: str) -> At:
    at = at_unit(request, edition, unit)
    if not at.may_write:
        raise PermissionDenied(_("The summary is written by %(unit)s and the units above it.") % {"unit": at.unit})
    return at


def _meanwhile(form: Any, present: Any) -> Any:
    """What the other one saved, to stand beside one's own text; saving again is then one's own."""
    form.data = form.data.copy()
    form.data["revision"] = str(present.revision if present else 0)
    form.add_error(
        None,
        _(
            "Somebody else has saved it meanwhile. What they wrote stands below, what you wrote in the fields; saving"
            " again keeps yours."
        ),
    )
    return present


def _picks(content: dict[str, Any]) -> list[dict[str, Any]]:
    """What may be put into the text: token, name, what it says now."""
    tables = {
        "figures": _("The main figures, large"), "below": _("Who has sent a summary"), "days": _("Theme days"),
        "kinds": _("Activities by kind"), "cases": _("Cases"), "lessons": _("Lessons"),
    }  # fmt: skip
    made: list[dict[str, Any]] = [
        {"token": f"{{table:{code}}}", "kind": "table", "label": label} for code, label in tables.items()
    ]
    for token, kind, label, value in now_query.pickable(content):
        made.append({"token": token, "kind": kind, "label": str(LocalizedText(label)), "value": value})
    return made


@require_safe
@organiser_required
def below(request: OrganiserRequest, edition: str, unit: str) -> HttpResponseBase:
    """The units right below and how far their summaries are: those that have not sent theirs first."""
    at = at_unit(request, edition, unit)
    rows = queries.units_owing(at.edition, at.unit)
    owing = queries.still_owing(at.edition, rows).count()
    shown = page_of(rows, request, size=_SHOWN)
    context = {
        "page": shown, "lines": queries.as_owed(shown.object_list), "owing": owing, "n": shown.paginator.count,
        "dues": {one.level: queries.due_day(at.edition, one) for one in shown.object_list},
        "may_remind": at.may_freeze,
    }  # fmt: skip
    return page(request, "below", at, context)


@require_POST
@organiser_required
def remind(request: OrganiserRequest, edition: str, unit: str) -> HttpResponseBase:
    """Write to all right below that have not sent theirs, or to the one that is named."""
    at = at_unit(request, edition, unit)
    if not at.may_freeze:
        raise PermissionDenied
    rows = queries.still_owing(at.edition, queries.units_owing(at.edition, at.unit))
    if code := request.POST.get("unit"):
        rows = rows.filter(code=code)
    sent = actions.remind_units(edition=at.edition, units=list(rows[:1000]), by=request.user, now=timezone.now())
    told = ngettext("%(n)d mail is on its way.", "%(n)d mails are on their way.", sent) % {"n": sent}
    messages.success(request, told)
    return redirect("summaries:below", edition, unit)
