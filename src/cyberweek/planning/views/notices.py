"""What a person was told, and how they are told: notices, mail, the calendar."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Case, QuerySet, When
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cyberweek.accounts.models import User
from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.editions.models import Edition
from cyberweek.editions.queries import editions_published, today_in
from cyberweek.kernel.core.localized import LANGUAGES
from cyberweek.kernel.views import page_of, piecemeal, streamed
from cyberweek.planning.actions import notices as actions
from cyberweek.planning.formats import ical
from cyberweek.planning.forms.filters import TaskFilter
from cyberweek.planning.models import Task
from cyberweek.planning.queries.notices import notices_of, reader_of, reader_with, unread_of
from cyberweek.planning.queries.plans import arrangements_to_filter
from cyberweek.planning.queries.tasks import for_list, in_state, tasks_asked
from cyberweek.programme.formats.ical import FED, MEDIA_TYPE
from cyberweek.programme.views.addresses import host, site
from cyberweek.regions.queries import regions_named, regions_to_filter, scope_of, units_visible_to

from .asking import desk_of

_FEED = "feed-token"  # in the session: the secret is shown once, on the page after it was made


@require_safe
@organiser_required
def notice_list(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    desk = desk_of(request, edition)
    page = page_of(notices_of(request.user, desk.edition), request)
    token = request.session.pop(_FEED, "")
    address = site(request) + reverse("planning:feed", args=[edition, token]) if token else ""
    context = desk.context(
        "notices",
        page=page,
        newest=max((one.pk for one in page), default=0),
        n_unread=unread_of(request.user, desk.edition).count(),
        reader=reader_of(request.user),
        fed=FED,
        address=address + (f"?{desk.form.kept()}" if address and desk.form.kept() else ""),
    )
    return render(request, "planning/notices.html", context)


@require_POST
@organiser_required
def read(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    """All notices up to the newest one that was shown are read."""
    the_edition = get_object_or_404(editions_published(), slug=edition)
    newest = request.POST.get("newest", "")
    if newest.isascii() and newest.isdigit() and len(newest) < 18:
        actions.read_notices(user=request.user, edition=the_edition, now=timezone.now(), upto=int(newest))
    return redirect((request.POST.get("back") == "week" and "planning:my-week") or "planning:notices", edition)


@require_POST
@organiser_required
def mail(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    wants = request.POST.get("wants") == "on"
    actions.choose_mail(user=request.user, wants=wants)
    told = _("You get one mail a day when something wants you.") if wants else _("You get no more mails about tasks.")
    messages.success(request, told)
    return redirect("planning:notices", edition)


@require_POST
@organiser_required
def feed_renew(request: OrganiserRequest, edition: str) -> HttpResponseBase:
    """Make the secret address of the calendar, or end it."""
    if request.POST.get("act") == "end":
        actions.end_feed(user=request.user)
        messages.success(request, _("The calendar is ended."))
    else:
        request.session[_FEED] = actions.renew_feed(user=request.user, now=timezone.now())
    kept = request.GET.urlencode()
    return redirect(reverse("planning:notices", args=[edition]) + (f"?{kept}" if kept else ""))


@require_safe
def feed(request: HttpRequest, edition: str, token: str) -> HttpResponseBase:
    """The calendar of who holds the secret: open tasks that fit, on their due days, as that person sees them now."""
    the_edition = get_object_or_404(editions_published(), slug=edition)
    reader = reader_with(token)
    if reader is None:
        raise Http404
    rows = _fed(request, the_edition, reader.person)
    wanted = request.GET.get("lang", "").lower() or translation.get_language()
    tag = next((tag for tag in LANGUAGES if tag.lower() == wanted), "en")
    headers = {"Content-Disposition": f'inline; filename="{edition}-tasks.ics"', "Cache-Control": "private, no-store"}
    with translation.override(tag.lower()):  # it is kept while the rest is written
        events = ical.calendar(
            piecemeal(for_list(rows), most=FED), name=str(the_edition.title), language=tag, host=host(request),
            address=lambda task: site(request) + reverse("planning:task-detail", args=[edition, task.pk]),
        )  # fmt: skip
        return streamed(request, events, content_type=MEDIA_TYPE, headers=headers)


def _fed(request: HttpRequest, edition: Edition, user: User) -> QuerySet[Task]:
    """What the address of a feed asks for, in the scope that its person has now."""
    scope, now = scope_of(user), timezone.now()
    regions = [
        *regions_to_filter(user, scope),
        *regions_named([request.GET.get("region", "")[:12].replace("\0", "")]).values(),
    ]
    form = TaskFilter(
        request.GET, edition=edition, regions=regions, units=units_visible_to(user, scope),
        arrangements=arrangements_to_filter(edition, user, scope),
    )  # fmt: skip
    asks = any(value for key, value in request.GET.items() if key != "lang")
    asked = form.asked(**({"state": "open"} if asks else {"state": "open", "whose": "own"}))
    today = today_in(edition, now=now)
    rows = in_state(tasks_asked(edition, user, scope, asked, today=today), asked.state)
    # Where they are more than a calendar takes, what is still to come is what it is for.
    return rows.order_by(Case(When(due__lt=today, then=1), default=0), "due", "pk")
