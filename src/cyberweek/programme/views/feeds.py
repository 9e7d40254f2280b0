"""Calendars to subscribe to. `?lang=zh-hans` fixes the language, for readers that do not ask for one."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.views.decorators.http import conditional_page, require_safe

from cyberweek.editions.queries import editions_published, theme_days_of
from cyberweek.kernel.core.localized import LANGUAGES
from cyberweek.programme import queries
from cyberweek.programme.formats import ical
from cyberweek.programme.models import Activity
from cyberweek.programme.views.addresses import activity_address, host
from cyberweek.regions.queries import regions_within


def _feed(request: HttpRequest, rows: QuerySet[Activity], name: object, filename: str) -> HttpResponse:
    asked = request.GET.get("lang", "").lower()
    tag = next((tag for tag in LANGUAGES if tag.lower() == (asked or translation.get_language())), "en")
    with translation.override(tag.lower()):
        body = ical.calendar(
            rows.order_by("starts", "code"),
            name=str(name),
            language=tag,
            host=host(request),
            address=lambda activity: activity_address(request, activity),
        )
    return HttpResponse(
        body, content_type=ical.MEDIA_TYPE, headers={"Content-Disposition": f'inline; filename="{filename}.ics"'}
    )


@require_safe
@conditional_page
def whole(request: HttpRequest, edition: str) -> HttpResponse:
    the_edition = get_object_or_404(editions_published(), slug=edition)
    return _feed(request, queries.activities_announced(the_edition), the_edition.title, edition)


@require_safe
@conditional_page
def of_region(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """A region and everything beneath it."""
    the_edition = get_object_or_404(editions_published(), slug=edition)
    region = get_object_or_404(regions_within(the_edition.scope_id), pk=code)
    rows = queries.narrowed(queries.activities_announced(the_edition), queries.Wanted(region=code), the_edition.tz)
    return _feed(request, rows, region.name, f"{edition}-{code}")


@require_safe
@conditional_page
def of_day(request: HttpRequest, edition: str, number: int) -> HttpResponse:
    """What is on on a theme day, wherever."""
    the_edition = get_object_or_404(editions_published(), slug=edition)
    day = get_object_or_404(theme_days_of(the_edition), number=number)
    rows = queries.narrowed(queries.activities_announced(the_edition), queries.Wanted(day=day.date), the_edition.tz)
    return _feed(request, rows, day.name, f"{edition}-day-{number}")


@require_safe
@conditional_page
def of_unit(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """What a unit and those under it lead, and what the unit takes part in."""
    the_edition = get_object_or_404(editions_published(), slug=edition)
    unit = get_object_or_404(queries.units_of_the_programme(the_edition), code=code)
    rows = queries.of_unit(queries.activities_announced(the_edition), unit)
    return _feed(request, rows, unit.name, f"{edition}-{code}")


@require_safe
@conditional_page
def of_activity(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """One activity, to keep."""
    the_edition = get_object_or_404(editions_published(), slug=edition)
    activity = get_object_or_404(queries.activities_announced(the_edition), code=code)
    rows = queries.activities_announced(the_edition).filter(pk=activity.pk)
    return _feed(request, rows, activity.title, f"{edition}-{code}")
