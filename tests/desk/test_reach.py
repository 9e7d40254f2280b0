"""Every address of plan, readiness, figures, cases and hand-over, walked by people to whom a thing does not belong."""

from __future__ import annotations

import datetime as dt
import importlib
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from cyberweek.attachments.actions import keep_attachment
from cyberweek.handover.models import Archive
from cyberweek.honours.actions import add_files
from cyberweek.indicators.models import Evidence as ReportEvidence
from cyberweek.indicators.models import Figure
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.kernel.models import AuditEvent
from cyberweek.planning.models import Dependency, Evidence, Issue
from cyberweek.readiness.actions import briefs, contingencies, duty, incidents, meetings, minutes, risks
from cyberweek.summaries import actions as summaries
from tests.attachments.files import png
from tests.factories.accounts import sign_in
from tests.factories.honours import DURING, make_call, make_entry, make_juror
from tests.factories.indicators import load, open_report
from tests.factories.planning import make_arrangement, make_plan, make_task
from tests.factories.programme import make_activity
from tests.factories.regions import make_post, make_unit, make_user
from tests.factories.summaries import again

APPS = ("planning", "readiness", "indicators", "honours", "summaries", "handover")

# Addresses that are about no one's thing: everybody of the desk opens them and finds what is theirs.
SHARED = {
    "planning": {
        "plan-detail", "coverage", "my-week", "task-list", "task-many", "task-export", "task-board", "task-timeline",
        "task-matrix", "notices", "notices-read", "notices-mail", "feed-renew", "task-create", "feed",
    },
    "readiness": {
        "forecast-list", "forecast-method", "forecast-make", "meeting-list", "meeting-create", "risk-list", "risk-sheet",
        "risk-create", "contingency-list", "contingency-create", "incident-list", "incident-create", "duty",
    },
    "indicators": {
        "report-list", "figure-list", "figure-export", "figures-of", "figures-export", "dictionary", "indicator",
        "population-list", "population-import", "population-template",
    },
    "honours": {
        "case-list", "case-detail", "call-detail", "case-download", "case-file", "desk-list", "desk-create",
        "desk-entries",
    },
    "summaries": {"home", "public-list"},
    "handover": {"detail", "contact", "withdraw", "years", "years-table"},
}  # fmt: skip
NOWHERE = {403, 404, 405}


