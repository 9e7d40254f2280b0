"""The plan of a unit: reading and writing it, what an issue would do, and the issue on its way."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.editions.queries import editions_published
from cyberweek.kernel.actions import Outdated
from cyberweek.kernel.views import once, page_of
from cyberweek.planning import actions, jobs, rules
from cyberweek.planning.forms.plans import ArrangementForm, PlanForm, ReachForm, TakeForm, WithdrawForm
from cyberweek.planning.models import Arrangement, Plan
from cyberweek.planning.queries import plans as queries
from cyberweek.regions.queries import Scope, scope_of, units_visible_to

AT_ONCE: Final = 2000
"""Tasks that are made while the page waits; more are made by the job."""

SHOWN: Final = 50


@require_safe
@organiser_required
def plan_detail(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    """The plan that concerns this person most: their own unit's, else the nearest above, else a way to begin one."""
    the_edition = get_object_or_404(editions_published(), slug=edition)
    scope = scope_of(request.user)
    visible = queries.plans_visible_to(request.user, scope).filter(edition=the_edition)
    own = visible.filter(unit__in=scope.units).order_by("unit__ancestry__len").first()
    found = own or visible.filter(issued_at__isnull=False).order_by("-unit__ancestry__len").first()
    if found:
        return redirect("planning:plan-of", edition, found.unit.code)
    units = queries.units_without_a_plan(scope, the_edition)
    context = {"edition": the_edition, "units": units if rules.takes_plans(the_edition) else []}
    return render(request, "planning/plan_none.html", context)


@require_safe
@organiser_required
def plan_of(request: OrganiserRequest, edition: str, unit: str) -> HttpResponseBase:
    """A unit's plan: as a table for who writes it, as a text to read and print for everybody (`?view=text`)."""
    plan, scope = plan_to_read(request, edition, unit)
    may_write = rules.may_write_plan(scope, plan.unit, plan.edition)
    arrangements = list(queries.arrangements_of(plan))
    issue = queries.issue_under_way(plan)
    visible = queries.plans_visible_to(request.user, scope).filter(edition=plan.edition)
    context = {
        "edition": plan.edition,
        "plan": plan,
        "lines": queries.lines_of(plan, arrangements),
        "issue": issue,
        "last": plan.issues.select_related("by").first(),
        "may_write": may_write,
        "as_text": request.GET.get("view") == "text" or (not may_write and request.GET.get("view") != "table"),
        "may_come": may_write and plan.issued_at and not issue,
        "others": visible.exclude(pk=plan.pk).order_by("unit__ancestry__len", "unit__code")[:SHOWN],
        "without": queries.units_without_a_plan(scope, plan.edition)[:5],
        "made": queries.tasks_made(plan) if plan.issued_at else 0,
    }
    return render(request, "planning/plan_detail.html", context)


@require_safe
@organiser_required
def plan_come_since(request: OrganiserRequest, edition: str, unit: str) -> HttpResponseBase:
    """How many units have come since the plan was issued: a part of its page that is fetched once it stands, since the
    whole nation has to be gone through. Without script the preview says the same."""
    plan, scope = plan_to_read(request, edition, unit)
    if not rules.may_write_plan(scope, plan.unit, plan.edition):
        raise PermissionDenied
    context = {"edition": plan.edition, "plan": plan, "come_since": queries.units_come_since(plan)}
    return render(request, "planning/_come_since.html", context)


def plan_to_read(request: OrganiserRequest, edition: str, unit: str) -> tuple[Plan, Scope]:
    scope = scope_of(request.user)
    visible = queries.plans_visible_to(request.user, scope).filter(edition__slug=edition)
    plan = get_object_or_404(visible.select_related("edition", "unit"), unit__code=unit)
    if plan.issued_at is None and not plan.issues.exists() and not rules.may_write_plan(scope, plan.unit, plan.edition):
        raise Http404  # a draft is its writers' alone
    return plan, scope


def plan_to_write(request: OrganiserRequest, edition: str, unit: str) -> Plan:
    plan, scope = plan_to_read(request, edition, unit)
    if not rules.may_write_plan(scope, plan.unit, plan.edition):
        raise PermissionDenied(_("The plan is written by the coordinators of %(unit)s.") % {"unit": plan.unit})
    return plan


def _at(plan: Plan, name: str = "plan-of", *rest: Any) -> HttpResponseRedirect:
    return redirect(f"planning:{name}", plan.edition.slug, plan.unit.code, *rest)


