"""Pages that compose several apps: what waits for me, my unit, what was found, the audit trail. They read only."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.editions.models import Edition
from cyberweek.editions.queries import edition_at_work, editions_published
from cyberweek.kernel.views import page_of
from cyberweek.programme.queries import waiting_for
from cyberweek.regions.queries import posts_of, scope_of
from cyberweek.regions.views.units import unit_context

from .enums import act_in_words
from .formats.audit_csv import written
from .forms import AuditFilter
from .queries import (
    activities_of_unit,
    differences,
    events_matching,
    events_visible_to,
    find,
    own_units,
    recent_verbs,
    waiting_in,
    week_in_scope,
)  # fmt: skip

TABLE_ROWS = 20_000  # of the newest events in a table; filters reach the older ones
LAST = 8  # events on the overview


def _at_work(request: OrganiserRequest) -> Edition | None:
    return edition_at_work(None, request.session.get("edition"))


@organiser_required
@require_safe
def overview(request: OrganiserRequest) -> HttpResponseBase:
    """The desk's front door: the edition worked on last, else the current one."""
    edition = _at_work(request)
    return redirect("desk:edition", edition.slug) if edition else render(request, "desk/no_edition.html")


@organiser_required
@require_safe
def edition_overview(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    shown = get_object_or_404(editions_published(), slug=edition)
    now, user = timezone.now(), request.user
    scope = scope_of(user)
    events = list(events_visible_to(user, scope).order_by("-id")[:LAST])
    context = {
        "edition": shown,
        "now": now.astimezone(shown.tz),
        "waiting": waiting_in(shown, user, scope, now=now),
        "week": week_in_scope(shown, user, scope, now=now),
        "units": own_units(user),
        "events": [(event, act_in_words(event.verb)) for event in events],
    }
    return render(request, "desk/overview.html", context)


@organiser_required
@require_safe
def my_unit(request: OrganiserRequest) -> HttpResponseBase:
    """The unit where the person serves; with several posts, the one that `?unit=` names."""
    posts = list(posts_of(request.user).order_by("unit__ancestry__len", "unit__code"))
    if not posts:
        return render(request, "desk/no_unit.html")
    wanted = request.GET.get("unit")
    post = next((one for one in posts if one.unit.code == wanted), posts[0])
    scope, edition = scope_of(request.user), _at_work(request)
    waiting = waiting_for(request.user, scope).filter(lead__ancestry__contains=[post.unit_id], edition=edition)
    context = {
        **unit_context(request, post.unit, scope),
        "mine": posts,
        "post": post,
        "states": activities_of_unit(post.unit, edition),
        "to_decide": waiting.count(),
    }
    return render(request, "desk/my_unit.html", context)


@organiser_required
@require_safe
def find_page(request: OrganiserRequest) -> HttpResponseBase:
    q = request.GET.get("q", "").replace("\0", "").strip()[:80]
    found = find(q, request.user, scope_of(request.user)) if q else None
    return render(request, "desk/find.html", {"find_query": q, "found": found})


@organiser_required
@require_safe
def audit(request: OrganiserRequest) -> HttpResponseBase:
    events = events_visible_to(request.user, scope_of(request.user))
    form = AuditFilter(request.GET, verbs=[(verb, act_in_words(verb)) for verb in recent_verbs(events)])
    zone = _zone(request)
    asked = form.asked(zone)
    page = page_of(events_matching(events, asked), request, size=40)
    rows = [(event, act_in_words(event.verb), differences(event)) for event in page]
    context = {"form": form, "asked": asked.any(), "page": page, "rows": rows, "zone": str(zone), "limit": TABLE_ROWS}
    with timezone.override(zone):
        return render(request, "desk/audit.html", context)


@organiser_required
@require_safe
def audit_table(request: OrganiserRequest) -> HttpResponseBase:
    events = events_visible_to(request.user, scope_of(request.user))
    form = AuditFilter(request.GET, verbs=[(verb, verb) for verb in recent_verbs(events)])
    zone = _zone(request)
    table = written(events_matching(events, form.asked(zone))[:TABLE_ROWS].iterator(), zone)
    name = f"audit-{timezone.now().astimezone(zone):%Y%m%d-%H%M}.csv"
    return HttpResponse(
        table, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _zone(request: OrganiserRequest) -> ZoneInfo:
    """The clocks on which the trail is shown: those of the edition at work."""
    edition = _at_work(request)
    return edition.tz if edition else ZoneInfo("UTC")
