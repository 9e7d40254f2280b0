"""Freezing, and what a frozen version says, is compared with, and goes through."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.kernel.views import once
from cyberweek.summaries import actions
from cyberweek.summaries.core.content import changes
from cyberweek.summaries.enums import Part, State, Table
from cyberweek.summaries.formats.open_data import COLUMNS
from cyberweek.summaries.formats.pages import page_sections
from cyberweek.summaries.formats.words import cells_in_words, change_lines
from cyberweek.summaries.forms import ReasonForm
from cyberweek.summaries.models import Version
from cyberweek.summaries.queries import links
from cyberweek.summaries.queries import standing as now_query
from cyberweek.summaries.queries import summaries as queries

from .shared import At, at_unit, base_of, language_of, page, short_links, version_at


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def freeze(request: OrganiserRequest, edition: str, unit: str) -> HttpResponseBase:
    """What a freeze would keep: who below is missing, what has changed since the last version. Then the freeze."""
    at, now = at_unit(request, edition, unit), timezone.now()
    if not at.may_freeze:
        raise PermissionDenied(_("The summary is frozen by those who decide in %(unit)s.") % {"unit": at.unit})
    if request.method == "POST":
        after = request.POST.get("after", "")
        version = actions.freeze_summary(
            edition=at.edition, unit=at.unit, base=base_of(request), by=request.user, now=now,
            after=int(after) if after.isascii() and after.isdigit() and len(after) < 8 else None,
        )  # fmt: skip
        messages.success(request, _("Version %(n)d is frozen.") % {"n": version.number})
        return redirect("summaries:version", edition, unit, version.number)
    content = now_query.standing(at.edition, at.unit, now=now)
    last = queries.latest_version(at.summary)
    context = {
        "missing": [one for one in content["below"] if one["state"] not in {State.SENT, State.TAKEN}],
        "n_below": len(content["below"]),
        "last": last,
        "lines": change_lines(changes(last.content, content), language_of()) if last else [],
        "unwritten": [Part(one["part"]).label for one in content["sections"] if not one["written"]],
        "lessons": len(content["lessons"]),
    }
    return page(request, "freeze", at, context)


@require_safe
@organiser_required
def version_detail(request: OrganiserRequest, edition: str, unit: str, number: int) -> HttpResponseBase:
    """A version as it was frozen, what it changed, and what may be done with it."""
    at = at_unit(request, edition, unit)
    version = version_at(at, number)
    before = queries.versions_of(at.summary).defer(None).filter(number=number - 1).first()
    context = {
        "version": version,
        "before": before,
        "lines": change_lines(changes(before.content, version.content), language_of()) if before else [],
        "sections": page_sections(version.content, language_of(), where=short_links(version.content)),
        "content": version.content,
        "public": queries.is_public(version),
        "waits": version.summary.state == State.SENT and version.summary.sent == number,
        "may_send": at.may_freeze and at.unit.parent_id is not None and number > (_sent(version) or 0),
    }
    return page(request, "version_detail", at, context)


def _sent(version: Version) -> int | None:
    return version.summary.sent if version.summary.state in {State.SENT, State.TAKEN} else None


@require_POST
@organiser_required
def step(request: OrganiserRequest, edition: str, unit: str, number: int, step: str) -> HttpResponseBase:
    """Send a version up, take it in, or publish it."""
    at, now = at_unit(request, edition, unit), timezone.now()
    version = version_at(at, number)
    if not (at.may_take if step == "take" else at.may_freeze):
        raise PermissionDenied
    try:
        if step == "send":
            actions.send_summary(summary=version.summary, version=version, by=request.user, now=now)
            told = _("Sent to %(unit)s.") % {"unit": at.unit.parent}
        elif step == "take":
            actions.take_summary(summary=version.summary, by=request.user, now=now)
            told = _("Taken in.")
        else:
            actions.publish_version(version=version, by=request.user, now=now)
            told = _("Published. Everybody can read it now.")
    except actions.ToldApart:
        return redirect("summaries:publish-anyway", edition, unit, number)
    except actions.Refused as refused:
        messages.error(request, str(refused), "bad")
    else:
        messages.success(request, told)
    return redirect("summaries:version", edition, unit, number)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
@once
def publish_anyway(request: OrganiserRequest, edition: str, unit: str, number: int) -> HttpResponseBase:
    """What this version and public ones would tell together; and publishing it all the same, with a reason."""
    at = at_unit(request, edition, unit)
    if not at.may_freeze:
        raise PermissionDenied
    version = version_at(at, number)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.publish_version(
            version=version, by=request.user, now=timezone.now(), reason=form.cleaned_data["reason"]
        )
        messages.success(request, _("Published. Everybody can read it now."))
        return redirect("summaries:version", edition, unit, number)
    context = {"form": form, "version": version, "beside": cells_in_words(links.told_apart(version), language_of())}
    return page(request, "publish_anyway", at, context, status=422 if form.errors else 200)


def _with_reason(request: OrganiserRequest, at: At, version: Version, *, back: bool) -> HttpResponseBase:
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            if back:
                actions.send_back(summary=version.summary, reason=reason, by=request.user, now=timezone.now())
            else:
                actions.unpublish_version(version=version, reason=reason, by=request.user)
        except actions.Refused as refused:
            messages.error(request, str(refused), "bad")
        else:
            messages.success(request, _("Sent back.") if back else _("Taken back from the public."))
        return redirect("summaries:version", at.edition.slug, at.unit.code, version.number)
    context = {"form": form, "version": version, "back": back}
    return page(request, "reason", at, context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def send_back(request: OrganiserRequest, edition: str, unit: str, number: int) -> HttpResponseBase:
    """Send a summary back to its unit, and say why."""
    at = at_unit(request, edition, unit)
    if not at.may_take:
        raise PermissionDenied
    return _with_reason(request, at, version_at(at, number), back=True)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def withdraw(request: OrganiserRequest, edition: str, unit: str, number: int) -> HttpResponseBase:
    """Take a version back from the public."""
    at = at_unit(request, edition, unit)
    if not at.may_freeze:
        raise PermissionDenied
    return _with_reason(request, at, version_at(at, number), back=False)


@require_safe
@organiser_required
def data(request: OrganiserRequest, edition: str, unit: str, number: int) -> HttpResponseBase:
    """The open data of a version, and what its columns mean."""
    at = at_unit(request, edition, unit)
    version = version_at(at, number)
    tables = [(Table(name), COLUMNS[name]) for name in Table.values]
    return page(request, "data", at, {"version": version, "tables": tables})
