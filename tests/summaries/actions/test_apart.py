"""Two public versions must not tell together what each of them withholds."""

from __future__ import annotations

import hashlib
import hmac
import itertools

import pytest

from cyberweek.indicators.actions import roll_up
from cyberweek.indicators.models import Figure
from cyberweek.kernel.models import AuditEvent
from cyberweek.summaries import actions
from cyberweek.summaries.core.content import unlike_withheld
from cyberweek.summaries.models import Publication
from tests.factories.accounts import sign_in
from tests.factories.indicators import load, send
from tests.factories.programme import make_activity
from tests.factories.regions import make_region
from tests.factories.summaries import LATER, again

pytestmark = pytest.mark.django_db


def freeze(cast, unit):
    return actions.freeze_summary(
        edition=cast.edition, unit=again(unit), base="https://week.example", by=cast.provincial, now=LATER
    )


@pytest.fixture
def counted(cast):
    """Hebei's cities: 5, 12 and 300; gives the means to count more in one of them."""
    dictionary = load(cast.edition)
    cities = [cast.city, *(make_region(f"130{n}00", parent=cast.province, level="city", en=f"C{n}") for n in (2, 3))]

    def count(city: int, attendance: int) -> None:
        activity = make_activity(edition=cast.edition, lead=cast.provincial_unit, region=cities[city])
        report = send(activity, {"attendance": attendance}, dictionary, now=LATER)
        Figure.objects.filter(report=report).update(state="counted")
        roll_up(edition=cast.edition, now=LATER)

    for city, attendance in enumerate((5, 12, 300)):
        count(city, attendance)
    return count


def shown(version, indicator="attendance"):
    return {row["region"]: row["value"] for row in version.content["totals"] if row["indicator"] == indicator}


def test_what_could_be_taken_from_a_sum_of_an_earlier_version_is_not_published_unawares(cast, client, counted):
    first = freeze(cast, cast.provincial_unit)
    assert shown(first) == {"130000": "317", "130100": None, "130200": None, "130300": "300"}
    actions.publish_version(version=first, by=cast.provincial, now=LATER)
    counted(0, 30)
    second = freeze(cast, cast.provincial_unit)
    assert shown(second) == {"130000": "347", "130100": "35", "130200": "12", "130300": "300"}
    # 317 - 300 - 12 were 5 in the first city, for who holds both.
    with pytest.raises(actions.ToldApart):
        actions.publish_version(version=second, by=cast.provincial, now=LATER)
    assert Publication.objects.count() == 1
    sign_in(client, cast.provincial)
    page = f"/desk/2019-national/summary/cac-hebei/versions/{second.number}"
    answer = client.post(f"{page}/publish/", follow=True, headers={"Accept-Language": "en"})
    text = answer.content.decode()
    assert "Attendance, C2" in text
    assert client.post(answer.redirect_chain[-1][0], {"reason": ""}).status_code == 422
    client.post(answer.redirect_chain[-1][0], {"reason": "the statistics office agreed"})
    assert Publication.objects.count() == 2
    assert AuditEvent.objects.filter(verb="summary.publish", reason="the statistics office agreed").exists()


def test_a_version_that_withholds_the_same_is_published_without_a_word(cast, counted):
    actions.publish_version(version=freeze(cast, cast.provincial_unit), by=cast.provincial, now=LATER)
    counted(2, 50)
    second = freeze(cast, cast.provincial_unit)
    assert shown(second)["130300"] == "350"
    actions.publish_version(version=second, by=cast.provincial, now=LATER)
    assert Publication.objects.count() == 2


def test_the_level_above_is_looked_at_too(cast, counted):
    national = freeze(cast, cast.national_unit)
    actions.publish_version(version=national, by=cast.national, now=LATER)
    city = freeze(cast, cast.city_unit)
    assert set(shown(city).values()) == {None}
    actions.publish_version(version=city, by=cast.provincial, now=LATER)
    counted(0, 30)
    with pytest.raises(actions.ToldApart):
        actions.publish_version(version=freeze(cast, cast.provincial_unit), by=cast.provincial, now=LATER)


def test_what_is_withheld_says_nothing_of_its_rows(cast, counted):
    version = freeze(cast, cast.city_unit)
    figure = version.content["figures"]["figure:attendance"]
    assert figure["withheld"]
    assert (figure["digest"], figure["rows"], figure["documents"], figure["value"]) == ("", 0, 0, None)
    for row in version.content["totals"]:
        if row["indicator"] == "attendance":
            told = {
                row[name] for name in ("value", "low", "high", "figures", "logs", "documents", "estimates", "as_of")
            }
            assert told == {None}


def test_a_digest_cannot_be_tried_out_by_who_guesses_the_rows(cast, counted):
    version = freeze(cast, cast.provincial_unit)
    digest = version.content["figures"]["figure:attendance"]["digest"]
    rows = Figure.objects.filter(indicator__code="attendance").order_by("pk")
    text = "\n".join(f"{row.pk} {row.value} {row.state} {row.grade}" for row in rows)
    plain = hashlib.sha256(text.encode()).hexdigest()
    guesses = {plain, *(hmac.new(key, plain.encode(), "sha256").hexdigest() for key in (b"", b"cyberweek"))}
    assert len(digest) == 64
    assert digest not in guesses
    assert freeze(cast, cast.provincial_unit).content["figures"]["figure:attendance"]["digest"] == digest


def test_cells_that_only_one_of_two_contents_tells_are_named_whichever_comes_first():
    def content(*withheld: bool) -> dict:
        rows = [{"indicator": "i", "region": str(n), "withheld": one} for n, one in enumerate(withheld)]
        return {"totals": rows, "unit": {"place": True}, "figures": {}}

    for one, other in itertools.product(itertools.product([False, True], repeat=3), repeat=2):
        expected = [("i", str(n)) for n in range(3) if one[n] != other[n]]
        assert unlike_withheld(content(*one), content(*other)) == expected
    unit = {"unit": {"place": False, "code": "u"}, "totals": [], "figures": {"figure:a": {"withheld": True}}}
    told = {**unit, "figures": {"figure:a": {"withheld": False}, "figure:b": {"withheld": True}}}
    assert unlike_withheld(unit, told) == [("a", "unit u")]
