"""Who may enter the desk: people who signed in with their password and their second factor."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_otp import user_has_device

if TYPE_CHECKING:
    from .models import User


class OrganiserRequest(HttpRequest):
    """A request that `organiser_required` let through: its user is an organiser with a verified second factor."""

    user: User


def is_verified(user: User | AnonymousUser) -> bool:
    """True when this session gave the password and then a code of a confirmed second factor."""
    return user.is_authenticated and user.is_active and getattr(user, "otp_device", None) is not None


def step_before_desk(user: User | AnonymousUser) -> str | None:
    """The route that a visitor must take before the desk opens, or None when it is open."""
    if not user.is_authenticated or not user.is_active:
        return "accounts:sign-in"
    if not is_verified(user) and user_has_device(user):
        return "accounts:code"
    if user.has_first_password:
        return "accounts:password"
    return None if is_verified(user) else "accounts:enrol"


def organiser_required(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let only organisers with a verified second factor into a view; all others go where the next step is.

    Every view under /desk/ carries it; a test walks the resolver and finds any that does not.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        route = step_before_desk(request.user)
        return view(request, *args, **kwargs) if route is None else lead_to(route, request)

    return guarded


def lead_to(route: str, request: HttpRequest) -> HttpResponseBase:
    """Redirect to a step of signing in that afterwards comes back to this page. Fragments make the whole page go."""
    if request.headers.get("HX-Request") == "true":
        response = HttpResponse(status=204)
        response["HX-Redirect"] = resolve_url(route)
        return response
    if request.method == "GET":
        return redirect_to_login(request.get_full_path(), resolve_url(route))
    page = page_before(request)
    if page and not request.user.is_authenticated:
        messages.warning(
            request, _("You were signed out meanwhile, so what you sent was not kept. Sign in to do it again.")
        )
    return redirect_to_login(page, resolve_url(route)) if page else redirect(route)


def page_before(request: HttpRequest) -> str:
    """The path of the page from which a form was sent; empty for a step of signing in, or where no browser says."""
    told = urlsplit(request.headers.get("Referer", ""))
    path = urlunsplit(("", "", told.path, told.query, ""))
    is_step = request.path.startswith(resolve_url("accounts:sign-in"))
    return path if not is_step and told.netloc == request.get_host() and is_own_path(path) else ""


def is_own_path(path: str) -> bool:
    """True for a path of this site: what `next` may hold. Other hosts, schemes and `//host` are refused."""
    return path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