@organiser_required
def plan_edit(request: OrganiserRequest, edition: str, unit: str) -> HttpResponseBase:
    """Begin a unit's plan, or change its title and preface."""
    the_edition = get_object_or_404(editions_published(), slug=edition)
    scope = scope_of(request.user)
    the_unit = get_object_or_404(units_visible_to(request.user, scope), code=unit)
    if not rules.may_write_plan(scope, the_unit, the_edition):
        raise PermissionDenied(_("The plan is written by the coordinators of %(unit)s.") % {"unit": the_unit})
    plan = queries.plan_to_edit(the_unit, the_edition)
    form = PlanForm(request.POST if request.method == "POST" else None, instance=plan)
    if request.method == "POST" and form.is_valid() and (saved := _save_plan(request, plan, form)):
        return _at(saved)
    context = {"edition": the_edition, "form": form, "unit": the_unit, "plan": plan if plan.pk else None}
    return render(request, "planning/plan_form.html", context, status=_status(form))


def _save_plan(request: OrganiserRequest, plan: Plan, form: PlanForm) -> Plan | None:
    """The plan as it was begun or saved; None when somebody else was faster, which the form then shows."""
    words = {"title": form.cleaned_data["title"], "preface": form.cleaned_data["preface"]}
    if not plan.pk:
        messages.success(request, _("The plan is begun. Add what must happen, or take it from the plan above."))
        return actions.create_plan(edition=plan.edition, unit=plan.unit, **words, by=request.user)
    try:
        saved = actions.edit_plan(plan=plan, **words, version=form.revision, by=request.user)
    except Outdated as found:
        _meet(form, found.present)
        return None
    messages.success(request, _("The plan is saved."))
    return saved


def _status(form: PlanForm | ArrangementForm) -> int:
    return 409 if form.met else 422 if form.errors else 200


def _meet(form: PlanForm | ArrangementForm, present: Any) -> None:
    """Tell the second of two editors what the first changed, beside their own text; saving again is then theirs."""
    form.meet(revision=present.version, row=form.row_of(present))


@organiser_required
@once
def arrangement_create(request: OrganiserRequest, edition: str, unit: str) -> HttpResponseBase:
    """Add something that must happen."""
    plan = plan_to_write(request, edition, unit)
    form = ArrangementForm(
        request.POST if request.method == "POST" else None, instance=Arrangement(plan=plan), plan=plan
    )
    if request.method != "POST" or not form.is_valid() or request.POST.get("then") == "look":
        return _arrangement_page(request, plan, form)
    data = form.cleaned_data
    made = actions.add_arrangement(
        plan=plan, fields=form.as_fields(), units=data["units"], after=data["after"], by=request.user
    )
    messages.success(request, _("%(code)s “%(title)s” is in the plan.") % {"code": made.code, "title": made.title})
    if request.POST.get("then") == "another":
        return _at(plan, "arrangement-create")
    return _at(plan)


@organiser_required
def arrangement_edit(request: OrganiserRequest, edition: str, unit: str, code: str) -> HttpResponseBase:
    """Change an arrangement; tasks follow when the plan is issued again."""
    plan = plan_to_write(request, edition, unit)
    row = get_object_or_404(queries.arrangements_of(plan), code=code)
    form = ArrangementForm(request.POST if request.method == "POST" else None, instance=row, plan=plan)
    if request.method == "POST" and form.is_valid() and request.POST.get("then") != "look":
        data = form.cleaned_data
        try:
            actions.edit_arrangement(
                arrangement=row, fields=form.as_fields(), units=data["units"], after=data["after"],
                version=form.revision, by=request.user,
            )  # fmt: skip
        except Outdated as found:
            _meet(form, found.present)
        else:
            messages.success(request, _("%(code)s is saved.") % {"code": code})
            return _at(plan)
    return _arrangement_page(request, plan, form, code)


def _arrangement_page(request: OrganiserRequest, plan: Plan, form: ArrangementForm, code: str = "") -> HttpResponse:
    one = form.instance
    if request.method == "POST":
        reach = ReachForm(request.POST)
    else:
        codes = " ".join(unit.code for unit in one.units.all()) if one.pk else ""
        reach = ReachForm(
            {"levels": one.levels, "sectors": one.sectors, "units": codes, "begins": one.begins, "due": one.due}
        )
    context = {
        "edition": plan.edition, "plan": plan, "form": form, "code": code, "arrangement": one, **_told(reach, plan),
    }  # fmt: skip
    return render(request, "planning/arrangement_form.html", context, status=_status(form))


def _told(reach: ReachForm, plan: Plan) -> dict[str, Any]:
    """What the live line says: how many units, the first of them, the dates, and the way to the whole list."""
    told = reach.told(plan)
    units = told.pop("units").select_related("region").order_by("ancestry")
    return {**told, "n": units.count(), "first": list(units[:6]), "asked": reach.as_query()}


