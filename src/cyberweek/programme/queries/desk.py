"""What organisers read at the desk: every read starts from `activities_visible_to`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from cyberweek.editions.models import Edition
from cyberweek.kernel.queries import says
from cyberweek.kernel.templatetags.look import ago, day_short
from cyberweek.programme.core.duplicates import CLOSE_BY, Sketch, alike, grams_of, normalised
from cyberweek.programme.core.moderation import LIVE
from cyberweek.programme.enums import Format, Status
from cyberweek.programme.models import Activity, Step, Upload
from cyberweek.regions.queries import Scope, scope_of

from .public import with_names

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

COMPARED: Final = 2000
"""Activities among which the list looks for near-duplicates: about a province's."""
_ONE_BY_ONE: Final = 50
_UNFINISHED: Final = frozenset({Status.DRAFT, Status.SUBMITTED, Status.RETURNED, Status.APPROVED})


def activities_visible_to(user: User, scope: Scope | None = None) -> QuerySet[Activity]:
    """Activities that this person sees at the desk, in every state: of their units and below, and of the same region."""
    return with_names(Activity.objects.filter((scope or scope_of(user)).seeing("lead")))


def waiting_for(user: User, scope: Scope | None = None) -> QuerySet[Activity]:
    """What was sent in and waits for a decision of this person, what waits longest first."""
    rows = Activity.objects.filter((scope or scope_of(user)).deciding("lead"), status=Status.SUBMITTED)
    return rows.order_by("status_since", "pk")


def state_counts(rows: QuerySet[Activity]) -> dict[str, int]:
    """How many of the rows are in each state; states without any are 0."""
    found = dict(rows.order_by().values_list("status").annotate(n=Count("pk")))
    return {status: found.get(status, 0) for status in Status.values}


def incomplete() -> Q:
    """Activities not yet public that lack something: venue, a responsible person, or what it is."""
    lacks = Q(contact_name="") | Q(contact="") | Q(summary={}) | (Q(venue={}) & ~Q(format=Format.ONLINE))
    return lacks & Q(status__in=_UNFINISHED)


def steps_of(activity: Activity) -> QuerySet[Step]:
    """Its history, last first."""
    return Step.objects.filter(activity=activity).select_related("by").order_by("-id")


def last_steps(rows: Iterable[Activity]) -> dict[int, Step]:
    """The last step of each of the rows: one query."""
    found = Step.objects.filter(activity__in=[row.pk for row in rows]).order_by("activity_id", "-id")
    return {step.activity_id: step for step in found.distinct("activity_id").select_related("by")}


def near_duplicates(rows: Iterable[Activity], among: QuerySet[Activity]) -> dict[int, list[Activity]]:
    """For each live row those among the others that are likely the same, likeliest first: one query."""
    live = [row for row in rows if row.status in LIVE]
    if not live:
        return {}
    near = among.filter(_close_to(live), edition__in={row.edition_id for row in live}, status__in=LIVE)
    others = {other.pk: other for other in _plain(near)}
    sketches = {pk: _sketch(one) for pk, one in ({row.pk: row for row in live} | others).items()}
    found = alike(sketches, [row.pk for row in live])
    return {pk: [others[key] for key in keys if key in others] for pk, keys in found.items()}


def _plain(rows: QuerySet[Activity]) -> QuerySet[Activity]:
    """With what is compared of them, and no more."""
    names = ("code", "title", "lead", "region", "starts", "ends", "edition", "zone", "status")
    return rows.select_related(None).only(*names)


def _close_to(live: list[Activity]) -> Q:
    """What `core.duplicates` can call near: of one unit or region, and close in time. Few rows are asked for one by one."""
    if len(live) > _ONE_BY_ONE:
        return Q(lead__in={row.lead_id for row in live}) | Q(region__in={row.region_id for row in live})
    found = Q()
    for row in live:
        found |= Q(
            Q(lead=row.lead_id) | Q(region=row.region_id),
            starts__lte=row.ends + CLOSE_BY,
            ends__gte=row.starts - CLOSE_BY,
        )
    return found


def _sketch(activity: Activity) -> Sketch:
    return Sketch(grams_of(activity.title), activity.lead_id, activity.region_id, activity.starts, activity.ends)


def upload_of(user: User, edition: Edition, pk: int) -> QuerySet[Upload]:
    """The table that this person brought, and nobody else's."""
    return Upload.objects.filter(by=user, edition=edition, pk=pk)


def codes_taken(edition: Edition) -> set[str]:
    return set(Activity.objects.filter(edition=edition).values_list("code", flat=True))


@dataclass(frozen=True)
class Asked:
    """What an organiser asks of the list; what is empty is not asked."""

    q: str = ""
    state: str = ""
    day: int | None = None
    unit: str = ""  # "own": of my units and below; "waiting": mine to decide
    kind: str = ""
    region: str = ""  # with all under it
    problems: bool = False
    sort: str = "-changed"


