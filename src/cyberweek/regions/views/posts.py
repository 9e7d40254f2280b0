"""Posts: who serves in a unit, in which roles; and access for those who lost theirs."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cyberweek.accounts.actions import give_first_password
from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.kernel.views import once
from cyberweek.regions import actions
from cyberweek.regions.actions import Refused
from cyberweek.regions.forms import DismissForm, PostForm, RolesForm
from cyberweek.regions.models import Post, Unit
from cyberweek.regions.queries import is_unled, posts_in, scope_of, units_of_person
from cyberweek.regions.rules import may_appoint, may_renew_access, runs

from .units import address, demand, form_page, refuse, unit_seen

FIRST = "first_password"  # in the session until it is shown: (post, password)


def _post_run(request: OrganiserRequest, code: str, pk: int) -> tuple[Unit, Post]:
    """The post, if this person sees its unit (else 404) and runs it (else 403)."""
    scope = scope_of(request.user)
    unit = unit_seen(request, code, scope)
    post = get_object_or_404(posts_in(unit), pk=pk)
    demand(runs(scope.coordinating, unit))
    return unit, post


@organiser_required
@require_http_methods(["GET", "HEAD", "POST"])
@once
def post_create(request: OrganiserRequest, code: str) -> HttpResponseBase:
    scope = scope_of(request.user)
    unit = unit_seen(request, code, scope)
    keeper = request.user.is_keeper
    demand(may_appoint(scope.coordinating, unit, is_keeper=keeper, is_unled=keeper and is_unled(unit)))
    form = PostForm(request.POST or None)
    if form.is_valid():
        try:
            return _appoint(request, form, unit)
        except Refused as refused:
            refuse(form, refused)
    heading = _("New post in %(unit)s") % {"unit": unit}
    return form_page(request, form, heading=heading, submit=_("Give the post"), back=address(unit))


def _appoint(request: OrganiserRequest, form: PostForm, unit: Unit) -> HttpResponseBase:
    given = form.cleaned_data
    if form.person:
        actions.appoint(person=form.person, unit=unit, roles=given["roles"], by=request.user)
        messages.success(request, _("%(person)s serves here now.") % {"person": form.person})
        return redirect(address(unit))
    post, password = actions.appoint_new_person(
        username=given["username"], name=given["name"], unit=unit, roles=given["roles"], by=request.user
    )
    request.session[FIRST] = [post.pk, password]
    return redirect("regions:first-password", unit.code, post.pk)


@organiser_required
@require_http_methods(["GET", "HEAD", "POST"])
def post_edit(request: OrganiserRequest, code: str, pk: int) -> HttpResponseBase:
    unit, post = _post_run(request, code, pk)
    form = RolesForm(request.POST or None, initial={"roles": post.roles})
    if form.is_valid():
        try:
            actions.change_roles(post=post, roles=form.cleaned_data["roles"], by=request.user)
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect(address(unit))
    heading = _("%(person)s in %(unit)s") % {"person": post.person, "unit": unit}
    may_renew = may_renew_access(
        scope_of(request.user).coordinating, post.person, units_of_person(post.person), by=request.user
    )
    return form_page(
        request, form, heading=heading, submit=_("Save"), back=address(unit),
        post=post, may_renew=may_renew, template="regions/post_edit.html",
    )  # fmt: skip


@organiser_required
@require_http_methods(["GET", "HEAD", "POST"])
def post_dismiss(request: OrganiserRequest, code: str, pk: int) -> HttpResponseBase:
    unit, post = _post_run(request, code, pk)
    form = DismissForm(request.POST or None)
    if form.is_valid():
        try:
            actions.dismiss(post=post, by=request.user, reason=form.cleaned_data["reason"])
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("%(person)s no longer serves here.") % {"person": post.person})
            own = post.person == request.user
            return redirect("regions:unit-list") if own else redirect(address(unit))
    heading = _("End the post of %(person)s in %(unit)s?") % {"person": post.person, "unit": unit}
    lead = _("What they entered stays. The account stays too, for other posts.")
    return form_page(request, form, heading=heading, submit=_("End the post"), back=address(unit), lead=lead, danger=1)


@organiser_required
@require_http_methods(["GET", "HEAD", "POST"])
def post_access(request: OrganiserRequest, code: str, pk: int) -> HttpResponseBase:
    """A new first password for someone who lost password or authenticator."""
    unit, post = _post_run(request, code, pk)
    person, scope = post.person, scope_of(request.user)
    demand(may_renew_access(scope.coordinating, person, units_of_person(person), by=request.user))
    form = DismissForm(request.POST or None)
    if form.is_valid():
        password = give_first_password(user=person, by=request.user, reason=form.cleaned_data["reason"])
        request.session[FIRST] = [post.pk, password]
        return redirect("regions:first-password", unit.code, post.pk)
    heading = _("New first password for %(person)s?") % {"person": person}
    lead = _(
        "Their present password, authenticator, recovery codes and sessions end at once. Make sure that it is really them who ask: call back a number that you know."
    )
    submit = _("Make a first password")
    return form_page(request, form, heading=heading, submit=submit, back=address(unit), lead=lead, danger=1)


@never_cache
@organiser_required
@require_safe
def first_password(request: OrganiserRequest, code: str, pk: int) -> HttpResponseBase:
    """The first password, shown once to the one who made it."""
    unit, post = _post_run(request, code, pk)
    kept, password = request.session.pop(FIRST, (None, ""))
    context = {"unit": unit, "post": post, "password": password if kept == post.pk else ""}
    return render(request, "regions/first_password.html", context)
