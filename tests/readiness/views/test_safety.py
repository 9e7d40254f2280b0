"""Risks, contingency plans, incidents and duty, through their pages."""

from __future__ import annotations

import datetime as dt
import io
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from cyberweek.planning.models import Task
from cyberweek.readiness.models import Contingency, Drill, DutyHours, Incident, Measure, Risk, Shift
from tests.attachments.files import png
from tests.factories.accounts import sign_in
from tests.factories.planning import make_task

RISK = {
    "unit": "cac-hebei", "title_zh_hans": "=1+1", "title_en": "=1+1", "cause_zh_hans": "", "cause_en": "Rain", "effect_en": "",
    "effect_zh_hans": "", "likelihood": "4", "impact": "5", "likelihood_left": "2", "impact_left": "4", "who": "provincial",
    "review": "", "revision": "1",
}  # fmt: skip
PLAN = {
    "unit": "cac-hebei", "danger": "crowd", "other": "", "title_en": "Crowds", "title_zh_hans": "", "trigger_en": "Too many", "trigger_zh_hans": "",
    "authority": "Head of site", "steps": "Stop admission | Head of the site | 5\nOpen the side gates", "contacts": "Li | Fire brigade | 119 000",
    "activities": "", "reviewed": "", "revision": "1",
}  # fmt: skip
INCIDENT = {"what": "The wall fell", "place": "Hall 1", "kind": "crowd", "severity": "3", "unit": "cac-hebei"}


def at(name: str, cast, *rest) -> str:
    return reverse(f"readiness:{name}", args=[cast.edition.slug, *rest])


def moment(cast, delta=dt.timedelta()) -> str:
    return f"{(timezone.now() + delta).astimezone(cast.edition.tz):%Y-%m-%dT%H:%M}"


def test_a_risk_is_entered_passed_up_handed_back_and_closed_with_a_reason(client, cast):
    sign_in(client, cast.provincial)
    page = client.post(at("risk-create", cast), RISK)
    assert page.status_code == 302, page.content.decode()[-2500:]
    risk = Risk.objects.get()
    assert (risk.level, risk.left, risk.owner) == ("extreme", "high", cast.provincial)
    for name, rest in [("risk-list", ()), ("risk-detail", (risk.pk,)), ("risk-edit", (risk.pk,))]:
        assert client.get(at(name, cast, *rest)).status_code == 200
    assert client.get(at("risk-list", cast) + "?l=4&i=5").context["page"].paginator.count == 1
    assert client.get(at("risk-list", cast) + "?l=1&i=1").context["page"].paginator.count == 0
    client.post(at("risk-act", cast, risk.pk, "pass-up"), {"text": "too big for us"})
    risk.refresh_from_db()
    assert risk.holder == cast.national_unit
    sign_in(client, cast.national)
    client.post(at("risk-act", cast, risk.pk, "hand-back"), {"text": "yours"})
    risk.refresh_from_db()
    assert risk.holder == cast.provincial_unit
    page = client.post(at("risk-act", cast, risk.pk, "closed"), {"text": ""})
    assert page.status_code in {200, 422}
    assert "Say why it is closed." in page.content.decode()
    client.post(at("risk-act", cast, risk.pk, "closed"), {"text": "over"})
    risk.refresh_from_db()
    assert risk.state == "closed"


def test_a_residual_above_the_risk_itself_is_refused_beside_its_field(client, cast):
    sign_in(client, cast.provincial)
    page = client.post(at("risk-create", cast), RISK | {"likelihood_left": "5"})
    assert page.status_code == 422
    assert "at most what it is without them" in page.content.decode()


