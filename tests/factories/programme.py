from __future__ import annotations

import datetime as dt

from cyberweek.editions.models import Edition
from cyberweek.programme.models import Activity, Step
from cyberweek.regions.models import Unit

from . import numbers

_numbers = numbers()

PATHS = {
    "draft": ["draft"],
    "submitted": ["draft", "submitted"],
    "returned": ["draft", "submitted", "returned"],
    "approved": ["draft", "submitted", "approved"],
    "published": ["draft", "submitted", "approved", "published"],
    "cancelled": ["draft", "submitted", "approved", "published", "cancelled"],
}


def make_activity(*, edition: Edition, lead: Unit, status: str = "published", reason=None, **fields) -> Activity:
    """An activity on the edition's fourth day, 15:00 to 17:00, complete, with the steps that led to its state."""
    number = next(_numbers)
    day = dt.datetime.combine(edition.starts + dt.timedelta(days=3), dt.time(15), edition.tz)
    fields.setdefault("code", f"T{number}")
    fields.setdefault("title", {"zh-Hans": f"第{number}场讲座", "en": f"Lecture number {number}"})
    fields.setdefault("summary", {"zh-Hans": "讲一讲。", "en": "A talk."})
    fields.setdefault("venue", {"zh-Hans": "礼堂", "en": "Great Hall"})
    fields.setdefault("audience", {"zh-Hans": "公众", "en": "General public"})
    fields.setdefault("kind", "lecture")
    fields.setdefault("region", lead.region)
    fields.setdefault("starts", day)
    fields.setdefault("ends", fields["starts"] + dt.timedelta(hours=2))
    fields.setdefault("contact_name", "林悦")
    fields.setdefault("contact", "lin@week.example")
    activity = Activity.objects.create(edition=edition, lead=lead, status=status, **fields)
    path = PATHS[status]
    Step.objects.bulk_create(
        Step(activity=activity, status=one, reason=(reason or {}) if one == path[-1] else {}) for one in path
    )
    activity.refresh_from_db()
    return activity
