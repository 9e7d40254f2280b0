"""Every form of the desk that makes something makes it once; those that do not are named here, with why."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from cyberweek.attachments.models import Attachment
from cyberweek.planning.models import Arrangement, Evidence, Task, TaskEvent
from cyberweek.readiness.models import Incident, Measure, Risk
from cyberweek.regions.models import Unit
from cyberweek.summaries.models import Lesson
from tests.attachments.files import png
from tests.factories.accounts import sign_in
from tests.factories.planning import make_plan, make_task
from tests.readiness.views.test_safety import INCIDENT, RISK, moment

MAKES_NOTHING = {
    "signs somebody in or out, or changes what is their own": {
        "accounts:code", "accounts:enrol", "accounts:me", "accounts:password", "accounts:recovery-codes",
        "accounts:sign-in", "accounts:sign-out", "planning:feed-renew", "planning:notices-mail", "planning:notices-read",
        "regions:post-access", "handover:contact", "handover:withdraw",
    },
    "changes a row that is there; a revision, or the row itself, says whether it is as it was read": {
        "editions:edition-edit", "finals:desk-final-edit", "finals:desk-final-renew", "honours:desk-edit",
        "honours:desk-entry-edit", "honours:jury-sheet", "indicators:indicator-edit", "knowledge:desk-contest-edit",
        "knowledge:desk-group-change", "knowledge:item-edit", "planning:arrangement-edit", "planning:plan-edit",
        "planning:task-edit", "planning:task-report", "programme:desk-edit", "readiness:hours-edit",
        "readiness:meeting-edit", "readiness:minutes-edit", "readiness:report-edit", "readiness:risk-edit",
        "regions:post-edit", "regions:unit-accountable", "regions:unit-edit", "regions:unit-move",
        "summaries:lesson-edit", "summaries:section-edit", "knowledge:desk-objection-days",
    },
    "puts a whole set in the place of the one before": {
        "editions:edition-days", "editions:edition-organisers", "readiness:agenda-edit",
    },
    "takes a thing from one state to the next, which happens once": {
        "draws:desk-freeze", "draws:desk-reveal", "editions:edition-front-page", "editions:edition-rehearse",
        "editions:edition-rehearse-end", "editions:edition-stage", "finals:desk-final-open", "forensics:detail",
        "handover:believe", "honours:desk-awards", "honours:desk-decide", "honours:desk-entry-act",
        "honours:desk-step", "indicators:report-decide", "knowledge:desk-objection", "knowledge:desk-participant",
        "knowledge:desk-promotion-decline", "knowledge:desk-regrade-preview", "knowledge:item-restore",
        "knowledge:item-retire", "planning:arrangement-withdraw", "planning:task-drop", "planning:task-many",
        "planning:task-move", "programme:desk-many", "programme:desk-take", "readiness:drill-tick",
        "readiness:incident-tick", "readiness:meeting-act", "readiness:minutes-approve", "readiness:risk-act",
        "summaries:send-back", "summaries:step", "summaries:withdraw",
    },
    "takes something away": {
        "honours:desk-file-remove", "honours:desk-juror-remove", "indicators:report-file-remove",
        "planning:evidence-remove", "planning:task-wait-no-more", "readiness:decision-remove", "readiness:shift-remove",
        "regions:post-dismiss", "summaries:lesson-remove",
    },
    "makes one by a rule of its own: a release, list or pack by its content, an issue by its lock, a version by the one before": {
        "readiness:brief-freeze",
        "knowledge:desk-contest-publish", "knowledge:desk-promotion-publish", "planning:plan-issue", "summaries:freeze",
    },
    "reminds: once a day, whoever presses": {"planning:task-remind", "summaries:remind"},
    "is of a participant: one objection for each exclusion, one contact for each prize, one place at a final": {
        "knowledge:objection", "passport:claim", "finals:team", "finals:host-step",
    },
    "only reads": {"knowledge:ledger-check", "knowledge:desk-claim-detail"},
}  # fmt: skip


def views(patterns: list[Any], space: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns, pattern.namespace or space)
        else:
            yield f"{space}:{pattern.name}", pattern.callback


def test_every_form_counts_once_or_says_why_it_need_not():
    ours = [
        (name, view) for name, view in views(get_resolver().url_patterns) if view.__module__.startswith("cyberweek.")
    ]
    takes_forms = re.compile(r"request\.POST|require_POST|[\"']POST[\"']")
    forms = {name: view for name, view in ours if takes_forms.search(inspect.getsource(inspect.unwrap(view)))}
    excused = set().union(*MAKES_NOTHING.values())
    assert len(forms) > 140, "the walk lost its way"
    assert {name for name, view in forms.items() if not hasattr(view, "is_once")} == excused
    assert len(excused) == sum(len(names) for names in MAKES_NOTHING.values())


FORMS = {
    "planning:task-create": ({"unit": "cac-hebei", "title_en": "Posters", "begins": "2019-09-01", "due": "2019-09-02"}, Task),
    "planning:task-comment": ({"comment-text": "Seen."}, TaskEvent),
    "planning:evidence-give": ({}, Evidence),
    "planning:arrangement-create": (
        {"code": "B01", "title_en": "Posters", "begins": "-20", "due": "-10", "levels": ["province"]}, Arrangement,
    ),
    "readiness:risk-create": (RISK, Risk),
    "readiness:measure-add": ({"what_en": "Umbrellas", "what": "Umbrellas", "unit": "cac-hebei", "due": "2019-09-10"}, Measure),
    "readiness:incident-create": (INCIDENT, Incident),
    "regions:unit-create": (
        {"name_zh_hans": "测试", "name_en": "", "code": "new-one", "parent": "cac-shijiazhuang", "level": "county",
         "region": "130102", "sector": "education"}, Unit,
    ),
    "summaries:lessons": ({"what": "Queues.", "why": "Two gates.", "next_time": "Four."}, Lesson),
}  # fmt: skip


def address_of(name: str, cast, client) -> str:
    slug = cast.edition.slug
    if name in {"planning:task-comment", "planning:evidence-give"}:
        return reverse(name, args=[slug, make_task(edition=cast.edition, unit=cast.provincial_unit).pk])
    if name == "planning:arrangement-create":
        return reverse(name, args=[slug, make_plan(edition=cast.edition, unit=cast.provincial_unit).unit.code])
    if name == "readiness:measure-add":
        client.post(reverse("readiness:risk-create", args=[slug]), RISK)
        return reverse(name, args=[slug, Risk.objects.get().pk])
    if name == "summaries:lessons":
        return reverse(name, args=[slug, "cac-hebei"])
    return reverse(name, args=[] if name == "regions:unit-create" else [slug])


def token_in(page) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())
    assert found, "a page without a token"
    return found[1]


@pytest.mark.parametrize("name", FORMS)
def test_a_form_sent_twice_from_its_page_makes_one_and_leads_to_it(cast, name):
    client = sign_in(Client(enforce_csrf_checks=False), cast.provincial)
    said, model = FORMS[name]
    address = address_of(name, cast, client)
    page = client.get(address)
    if page.status_code == 405:  # the form stands on the page of the thing
        page = client.get(reverse("regions:unit-create"))
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    before, said = model.objects.count(), {**said, "csrfmiddlewaretoken": token_in(page)}
    if name == "readiness:incident-create":
        said["at"] = moment(cast)
    answers = []
    for _ in range(2):
        files = {"files": SimpleUploadedFile("wall.png", png())} if name == "planning:evidence-give" else {}
        answers.append(strict.post(address, said | files))
        assert answers[-1].status_code == 302, answers[-1].content.decode()[-1500:]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert model.objects.count() == before + 1
    assert Attachment.objects.filter(at__lte=timezone.now()).count() == (name == "planning:evidence-give")
