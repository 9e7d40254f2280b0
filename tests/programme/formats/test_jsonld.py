from __future__ import annotations

import json

import pytest

from cyberweek.programme.formats.jsonld import event, script
from tests.factories.programme import make_activity


def test_an_event_for_search_engines(cast):
    activity = make_activity(edition=cast.edition, lead=cast.city_unit, code="A007", capacity=300, format="both")
    activity.partners.create(unit=cast.county_unit, role="co")
    told = event(activity, address="https://week.example/A007/", language="en")
    assert told["@type"] == "Event"
    assert told["startDate"] == "2019-09-19T15:00:00+08:00"
    assert told["endDate"] == "2019-09-19T17:00:00+08:00"
    assert told["eventStatus"] == "https://schema.org/EventScheduled"
    assert told["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    assert [place["@type"] for place in told["location"]] == ["Place", "VirtualLocation"]
    assert told["organizer"] == [{"@type": "Organization", "name": "Unit cac-shijiazhuang"}]
    assert told["contributor"] == [{"@type": "Organization", "name": "Unit cac-changan"}]
    assert told["maximumAttendeeCapacity"] == 300
    assert "林悦" not in json.dumps(told, ensure_ascii=False)  # who is responsible is not for the public


@pytest.mark.parametrize("text", ["</script><script>alert(1)</script>", "<!-- <script>", "a & b"])
def test_no_text_can_end_the_element(text):
    written = script({"name": text})
    assert not set("<>&") & set(written)
    assert json.loads(written) == {"name": text}
