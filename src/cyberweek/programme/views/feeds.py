"""Calendars to subscribe to. `?lang=zh-hans` fixes the language, for readers that do not ask for one."""

from __future__ import annotations

import hashlib

from django.db.models import Case, Count, Max, QuerySet, When
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cyberweek.editions.queries import editions_published, theme_days_of
from cyberweek.kernel.core.localized import LANGUAGES
from cyberweek.kernel.views import piecemeal, streamed
from cyberweek.programme import queries
from cyberweek.programme.formats import ical
from cyberweek.programme.models import Activity
from cyberweek.programme.views.addresses import activity_address, host, site
from cyberweek.regions.queries import regions_within


def _feed(request: HttpRequest, rows: QuerySet[Activity], name: object, filename: str) -> HttpResponseBase:
    """What comes next first, in case they are more than a calendar takes. A reader that has it gets no second copy."""
    asked = request.GET.get("lang", "").lower()
    tag = next((tag for tag in LANGUAGES if tag.lower() == (asked or translation.get_language())), "en")
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    n, changed = rows.order_by().aggregate(n=Count("pk"), changed=Max("changed")).values()
    said = f"{site(request)} {tag} {name} {midnight} {n} {changed}"
    etag = f'"{hashlib.sha256(said.encode()).hexdigest()}"'
    if has_it := get_conditional_response(request, etag=etag):
        return has_it
    rows = rows.order_by(Case(When(ends__lt=midnight, then=1), default=0), "starts", "code")
    with translation.override(tag.lower()):
        about = _(
            "%(most)d of %(n)d activities: what comes next. Subscribe to a region, a day or a unit to have all of its."
        )
        events = ical.calendar(
            piecemeal(rows, most=ical.FED), name=str(name), language=tag, host=host(request),
            address=lambda activity: activity_address(request, activity),
            about=about % {"most": ical.FED, "n": n} if n > ical.FED else "",
        )  # fmt: skip
        headers = {"Content-Disposition": f'inline; filename="{filename}.ics"', "ETag": etag}
        return streamed(request, events, content_type=ical.MEDIA_TYPE, headers=headers)


@require_safe
def whole(request: HttpRequest, edition: str) -> HttpResponseBase:
    the_edition = get_object_or_404(editions_published(), slug=edition)
    return _feed(request, queries.activities_announced(the_edition), the_edition.title, edition)


@require_safe
def of_region(request: HttpRequest, edition: str, code: str) -> HttpResponseBase:
    """A region and everything beneath it."""
    the_edition = get_object_or_404(editions_published(), slug=edition)
    region = get_object_or_404(regions_within(the_edition.scope_id), pk=code)
    rows = queries.narrowed(queries.activities_announced(the_edition), queries.Wanted(region=code), the_edition.tz)
    return _feed(request, rows, region.name, f"{edition}-{code}")


@require_safe
def of_day(request: HttpRequest, edition: str, number: int) -> HttpResponseBase:
    """What is on on a theme day, wherever."""
    the_edition = get_object_or_404(editions_published(), slug=edition)
    day = get_object_or_404(theme_days_of(the_edition), number=number)
    rows = queries.narrowed(queries.activities_announced(the_edition), queries.Wanted(day=day.date), the_edition.tz)
    return _feed(request, rows, day.name, f"{edition}-day-{number}")


@require_safe
def of_unit(request: HttpRequest, edition: str, code: str) -> HttpResponseBase:
    """What a unit and those under it lead, and what the unit takes part in."""
    the_edition = get_object_or_404(editions_published(), slug=edition)
    unit = get_object_or_404(queries.units_of_the_programme(the_edition), code=code)
    rows = queries.of_unit(queries.activities_announced(the_edition), unit)
    return _feed(request, rows, unit.name, f"{edition}-{code}")


@require_safe
def of_activity(request: HttpRequest, edition: str, code: str) -> HttpResponseBase:
    """One activity, to keep."""
    the_edition = get_object_or_404(editions_published(), slug=edition)
    activity = get_object_or_404(queries.activities_announced(the_edition), code=code)
    rows = queries.activities_announced(the_edition).filter(pk=activity.pk)
    return _feed(request, rows, activity.title, f"{edition}-{code}")
