"""The desk's list of activities, the page of one, and the steps that are taken there."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.editions.models import Edition
from cyberweek.editions.queries import editions_published, theme_days_of
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.kernel.views import Keyed, page_of
from cyberweek.programme import actions, queries, rules
from cyberweek.programme.core.moderation import RULES, Act
from cyberweek.programme.enums import Status
from cyberweek.programme.forms import ChosenForm, DeskFilter, ReasonForm
from cyberweek.programme.models import Activity
from cyberweek.regions.queries import Scope, regions_named, scope_of

PAGE: Final = 25
MANY: Final = (Act.APPROVE, Act.PUBLISH)  # steps that are taken with many at once


@require_safe
@organiser_required
def activity_list(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    """The list; with `?open=CODE` the panel of one beside it, which on a narrow screen stands in its place."""
    the_edition = get_object_or_404(editions_published(), slug=edition)
    now = timezone.now()
    scope = scope_of(request.user)
    visible = queries.activities_visible_to(request.user, scope).filter(edition=the_edition)
    form = DeskFilter(request.GET, edition=the_edition)
    asked = form.asked()
    rows = queries.listed(visible, asked, scope)
    page = page_of(Keyed(rows.filter(status=asked.state) if asked.state else rows), request, size=PAGE)
    opened = visible.filter(code=request.GET["open"]).first() if request.GET.get("open") else None
    waiting = queries.waiting_for(request.user, scope).filter(edition=the_edition)
    shown = {"edition": the_edition, "form": form, "asked": asked, "page": page, "opened": opened}
    context = {
        **shown,
        "tabs": _tabs(queries.state_counts(rows), asked.state),
        "lines": _lines(page, visible, scope, now),
        **_narrowing(asked, visible, scope),
        "waiting": waiting.values_list("status_since", flat=True),
        "may_register": rules.may_register(scope, the_edition),
        "days": _days(the_edition),
        **(_panel(opened, visible, scope, now) if opened else {}),
    }
    return render(request, "programme/desk_list.html", context)


def _narrowing(asked: queries.Asked, visible: QuerySet[Activity], scope: Scope) -> dict[str, Any]:
    """What the filters do that their controls do not show."""
    of_all = queries.listed(visible, replace(asked, problems=False), scope)
    return {
        "region": regions_named([asked.region]).get(asked.region) if asked.region else None,
        "too_many": asked.problems and queries.are_many(of_all),
        "compared": queries.COMPARED,
    }


def _days(edition: Edition) -> int:
    """How many segments the ring has."""
    return len(theme_days_of(edition)) or 7


def _tabs(counts: dict[str, int], state: str) -> list[tuple[str, str, int, bool]]:
    """Value, label, how many, whether it is open."""
    labels = [("", _("All"), sum(counts.values()))]
    order = (Status.SUBMITTED, Status.RETURNED, Status.DRAFT, Status.APPROVED, Status.PUBLISHED, Status.CANCELLED)
    labels += [(status, str(status.label), counts[status]) for status in order]
    return [(value, label, n, value == state) for value, label, n in labels]


def _lines(page: Page[Activity], visible: QuerySet[Activity], scope: Scope, now: dt.datetime) -> list[dict[str, Any]]:
    rows = list(page)
    steps = queries.last_steps(rows)
    near = queries.near_duplicates(rows, visible)
    return [
        {
            "activity": row,
            "remarks": queries.remarks(row, step=steps.get(row.pk), near=near.get(row.pk, []), now=now)[:2],
            "many": [act for act in rules.acts_open(scope, row) if act in MANY],
        }
        for row in rows
    ]


def _panel(activity: Activity, visible: QuerySet[Activity], scope: Scope, now: dt.datetime) -> dict[str, Any]:
    """What the panel and the page of one activity show."""
    near = queries.near_duplicates([activity], visible).get(activity.pk, [])
    steps = list(queries.steps_of(activity))
    acts = rules.acts_open(scope, activity)
    remarks = queries.remarks(activity, step=steps[0] if steps else None, near=[], now=now)
    return {
        "activity": activity,
        "days": _days(activity.edition),
        "partners": list(activity.partners.select_related("unit")),
        "steps": steps,
        "acts": [act.value for act in acts],
        "may_edit": rules.may_edit(scope, activity),
        "may_decide": rules.may_take(scope, activity, Act.APPROVE),
        "checks": queries.checks(activity, near) if activity.status != Status.CANCELLED else [],
        "said": remarks[0] if remarks and activity.status in {Status.RETURNED, Status.CANCELLED} else None,
    }


@require_safe
@organiser_required
def activity_detail(request: OrganiserRequest, edition: str, code: str) -> HttpResponseBase:
    """The page of one activity at the desk, with its history."""
    the_edition, visible, scope = _desk(request, edition)
    activity = get_object_or_404(queries.with_partners(visible), code=code)
    context = {"edition": the_edition, **_panel(activity, visible, scope, timezone.now())}
    return render(request, "programme/desk_detail.html", context)


def _desk(request: OrganiserRequest, edition: str) -> tuple[Edition, QuerySet[Activity], Scope]:
    the_edition = get_object_or_404(editions_published(), slug=edition)
    scope = scope_of(request.user)
    return the_edition, queries.activities_visible_to(request.user, scope).filter(edition=the_edition), scope


@require_POST
@organiser_required
def take(request: OrganiserRequest, edition: str, code: str, act: str) -> HttpResponseBase:
    """One step with one activity. Seeing it is not enough: who may not take the step is refused (403)."""
    the_edition, visible, scope = _desk(request, edition)
    activity = get_object_or_404(visible, code=code)
    step = Act(act)
    if not rules.may_take(scope, activity, step):
        raise PermissionDenied(_("%(code)s is not yours to decide on.") % {"code": code})
    form = ReasonForm(request.POST)
    if RULES[step].wants_reason and not form.is_valid():
        context = {"edition": the_edition, "form": form, "act": act, **_panel(activity, visible, scope, timezone.now())}
        return render(request, "programme/desk_reason.html", context, status=422)
    try:
        _take(step, activity, request, form.text() if RULES[step].wants_reason else None)
    except actions.StepsRefused as refused:
        messages.error(request, _("%(code)s was left as it is: %(why)s.") % {"code": code, "why": refused.why[code]})
    else:
        messages.success(request, _done(step) % {"code": code, "title": activity.title})
    return redirect(_back(request, the_edition, code))


def _take(act: Act, activity: Activity, request: OrganiserRequest, reason: LocalizedText | None) -> None:
    by, now = request.user, timezone.now()
    if act is Act.SUBMIT:
        actions.submit_activity(activity=activity, by=by, now=now)
    elif act is Act.RETURN:
        actions.return_activity(activity=activity, reason=reason or LocalizedText(), by=by, now=now)
    elif act is Act.CANCEL:
        actions.cancel_activity(activity=activity, reason=reason or LocalizedText(), by=by, now=now)
    else:
        _MANY[act](activities=[activity], by=by, now=now)


_MANY: Final = {Act.APPROVE: actions.approve_activities, Act.PUBLISH: actions.publish_activities}


def _done(act: Act) -> str:
    return {
        Act.SUBMIT: _("%(code)s “%(title)s” is sent in; the unit above decides."),
        Act.APPROVE: _("%(code)s “%(title)s” is approved. The public sees it once it is published."),
        Act.RETURN: _("%(code)s “%(title)s” is sent back with your message."),
        Act.PUBLISH: _("%(code)s “%(title)s” is published."),
        Act.CANCEL: _("%(code)s “%(title)s” is cancelled; its page says why."),
    }[act]


def _back(request: OrganiserRequest, edition: Edition, code: str) -> str:
    """To the list as it was, with the panel still open; without a list to the page of the activity."""
    if "list" in request.POST:
        return _list_address(edition, request.GET.urlencode())
    return reverse("programme:desk-detail", args=[edition.slug, code])


def _list_address(edition: Edition, query: str) -> str:
    return reverse("programme:desk-list", args=[edition.slug]) + (f"?{query}" if query else "")


@require_safe
@organiser_required
def ask_reason(request: OrganiserRequest, edition: str, code: str, act: str) -> HttpResponseBase:
    """The page that asks for the reason of a step: cancelling, and sending back from a phone."""
    the_edition, visible, scope = _desk(request, edition)
    activity = get_object_or_404(visible, code=code)
    if Act(act) not in rules.acts_open(scope, activity):
        raise PermissionDenied(_("%(code)s is not yours to decide on.") % {"code": code})
    context = {
        "edition": the_edition,
        "form": ReasonForm(),
        "act": act,
        **_panel(activity, visible, scope, timezone.now()),
    }
    return render(request, "programme/desk_reason.html", context)


@require_POST
@organiser_required
def take_many(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    """Approve or publish all that are ticked, or none: then it says which cannot be, and why."""
    the_edition, visible, scope = _desk(request, edition)
    back = redirect(_list_address(the_edition, request.GET.urlencode()))
    form = ChosenForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was ticked. Tick the activities first."))
        return back
    act, codes = Act(form.cleaned_data["act"]), form.cleaned_data["code"]
    chosen = list(visible.filter(code__in=codes))
    why: dict[str, Any] = {code: _("it is not in your list") for code in set(codes) - {one.code for one in chosen}}
    why |= {one.code: said for one in chosen if (said := rules.refusal(scope, one, act))}
    if not why:
        try:
            n = _MANY[act](activities=chosen, by=request.user, now=timezone.now())
        except actions.StepsRefused as refused:
            why = dict(refused.why)
    if why:
        messages.error(request, _refused_text(why))
    else:
        messages.success(request, _done_text(act, n))
    return back


def _done_text(act: Act, n: int) -> str:
    if act is Act.APPROVE:
        return ngettext("%(n)d activity is approved.", "%(n)d activities are approved.", n) % {"n": n}
    return ngettext("%(n)d activity is published.", "%(n)d activities are published.", n) % {"n": n}


def _refused_text(refused: dict[str, Any]) -> str:
    """“Nothing was changed. A007: it is not yours to decide on.”"""
    named = [_("%(code)s: %(why)s.") % {"code": code, "why": why} for code, why in sorted(refused.items())]
    return " ".join([_("Nothing was changed, for all are approved or none."), *named])
