"""schema.org in JSON-LD: what search engines read of an activity's page."""

from __future__ import annotations

import json
from typing import Any, Final

from django.utils.safestring import SafeString, mark_safe

from cyberweek.programme.enums import Format, Status
from cyberweek.programme.models import Activity

_MODES: Final = {
    Format.ON_SITE: "OfflineEventAttendanceMode",
    Format.ONLINE: "OnlineEventAttendanceMode",
    Format.BOTH: "MixedEventAttendanceMode",
}

# Inside <script> only these can end the element or begin a comment; written so, the JSON means the same.
_UNSAFE: Final = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def event(activity: Activity, *, address: str, language: str) -> dict[str, Any]:
    """The activity as a schema.org Event. Wants `lead`, `region`, `edition` and `partners` fetched."""
    cancelled = activity.status == Status.CANCELLED
    told: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": address,
        "url": address,
        "name": str(activity.title),
        "description": str(activity.summary),
        "identifier": activity.code,
        "inLanguage": language,
        "startDate": activity.local_starts.isoformat(),
        "endDate": activity.local_ends.isoformat(),
        "eventStatus": f"https://schema.org/{'EventCancelled' if cancelled else 'EventScheduled'}",
        "eventAttendanceMode": f"https://schema.org/{_MODES[Format(activity.format)]}",
        "location": _location(activity, address),
        "organizer": [_organisation(str(activity.lead))],
        "contributor": [_organisation(str(partner.unit)) for partner in activity.partners.all()],
        "superEvent": {
            "@type": "Event",
            "name": str(activity.edition.title),
            "startDate": str(activity.edition.starts),
        },
        "audience": {"@type": "Audience", "audienceType": str(activity.audience)} if activity.audience else None,
        "maximumAttendeeCapacity": activity.capacity,
    }
    return {name: value for name, value in told.items() if value not in (None, "", [])}


def script(data: dict[str, Any]) -> SafeString:
    """The JSON, safe inside `<script type="application/ld+json">`: a block of data, never run, so our
    Content-Security-Policy has nothing to say about it (HTML, “prepare the script element”, before the CSP check).
    """
    return mark_safe(json.dumps(data, ensure_ascii=False).translate(_UNSAFE))  # noqa: S308 -- escaped just above


def _location(activity: Activity, address: str) -> list[dict[str, Any]]:
    places: list[dict[str, Any]] = []
    if activity.format != Format.ONLINE:
        postal = {"@type": "PostalAddress", "addressRegion": str(activity.region)}
        if activity.address:
            postal["streetAddress"] = str(activity.address)
        places.append({"@type": "Place", "name": str(activity.venue or activity.region), "address": postal})
    if activity.format != Format.ON_SITE:
        places.append({"@type": "VirtualLocation", "url": address})
    return places


def _organisation(name: str) -> dict[str, str]:
    return {"@type": "Organization", "name": name}