def picture(name: str = "wall.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, png())


def of_readiness(edition, unit, owner, region, title, now) -> dict[str, Any]:
    """A meeting with its pack and a decision, a risk, a plan with a drill, an incident, a shift."""
    starts = now + dt.timedelta(days=2)
    meeting = meetings.plan_meeting(
        edition=edition, unit=unit, by=owner,
        fields={"title": title, "starts": starts, "reports_due": starts - dt.timedelta(days=1), "region": region,
                "branch": None, "reach": "right-under"},
    )  # fmt: skip
    meetings.call_meeting(meeting=meeting, by=owner)
    brief = briefs.freeze_brief(meeting=meeting, by=owner, now=now)
    decision = minutes.add_decision(
        meeting=meeting, what=title, unit=unit, due=edition.starts, accountable=None, item=None, by=owner
    )
    risk = risks.raise_risk(
        edition=edition, unit=unit, by=owner, now=now, fields={"title": title, "likelihood": 4, "impact": 4}
    )
    measure = risks.add_measure(risk=risk, what=title, unit=unit, due=edition.starts, as_task=False, by=owner, now=now)
    contingency = contingencies.write_contingency(
        edition=edition, unit=unit, fields={"danger": "crowd", "title": title}, steps=[("Stop", "Head", 5)],
        contacts=[("Li", "Brigade", "119 000")], activities=[], files=[picture()], by=owner, now=now,
    )  # fmt: skip
    drill = contingencies.record_drill(
        plan=contingency, held=now - dt.timedelta(days=1), who="all", found="slow", minutes=9, by=owner, now=now
    )
    tried = risks.add_measure(drill=drill, what=title, unit=unit, due=edition.starts, as_task=False, by=owner, now=now)
    incident = incidents.enter_incident(
        edition=edition, unit=unit, kind="crowd", severity=2, place="Hall", what="Fell", at=now, by=owner, now=now
    )
    shift = duty.add_shift(
        edition=edition, unit=unit, by=owner,
        fields={"role": "leader", "name": "Li", "phone": "119 000", "starts": now, "ends": now + dt.timedelta(hours=9)},
    )  # fmt: skip
    return {
        "meeting": meeting, "brief": brief, "decision": decision, "risk": risk, "measure": measure,
        "contingency": contingency, "drill": drill, "tried": tried, "incident": incident, "shift": shift,
    }  # fmt: skip


@pytest.fixture
def world(cast) -> SimpleNamespace:
    """One thing of each kind, all of the office in Fujian, and of nobody else."""
    edition, unit, owner, now = cast.edition, cast.stranger_unit, cast.stranger, timezone.now()
    kept = lambda: keep_attachment(file=picture(), by=owner, now=now)  # noqa: E731 -- four times the same word
    plan = make_plan(edition=edition, unit=unit)
    arrangement = make_arrangement(plan=plan, code="A01")
    Issue.objects.create(
        plan=plan, number=1, by=owner, at=now, touched=now, finished=now, state="done",
        counts={"made": 0, "changed": 0, "dropped": 0, "kept": 0},
    )  # fmt: skip
    task = make_task(edition=edition, unit=unit)
    after = make_task(edition=edition, unit=unit)
    Dependency.objects.create(task=task, after=after)
    evidence = Evidence.objects.create(task=task, attachment=kept())
    title = LocalizedText({"en": "Secret of Fujian", "zh-Hans": "福建的事"})
    below = make_unit("cac-fuzhou", region=cast.elsewhere, parent=unit)
    dictionary = load(edition)
    activity = make_activity(edition=edition, lead=unit, status="published")
    report = open_report(activity)
    figure = Figure.objects.create(
        edition=edition, report=report, indicator=next(iter(dictionary.values())), value=7, way="signed", grade="document",
        state="counted",
    )  # fmt: skip
    shown = ReportEvidence.objects.create(report=report, attachment=kept())
    call = make_call(edition=edition, owner=unit)
    entry = make_entry(call=call, unit=below, sent=False)
    file = add_files(entry=entry, files=[picture("named.png")], by=None, now=DURING)[0]
    juror = make_juror(call)
    archive = Archive.objects.create(edition=edition, asked=now, made=now, content=b"x", digest="d" * 64, size=1)
    version = summaries.freeze_summary(edition=edition, unit=again(unit), base="https://w.example", by=owner, now=now)
    lesson = summaries.add_lesson(
        edition=edition, unit=unit, what="Secret of Fujian", why="", next_time="", by=owner, now=now
    )
    return SimpleNamespace(
        version=version, lesson=lesson, link=version.links.first(), edition=edition, plan=plan, arrangement=arrangement, task=task, after=after, evidence=evidence,
        **of_readiness(edition, unit, owner, cast.elsewhere, title, now), activity=activity, report=report, figure=figure, shown=shown, call=call,
        entry=entry, file=file, juror=juror, archive=archive, unit=unit, below=below,
    )  # fmt: skip


def filled(app: str, name: str, world: SimpleNamespace) -> dict[str, Any]:
    """What each part of an address is in this world; where parts of one name differ by app or route, the nearest."""
    common = {
        "edition": world.edition.slug, "unit": world.unit.code, "number": 1, "ending": "pdf", "language": "en",
        "token": "nobodys", "small": 1,
    }  # fmt: skip
    own: dict[str, dict[str, Any]] = {
        "planning": {"pk": world.task.pk, "code": "A01", "after": world.after.pk, "file": world.evidence.pk,
                     "ending": "xlsx"},
        "readiness": {
            "meeting": world.meeting.pk, "risk": world.risk.pk, "plan": world.contingency.pk, "drill": world.drill.pk,
            "measure": world.tried.pk if name == "drill-tick" else world.measure.pk, "incident": world.incident.pk,
            "step": world.contingency.steps.get().pk, "shift": world.shift.pk,
            "file": world.contingency.files.get().pk,
            "act": {"meeting-act": "remind", "risk-act": "pass-up", "measure-act": "tick", "incident-act": "add"}.get(name),
            "unit": world.below.code if name == "report-edit" else world.unit.code,
        },
        "indicators": {
            "pk": world.figure.pk if name == "figure" else world.report.pk, "file": world.shown.pk, "ending": "csv",
            "decision": "verify",
            "code": {"report-activity": world.activity.code, "report-unit": world.unit.code}.get(name, "people-reached"),
        },
        "honours": {
            "call": world.call.pk, "entry": world.entry.pk, "case": world.entry.pk, "juror": world.juror.pk,
            "objection": 1, "act": "submit", "step": "close", "file": 1,
        },
        "summaries": {"pk": world.lesson.pk, "part": "overview", "step": "send", "table": "totals", "ending": "csv" if "table" in name else "json",
                      "code": world.link.code},
        "handover": {"pk": world.archive.pk},
    }  # fmt: skip
    return {**common, **own[app]}


def addresses(world: SimpleNamespace) -> list[tuple[str, str, str]]:
    """App, route and address of every page that is about a thing of the office in Fujian."""
    found = []
    for app in APPS:
        for pattern in importlib.import_module(f"cyberweek.{app}.urls").urlpatterns:
            name = pattern.name
            if name in SHARED[app]:
                continue
            known = filled(app, name, world)
            parts = {part: known[part] for part in pattern.pattern.converters}
            found.append((app, name, reverse(f"{app}:{name}", kwargs=parts)))
    assert len(found) > 90, "the walk lost its way"
    return found


def opened(client, method: str, world: SimpleNamespace) -> list[str]:
    """Which addresses answer otherwise than with nothing."""
    return [
        f"{app}:{name}"
        for app, name, address in addresses(world)
        if getattr(client, method)(address).status_code not in NOWHERE
    ]


def events() -> int:
    return AuditEvent.objects.exclude(verb__startswith="session.").count()


@pytest.fixture
def people(cast) -> dict[str, Any]:
    """Who has nothing to do with Fujian: of another province in every role, of a county, and of no unit at all."""
    rows = {"coordinator": cast.provincial, "county": cast.county_organiser, "nobody": make_user("nobody")}
    for role in ("viewer", "editor", "reviewer"):
        rows[role] = make_user(f"hebei-{role}")
        make_post(rows[role], cast.provincial_unit, role)
    return rows


def test_what_belongs_to_another_province_is_neither_read_nor_changed(client, world, people):
    for who, person in people.items():
        sign_in(client, person)
        before = events()
        if who in {"coordinator", "county"}:  # what one reads does not hang on the role
            assert opened(client, "get", world) == [], who
        assert opened(client, "post", world) == [], who
        assert events() == before, who


def test_without_signing_in_every_address_leads_to_the_door(client, world):
    before = events()
    for app, name, address in addresses(world):
        for method in ("get", "post"):
            answer = getattr(client, method)(address)
            if app == "summaries" and not address.startswith("/desk/"):  # what is published is for all, and this is not
                assert answer.status_code in NOWHERE, (name, method)
                continue
            assert answer.status_code in {302, 405}, (app, name, method, answer.status_code)
            assert answer.status_code == 405 or "/sign-in/" in answer["Location"], (app, name, answer["Location"])
    assert events() == before


# Who sees a thing and does not own it may say something of a task; and is led from an activity to its report.
SPOKEN = {"planning:task-comment", "indicators:report-activity"}


def test_a_unit_of_the_same_region_reads_and_changes_nothing(client, world, cast):
    """Units of a region see each other's plans; the hand on them stays their own."""
    sister = make_unit("edu-fujian", region=cast.elsewhere, parent=cast.national_unit, sector="education")
    person = make_user("sister")
    make_post(person, sister, "coordinator")
    sign_in(client, person)
    before = events()
    assert set(opened(client, "post", world)) <= SPOKEN
    assert events() == before


SERVES = {*SPOKEN, "readiness:incident-act", "readiness:incident-tick"}
"""What whoever serves in a unit does in any role: the one on duty may be a viewer the rest of the year."""


def test_who_only_looks_on_in_a_unit_changes_nothing_of_it(client, world, cast):
    person = make_user("looks-on")
    make_post(person, cast.stranger_unit, "viewer")
    sign_in(client, person)
    before = events()
    assert set(opened(client, "post", world)) <= SERVES
    assert events() == before


@pytest.mark.parametrize("typed", ["%00", "²", "9" * 5000, "'\"><script>"])
def test_no_page_breaks_on_what_is_typed_into_its_address(client, world, cast, typed):
    sign_in(client, cast.stranger)
    asked = (
        "q", "state", "whose", "unit", "region", "within", "level", "sector", "arrangement", "day", "who", "late", "parent",
        "page", "cols", "plan", "open", "s", "sort", "kind", "danger", "places", "l", "i", "severity", "by", "tab", "theme",
        "number", "case", "activity", "want", "year", "order", "lang", "initial", "year", "award",
    )  # fmt: skip
    query = "&".join(f"{name}={typed}" for name in asked)
    for app in APPS:
        for pattern in importlib.import_module(f"cyberweek.{app}.urls").urlpatterns:
            known = filled(app, pattern.name, world)
            address = reverse(
                f"{app}:{pattern.name}", kwargs={part: known[part] for part in pattern.pattern.converters}
            )
            try:
                answer = client.get(f"{address}?{query}")
            except Exception as error:  # the test client lets it through
                raise AssertionError(f"{app}:{pattern.name}") from error
            assert answer.status_code < 500, (app, pattern.name)
            assert b"<script>&" not in answer.getvalue()
