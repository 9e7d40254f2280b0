from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command

from cyberweek.editions.models import Edition
from cyberweek.kernel.models import AuditEvent
from cyberweek.programme.formats.editions import Unreadable, read
from cyberweek.programme.management.commands.loadedition import SAMPLES
from cyberweek.programme.models import Activity, Partner, Step
from cyberweek.regions.models import Unit
from tests.factories.regions import make_region


@pytest.fixture
def regions(db):
    call_command("loadregions", verbosity=0)


def everything() -> list[int]:
    return [model.objects.count() for model in (Edition, Unit, Activity, Partner, Step, AuditEvent)]


def test_the_samples_load_and_load_again_without_a_change(regions):
    call_command("loadedition", "2019-national", verbosity=0)
    call_command("loadedition", "2022-fujian", verbosity=0)
    national, fujian = Edition.objects.get(slug="2019-national"), Edition.objects.get(slug="2022-fujian")
    assert (national.is_current, national.stage, fujian.is_current, fujian.stage) == (True, "running", False, "closed")
    assert [national.activities.count(), fujian.activities.count()] == [162, 45]
    assert national.organisers.count() == 10
    assert national.owner.code == "cac"
    assert Unit.objects.get(code="cac-tianjin").accountable.name == "林悦"
    assert not Unit.objects.get(code="cac-tianjin").accountable.has_usable_password()
    opening = national.activities.get(code="A001")
    assert opening.local_starts.isoformat() == "2019-09-16T09:00:00+08:00"
    assert opening.partners.count() == 10
    returned = national.activities.get(code="A049")
    assert [step.status for step in returned.steps.all()] == ["draft", "submitted", "returned"]
    assert set(returned.steps.last().reason) == {"zh-Hans", "en"}
    before = everything()
    call_command("loadedition", "2019-national", verbosity=0)
    call_command("loadedition", "2022-fujian", verbosity=0)
    assert everything() == before


def test_without_regions_nothing_is_loaded_and_it_says_what_to_do(db):
    make_region("CN", level="nation")
    with pytest.raises(CommandError, match="manage loadregions"):
        call_command("loadedition", "2019-national", verbosity=0)
    assert everything() == [0] * 6


@pytest.mark.parametrize("name", ["no-such-file", "/"])
def test_a_file_that_cannot_be_opened_is_named(db, name):
    with pytest.raises(CommandError, match="Give a file, or the name of a sample"):
        call_command("loadedition", name, verbosity=0)


def sample():
    return json.loads((SAMPLES / "2022-fujian.json").read_text(encoding="utf-8"))


def test_everything_that_is_wrong_is_named_at_once(db, tmp_path):
    data = sample()
    data["activities"][0] |= {"ends": data["activities"][0]["starts"], "kind": "party", "lead": "nobody"}
    data["activities"][1] |= {"title": "plain", "starts": "soon", "code": data["activities"][0]["code"]}
    data["units"][3]["parent"] = "later"
    data["theme_days"][0]["date"] = "2022-13-01"
    file = tmp_path / "edition.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(CommandError) as refused:
        call_command("loadedition", str(file), verbosity=0)
    told = str(refused.value)
    first = data["activities"][0]["code"]
    for line in [
        "edition.json: nothing was loaded.",
        f"activity {first}: it ends before it starts",
        f"activity {first}: kind is 'party', not one of ceremony,",
        f"activity {first}: 'nobody' is no unit of this file",
        f"activity {first}: the code occurs twice",
        f"activity {first}: title must be a text in zh-Hans or en",
        "starts must be like 2019-09-16T09:00, not 'soon'",
        "its parent 'later' must stand before it",
        "theme day 1: date must be a date like 2019-09-16",
    ]:
        assert line in told
    assert everything() == [0] * 6


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"{", "Line 1, column 2"),
        (b"\xff\xfe", "not UTF-8"),
        (b"[]", "no object"),
        (b'{"slug": "x"}', "lacks activities, ends"),
    ],
)
def test_what_is_no_edition(raw, told):
    with pytest.raises(Unreadable, match=told):
        read(raw)
