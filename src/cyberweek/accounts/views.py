"""Signing in: password, then second factor; and the page about oneself."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from axes.helpers import get_cool_off
from django.contrib import auth, messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_otp import login as verify_session
from django_otp import user_has_device
from django_otp.plugins.otp_totp.models import TOTPDevice

from . import actions
from .forms import CodeForm, EnrolForm, PasswordForm, ProfileForm, RecoveryForm, RenewForm, SignInForm
from .queries import recovery_codes_left, sample_code
from .rules import OrganiserRequest, is_own_path, lead_to, organiser_required, step_before_desk

KEY = "second_factor_key"  # in the session until a code confirms it: no other session can know or confirm it
CODES = "recovery_codes"  # in the session until the person says they are kept


def _onward(request: HttpRequest) -> HttpResponseBase:
    """To the next step of signing in; after the last to where the person wanted to go."""
    route, wanted = step_before_desk(request.user), _wanted(request)
    if route is None:
        return redirect(wanted or "desk:overview")
    return redirect(reverse(route) + (f"?{urlencode({'next': wanted})}" if wanted else ""))


def _wanted(request: HttpRequest) -> str:
    """Where the person wanted to go, if that is on our own site, else ""."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if is_own_path(wanted) else ""


def _page(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    return render(request, template, {"next": _wanted(request), **context}, status=status)


def _stops(request: HttpRequest, route: str) -> HttpResponseBase | None:
    """None when this step of signing in is the next one or is behind; else the way to the one that comes first."""
    step = step_before_desk(request.user)
    return None if step in {None, route} else lead_to(step or route, request)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponseBase:
    if request.method != "POST" and request.user.is_authenticated:
        return _onward(request)
    form = SignInForm(request, request.POST or None)
    if form.is_valid() and form.user:
        auth.login(request, form.user)  # gives the session a new id
        return _onward(request)
    return _page(request, "accounts/sign_in.html", form=form)


def locked_out(
    request: HttpRequest,
    original_response: HttpResponse | None = None,  # noqa: ARG001 -- the signature that django-axes calls
    credentials: dict[str, Any] | None = None,  # noqa: ARG001 -- as above
) -> HttpResponse:
    """After too many wrong passwords for one name from one address: the right one is refused too, for a while."""
    pause = get_cool_off(request) or dt.timedelta()
    response = _page(
        request,
        "accounts/locked.html",
        status=429,
        minutes=round(pause.total_seconds() / 60),
        username=request.POST.get("username", ""),
    )
    response["Retry-After"] = str(round(pause.total_seconds()))
    return response


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponseBase:
    if step_before_desk(request.user) != "accounts:code" or not request.user.is_authenticated:
        return _onward(request)
    form = CodeForm(request.POST or None)
    sample = sample_code(request.user, now=timezone.now())
    if not form.is_valid():
        return _page(request, "accounts/code.html", form=form, sample=sample)
    checked = actions.check_code(user=request.user, code=form.cleaned_data["code"], now=timezone.now())
    if checked.device is None:
        form.add_error("code", _wrong_code(checked.wait))
        status = 429 if checked.wait else 200
        return _page(request, "accounts/code.html", form=form, sample=sample, status=status)
    request.session.cycle_key()
    verify_session(request, checked.device)
    if not isinstance(checked.device, TOTPDevice):
        messages.warning(request, _recovered(recovery_codes_left(request.user)))
    return _onward(request)


def _recovered(left: int) -> str:
    return ngettext(
        "You signed in with a recovery code; %(n)d is left. Set up your authenticator anew on your page.",
        "You signed in with a recovery code; %(n)d are left. Set up your authenticator anew on your page.",
        left,
    ) % {"n": left}


def _wrong_code(wait: dt.timedelta) -> str:
    if not wait:
        return _("This code is not right, or has expired or been used; enter the one shown now.")
    seconds = max(1, round(wait.total_seconds()))
    if seconds < 120:
        return ngettext(
            "Too many wrong codes: no code is taken for %(n)d second.",
            "Too many wrong codes: no code is taken for %(n)d seconds.",
            seconds,
        ) % {"n": seconds}
    return _("Too many wrong codes: no code is taken for %(n)d minutes.") % {"n": -(-seconds // 60)}


@never_cache
@login_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: OrganiserRequest) -> HttpResponseBase:
    """The first authenticator, or, from a verified session and with the password, another in its place."""
    if stop := _stops(request, "accounts:enrol"):
        return stop
    renewing = user_has_device(request.user)
    form: EnrolForm = (
        RenewForm(request, request.user, request.POST or None) if renewing else EnrolForm(request.POST or None)
    )
    key = request.session.setdefault(KEY, actions.new_key())
    if form.is_valid():
        made = actions.confirm_second_factor(
            user=request.user, key=key, code=form.cleaned_data["code"], now=timezone.now()
        )
        if made:
            return _enrolled(request, *made)
        form.add_error("code", _("This code does not fit; enter the six digits that the authenticator shows now."))
    device = TOTPDevice(user=request.user, key=key)
    return _page(
        request,
        "accounts/enrol.html",
        form=form,
        renewing=renewing,
        secret=actions.readable_key(key),
        address=device.config_url,
    )


def _enrolled(request: OrganiserRequest, device: Any, codes: list[str]) -> HttpResponseBase:
    del request.session[KEY]
    request.session.cycle_key()
    verify_session(request, device)
    request.session[CODES] = codes
    wanted = _wanted(request)
    return redirect(reverse("accounts:recovery-codes") + (f"?{urlencode({'next': wanted})}" if wanted else ""))


@never_cache
@organiser_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_codes(request: OrganiserRequest) -> HttpResponseBase:
    """New codes, shown until the person says that they are kept, never again after."""
    if "kept" in request.POST:
        request.session.pop(CODES, None)
        return _onward(request)
    form = RecoveryForm(request, request.user, request.POST or None)
    if form.is_valid():
        request.session[CODES] = actions.renew_recovery_codes(user=request.user)
        return redirect("accounts:recovery-codes")
    return _page(
        request,
        "accounts/recovery_codes.html",
        form=form,
        codes=request.session.get(CODES),
        left=recovery_codes_left(request.user),
    )


@never_cache
@login_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: OrganiserRequest) -> HttpResponseBase:
    if stop := _stops(request, "accounts:password"):
        return stop
    first = request.user.has_first_password
    form = PasswordForm(request, request.user, request.POST or None)
    if form.is_valid():
        actions.change_password(user=request.user, password=form.cleaned_data["password"])
        auth.update_session_auth_hash(request, request.user)
        messages.success(request, _("Your password is changed; elsewhere you are signed out."))
        return _onward(request) if first else redirect("accounts:me")
    return _page(request, "accounts/password.html", form=form, first=first)


@organiser_required
@require_http_methods(["GET", "HEAD", "POST"])
def me(request: OrganiserRequest) -> HttpResponseBase:
    form = ProfileForm(request.POST or None, instance=request.user)
    if form.is_valid():
        actions.edit_profile(user=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("accounts:me")
    posts = request.user.posts.select_related("unit")  # the relation is declared above us, in regions
    left = recovery_codes_left(request.user)
    return _page(request, "accounts/me.html", form=form, posts=posts, left=left)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponseBase:
    auth.logout(request)
    messages.success(request, _("You are signed out."))
    return redirect("accounts:sign-in")