@require_safe
@organiser_required
def arrangement_reach(request: OrganiserRequest, edition: str, unit: str) -> HttpResponseBase:
    """Whom an arrangement would fall to, as it is filled in: the live line of its form, or the whole list as a page."""
    plan = plan_to_write(request, edition, unit)
    reach = ReachForm(request.GET)
    if request.headers.get("HX-Request"):
        return render(request, "planning/_reach.html", {"edition": plan.edition, "plan": plan, **_told(reach, plan)})
    page = page_of(reach.told(plan)["units"].select_related("region").order_by("ancestry"), request, size=SHOWN)
    return render(request, "planning/arrangement_reach.html", {"edition": plan.edition, "plan": plan, "page": page})


@organiser_required
def arrangement_withdraw(request: OrganiserRequest, edition: str, unit: str, code: str) -> HttpResponseBase:
    """Take an arrangement back, with a reason once it has gone down; or let it stand again."""
    plan = plan_to_write(request, edition, unit)
    row = get_object_or_404(queries.arrangements_of(plan), code=code)
    if row.is_withdrawn:
        if request.method == "POST":
            actions.restore_arrangement(arrangement=row, by=request.user)
            messages.success(request, _("%(code)s stands again.") % {"code": code})
        return _at(plan)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if not row.issued:
        form.fields["because"].required = False
    if request.method == "POST" and form.is_valid():
        actions.withdraw_arrangement(arrangement=row, because=form.cleaned_data["because"], by=request.user)
        told = (
            _("%(code)s is withdrawn; units hear of it with the next issue.") if row.issued else _("%(code)s is out.")
        )
        messages.success(request, told % {"code": code})
        return _at(plan)
    context = {"edition": plan.edition, "plan": plan, "row": row, "form": form}
    return render(request, "planning/arrangement_withdraw.html", context, status=422 if form.errors else 200)


@organiser_required
@once
def plan_take(request: OrganiserRequest, edition: str, unit: str) -> HttpResponseBase:
    """Take arrangements of the plans above as templates of one's own."""
    plan = plan_to_write(request, edition, unit)
    offered = queries.arrangements_offered(plan)
    form = TakeForm(request.POST if request.method == "POST" else None, offered=offered)
    if request.method == "POST" and form.is_valid():
        made = actions.take_arrangements(
            plan=plan, arrangements=list(form.cleaned_data["arrangement"]), by=request.user
        )
        n = len(made)
        told = ngettext("%(n)d arrangement is taken over.", "%(n)d arrangements are taken over.", n)
        messages.success(request, told % {"n": n})
        return _at(plan)
    context = {"edition": plan.edition, "plan": plan, "offered": offered, "form": form}
    return render(request, "planning/plan_take.html", context, status=422 if form.errors else 200)


@organiser_required
def plan_issue(request: OrganiserRequest, edition: str, unit: str) -> HttpResponseBase:
    """What an issue would do, task by task in numbers; pressed, it is on its way."""
    plan = plan_to_write(request, edition, unit)
    if request.method == "POST":
        return _press(request, plan)
    if under_way := queries.issue_under_way(plan):
        return _at(plan, "issue-detail", under_way.number)
    preview = queries.preview_of(plan)
    return render(request, "planning/plan_issue.html", {"edition": plan.edition, "plan": plan, "preview": preview})


def _press(request: OrganiserRequest, plan: Plan) -> HttpResponseBase:
    try:
        issue = actions.begin_issue(plan=plan, by=request.user, now=timezone.now())
    except actions.PlanRefused:
        messages.error(request, _("The plan cannot be issued as it stands: see what is wrong below."))
        return _at(plan, "plan-issue")
    if sum(queries.counts_of(plan.unit, queries.arrangements_of(plan)).values()) <= AT_ONCE:
        actions.run_issue(issue.pk)
    else:
        jobs.issue_plan.defer(issue=issue.pk)
    return _at(plan, "issue-detail", issue.number)


@require_safe
@organiser_required
def issue_detail(request: OrganiserRequest, edition: str, unit: str, number: int) -> HttpResponseBase:
    """How far an issue is, and what it did."""
    plan, scope = plan_to_read(request, edition, unit)
    issue = get_object_or_404(plan.issues.select_related("by"), number=number)
    context = {
        "edition": plan.edition, "plan": plan, "issue": issue, "waiting": issue.finished is None,
        "may_write": rules.may_write_plan(scope, plan.unit, plan.edition),
    }  # fmt: skip
    return render(request, "planning/issue_detail.html", context)