_ORDERS: Final = {"changed": "status_since", "starts": "starts", "capacity": "capacity", "title": "title"}


def listed(rows: QuerySet[Activity], asked: Asked, scope: Scope) -> QuerySet[Activity]:
    """Of the rows those that are asked for, in the order asked for; states are left to `state_counts`."""
    if asked.q:
        rows = rows.filter(says(asked.q, "title", "venue", "lead__name") | Q(code__icontains=asked.q))
    if asked.day:
        rows = rows.filter(theme_day__number=asked.day)
    if asked.unit == "own":
        rows = rows.filter(lead__ancestry__overlap=list(scope.units))
    if asked.unit == "waiting":
        rows = rows.filter(scope.deciding("lead"), status=Status.SUBMITTED)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.region:
        rows = rows.filter(region__ancestry__contains=[asked.region])
    if asked.problems:
        near = {} if are_many(rows) else near_duplicates(_plain(rows), rows)
        rows = rows.filter(incomplete() | Q(pk__in=near) | Q(status=Status.RETURNED))
    order = _ORDERS[asked.sort.lstrip("-")]
    return rows.order_by(f"-{order}" if asked.sort.startswith("-") else order, "-pk")


def are_many(rows: QuerySet[Activity]) -> bool:
    """True where comparing all of them would take longer than a page may."""
    return rows.order_by()[: COMPARED + 1].count() > COMPARED


@dataclass(frozen=True)
class Remark:
    """What an organiser should know of an activity: ok, info, warn or plain; `code` leads to another activity."""

    kind: str
    text: str
    code: str = ""


def lacking(activity: Activity) -> list[str]:
    """What it lacks, in the words of a reviewer."""
    found = []
    if not activity.contact_name or not activity.contact:
        found.append(_("Nobody named as responsible"))
    if not activity.venue and activity.format != Format.ONLINE:
        found.append(_("Venue missing"))
    if not activity.summary:
        found.append(_("Not said what it is"))
    return found


def remarks(activity: Activity, *, step: Step | None, near: Iterable[Activity], now: dt.datetime) -> list[Remark]:
    """What to know of one activity, the gravest first. `step` is its last, `near` its near-duplicates."""
    told = []
    status = activity.status
    if status == Status.RETURNED and step:
        text = _("Sent back %(day)s: %(reason)s") % {
            "day": day_short(step.at.astimezone(activity.edition.tz)),
            "reason": step.reason,
        }
        told.append(Remark("info", text))
    if status == Status.CANCELLED and step:
        told.append(Remark("", str(step.reason)))
    told += [Remark("warn", _("Much like %(code)s") % {"code": one.code}, one.code) for one in near]
    if status in _UNFINISHED:
        told += [Remark("warn" if status == Status.SUBMITTED else "", text) for text in lacking(activity)]
    if status == Status.SUBMITTED:
        told.append(Remark("", _("Waiting for %(time)s") % {"time": ago(activity.status_since)}))
    if status == Status.PUBLISHED and activity.starts <= now < activity.ends:
        told.append(Remark("ok", _("On now")))
    return told


def checks(activity: Activity, near: Iterable[Activity]) -> list[Remark]:
    """What a reviewer looks at, each fulfilled ("ok") or not ("warn")."""
    wrong = lacking(activity)
    both = len(activity.title) > 1
    week = activity.edition.starts <= activity.local_starts.date() <= activity.edition.ends
    day = activity.theme_day
    on_its_day = day is None or activity.local_starts.date() <= day.date <= activity.local_ends.date()
    return [
        *(Remark("warn", text) for text in wrong),
        *([] if wrong else [Remark("ok", _("Responsible person, venue and description given"))]),
        Remark("ok", _("Title in both languages")) if both else Remark("warn", _("Title in one language only")),
        *([] if week else [Remark("warn", _("Begins outside the Week"))]),
        *([] if on_its_day else [Remark("warn", _("Not held on its theme day"))]),
        *(
            Remark("warn", _("Much like %(code)s: %(title)s") % {"code": one.code, "title": one.title}, one.code)
            for one in near
        ),
    ]


def titles_taken(edition: Edition) -> tuple[set[str], dict[object, str]]:
    """The numbers in use, and for each live (language, title, unit, start) the number of the activity: one query."""
    rows = Activity.objects.filter(edition=edition).values_list("code", "status", "title", "lead_id", "starts")
    codes: set[str] = set()
    taken: dict[object, str] = {}
    for code, status, title, lead, starts in rows:
        codes.add(code.upper())
        if status in LIVE:
            taken |= {(tag, normalised(text), lead, starts): code for tag, text in title.items()}
    return codes, taken