def test_the_register_as_a_sheet_runs_no_formula(client, cast):
    sign_in(client, cast.provincial)
    client.post(at("risk-create", cast), RISK)
    book = openpyxl.load_workbook(io.BytesIO(client.get(at("risk-sheet", cast)).content))
    cell = book.active["B2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_the_second_of_two_editors_of_a_risk_sees_the_first(client, cast):
    sign_in(client, cast.provincial)
    client.post(at("risk-create", cast), RISK)
    risk = Risk.objects.get()
    form = client.get(at("risk-edit", cast, risk.pk)).context["form"]
    data = RISK | {"read": form["read"].value(), "revision": "1"}
    client.post(at("risk-edit", cast, risk.pk), data | {"cause_en": "Storm"})
    page = client.post(at("risk-edit", cast, risk.pk), data | {"cause_en": "Hail"})
    assert page.status_code == 422
    assert "Storm" in page.content.decode()
    assert "Hail" in page.content.decode()


def test_a_measure_becomes_a_task_or_is_ticked(client, cast):
    sign_in(client, cast.provincial)
    client.post(at("risk-create", cast), RISK)
    risk = Risk.objects.get()
    for what, more in [("Tents", {"as_task": "on"}), ("Umbrellas", {})]:
        client.post(
            at("measure-add", cast, risk.pk), {"what": what, "unit": "cac-shijiazhuang", "due": "2030-09-01", **more}
        )
    assert Task.objects.get().unit == cast.city_unit
    other = Measure.objects.get(task=None)
    client.post(at("measure-act", cast, risk.pk, other.pk, "tick"))
    client.post(at("measure-act", cast, risk.pk, other.pk, "task"))
    assert Task.objects.count() == 1
    assert client.get(at("risk-detail", cast, risk.pk)).status_code == 200


def test_nobody_reads_or_changes_a_risk_out_of_scope(client, cast):
    sign_in(client, cast.provincial)
    client.post(at("risk-create", cast), RISK)
    risk = Risk.objects.get()
    for person in (cast.stranger, cast.county_organiser):
        sign_in(client, person)
        assert client.get(at("risk-detail", cast, risk.pk)).status_code == 404
        assert client.get(at("risk-list", cast)).context["page"].paginator.count == 0


def test_a_contingency_plan_with_steps_contacts_and_a_drill_with_measures(client, cast):
    make_task(edition=cast.edition, unit=cast.city_unit)
    sign_in(client, cast.provincial)
    page = client.post(at("contingency-create", cast), PLAN)
    assert page.status_code == 302, page.content.decode()[-2500:]
    plan = Contingency.objects.get()
    assert list(plan.steps.values_list("what", "who", "within")) == [
        ("Stop admission", "Head of the site", 5), ("Open the side gates", "", None)
    ]  # fmt: skip
    page = client.get(at("contingency-list", cast)).content.decode()
    assert "Units that lack one" in page
    assert client.get(at("contingency-edit", cast, plan.pk)).status_code == 200
    drill = {"held": moment(cast, -dt.timedelta(days=1)), "who": "All", "found": "The gate stuck", "minutes": "12"}
    assert client.post(at("drill-create", cast, plan.pk), drill).status_code == 302
    client.post(
        at("drill-measure", cast, plan.pk, Drill.objects.get().pk),
        {"what": "Oil", "unit": "cac-hebei", "due": "2030-09-01", "as_task": "on"},
    )
    assert Task.objects.filter(title__en="Oil").exists()
    assert "119 000" in client.get(at("contingency-detail", cast, plan.pk)).content.decode()


def test_a_drill_that_has_not_been_held_is_refused(client, cast):
    sign_in(client, cast.provincial)
    client.post(at("contingency-create", cast), PLAN)
    data = {"held": moment(cast, dt.timedelta(days=1)), "who": "All", "found": "x"}
    assert client.post(at("drill-create", cast, Contingency.objects.get().pk), data).status_code == 422


def test_a_severe_incident_puts_the_plan_into_force_and_is_logged_to_its_end(client, cast):
    cast.national.email = "n@example.org"
    cast.national.save()
    sign_in(client, cast.provincial)
    client.post(at("contingency-create", cast), PLAN)
    assert client.get(at("incident-create", cast)).status_code == 200
    page = client.post(at("incident-create", cast), INCIDENT | {"at": moment(cast)})
    assert page.status_code == 302, page.content.decode()[-2500:]
    incident = Incident.objects.get()
    assert incident.plan == Contingency.objects.get()
    assert incident.told is not None
    step = incident.plan.steps.first()
    for _twice in range(2):
        client.post(at("incident-tick", cast, incident.pk, step.pk))
    client.post(at("incident-act", cast, incident.pk, "add"), {"text": "Nobody hurt", "severity": "2"})
    sign_in(client, cast.national)
    page = client.get(at("incident-list", cast)).content.decode()
    assert "The wall fell" in page
    detail = client.get(at("incident-detail", cast, incident.pk)).content.decode()
    assert detail.count("Stop admission") >= 2
    assert "Nobody hurt" in detail
    page = client.post(at("incident-act", cast, incident.pk, "close"), {"outcome": ""})
    assert page.status_code == 422 or b"required" in page.content
    client.post(at("incident-act", cast, incident.pk, "close"), {"outcome": "Mended"})
    client.post(at("incident-act", cast, incident.pk, "add"), {"text": "too late", "severity": "2"})
    assert [line.act for line in incident.lines.order_by("pk")] == [
        "entered",
        "plan",
        "told",
        "step",
        "severity",
        "closed",
    ]


def test_an_incident_of_the_future_and_one_of_the_unit_above_are_refused(client, cast):
    sign_in(client, cast.county_organiser)
    page = client.post(
        at("incident-create", cast), INCIDENT | {"unit": "cac-changan", "at": moment(cast, dt.timedelta(hours=2))}
    )
    assert page.status_code == 422
    page = client.post(at("incident-create", cast), INCIDENT | {"at": moment(cast)})
    assert page.status_code == 422, "the unit above is not theirs"
    assert not Incident.objects.exists()


def test_the_roster_names_gaps_and_telephones_are_for_the_line_alone(client, cast):
    sign_in(client, cast.provincial)
    hours = {"officer_kept": "on", "officer_opens": "00:00", "officer_closes": "00:00"}
    assert client.get(at("hours-edit", cast, "cac-hebei")).status_code == 200
    client.post(at("hours-edit", cast, "cac-hebei"), hours)
    assert DutyHours.objects.count() == 1
    day = cast.edition.starts
    shift = {"role": "officer", "who": "Wang", "phone": "138 0000", "starts": f"{day}T08:00", "ends": f"{day}T20:00"}
    assert client.get(at("shift-create", cast, "cac-hebei")).status_code == 200
    assert client.post(at("shift-create", cast, "cac-hebei"), shift).status_code == 302
    page = client.get(at("duty", cast)).content.decode()
    assert "Nobody:" in page
    assert "138 0000" in page
    sign_in(client, cast.city_organiser)
    assert "138 0000" in client.get(at("duty", cast) + "?unit=cac-hebei").content.decode()
    sign_in(client, cast.stranger)
    assert client.get(at("duty", cast) + "?unit=cac-hebei").status_code == 404
    sign_in(client, cast.national)
    calendar = client.get(at("duty-calendar", cast, "cac-hebei"))
    assert b"Wang" in calendar.content
    assert b"138 0000" not in calendar.content.replace(b"\r\n ", b"")
    client.post(at("shift-remove", cast, "cac-hebei", Shift.objects.get().pk))
    assert not Shift.objects.exists()


@pytest.mark.parametrize("name", ["risk-list", "contingency-list", "incident-list", "duty", "meeting-list"])
def test_every_list_opens_for_the_whole_cast_in_both_languages(client, cast, name):
    for person in (cast.national, cast.provincial, cast.city_organiser, cast.county_organiser, cast.stranger):
        sign_in(client, person)
        for language in ("zh-hans", "en"):
            assert client.get(at(name, cast), headers={"accept-language": language}).status_code == 200


def test_a_measure_that_is_pressed_twice_is_one_and_one_task(client, cast):
    sign_in(client, cast.provincial)
    client.post(at("risk-create", cast), RISK)
    risk = Risk.objects.get()
    data = {"what": "Tents", "unit": "cac-shijiazhuang", "due": "2030-09-01", "as_task": "on"}
    for _press in range(2):
        client.post(at("measure-add", cast, risk.pk), data | {"csrfmiddlewaretoken": "of the first page"})
    assert (Measure.objects.count(), Task.objects.count()) == (1, 1)
    client.post(at("measure-add", cast, risk.pk), data | {"csrfmiddlewaretoken": "of a page opened afresh"})
    assert (Measure.objects.count(), Task.objects.count()) == (2, 2)


def test_files_of_a_plan_with_an_error_need_not_be_chosen_again(client, cast):
    sign_in(client, cast.provincial)
    files = lambda: [SimpleUploadedFile("map.png", png()), SimpleUploadedFile("gate.png", png())]  # noqa: E731 -- a file is read once
    page = client.post(at("contingency-create", cast), PLAN | {"title_en": "", "files": files()})
    text = page.content.decode()
    assert "map.png" in text
    keys = re.findall(r'name="files-kept" value="([^"]+)" checked', text)
    assert len(keys) == 2
    page = client.post(at("contingency-create", cast), PLAN | {"files-kept": keys[:1]})  # the other was unticked
    assert page.status_code == 302
    plan = Contingency.objects.get()
    assert [str(one.pk) for one in plan.files.all()] == keys[:1]
    Contingency.objects.update(revision=9)
    page = client.post(at("contingency-edit", cast, plan.pk), PLAN | {"title_en": "Other", "files": files()[:1]})
    assert page.content.decode().count('name="files-kept"') == 1  # somebody else was faster: the file stays as well
