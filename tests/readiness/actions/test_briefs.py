"""The agenda pack: one page for each unit whatever was typed, and going on where it was broken off."""

from __future__ import annotations

import datetime as dt
import io

import docx
import pypdf
import pytest
from django.utils import timezone

from cyberweek.planning.models import Task
from cyberweek.readiness.actions import briefs, make_forecast, meetings
from cyberweek.readiness.core.one_page import LINES, WIDTH
from cyberweek.readiness.models import Brief, BriefFile, UnitReport
from tests.factories.readiness import NOW, make_preparing, make_tasks_of_plan

pytestmark = pytest.mark.django_db
FULL = "\n".join(("把每一行都写到满，看它是否还能排在一页之内，" * 3)[:WIDTH] for _ in range(LINES))
WORDS = "\n".join(("Words of a common length " * 3)[: int(WIDTH / 0.6)] for _ in range(LINES))


@pytest.fixture
def meeting(cast):
    now = timezone.now()
    fields = {
        "title": {"en": "M"},
        "starts": now + dt.timedelta(days=1),
        "reports_due": now,
        "region": cast.nation,
        "branch": None,
        "reach": "all-under",
    }
    row = meetings.plan_meeting(edition=cast.edition, unit=cast.national_unit, fields=fields, by=None)
    meetings.call_meeting(meeting=row, by=None)
    return row


@pytest.mark.parametrize("text", [FULL, WORDS, "#let x = 1\n$a$ *b* [c] <d>"])
def test_each_unit_has_one_page_however_full(cast, meeting, text):
    for report in UnitReport.objects.select_related("unit", "meeting__edition"):
        texts = dict.fromkeys(("done", "doing", "troubles", "asks"), text)
        meetings.write_report(report=report, texts=texts, revision=1, send=True, by=None, now=timezone.now())
    brief = briefs.freeze_brief(meeting=meeting, by=None, now=timezone.now())
    briefs.make_files(brief.pk)
    for language in ("zh-Hans", "en"):
        file = BriefFile.objects.get(brief=brief, language=language, ending="pdf")
        pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(bytes(file.body))).pages]
        assert len(pages) == 1 + 4


def test_files_that_are_missing_are_made_and_those_that_are_there_stay(meeting):
    brief = briefs.freeze_brief(meeting=meeting, by=None, now=timezone.now())
    briefs.make_files(brief.pk)
    kept = BriefFile.objects.get(brief=brief, language="en", ending="pdf")
    BriefFile.objects.filter(brief=brief, ending="docx").delete()
    Brief.objects.filter(pk=brief.pk).update(state="making", done=2)
    assert briefs.unfinished_briefs(silent_since=timezone.now() + dt.timedelta(minutes=1)) == [brief.pk]
    briefs.make_files(brief.pk)
    brief.refresh_from_db()
    assert (brief.state, brief.done) == ("ready", 4)
    assert BriefFile.objects.get(pk=kept.pk).sha256 == kept.sha256


def test_what_changed_since_is_another_version(cast, meeting):
    now = timezone.now()
    first = briefs.freeze_brief(meeting=meeting, by=None, now=now)
    report = UnitReport.objects.select_related("unit", "meeting__edition").first()
    meetings.write_report(
        report=report,
        texts=dict.fromkeys(("done", "doing", "troubles", "asks"), "x"),
        revision=1,
        send=True,
        by=None,
        now=now,
    )
    second = briefs.freeze_brief(meeting=meeting, by=None, now=now)
    assert (first.number, second.number) == (1, 2)
    assert first.digest != second.digest


def test_the_forecast_stands_in_the_pack_with_its_reasons_in_both_languages_and_formats(cast):
    coming = make_preparing(cast.national_unit)
    make_tasks_of_plan(coming, [cast.city_unit, cast.provincial_unit, cast.stranger_unit])
    late = make_tasks_of_plan(coming, [cast.county_unit], state="todo", progress=0)
    due = {"begins": coming.starts - dt.timedelta(days=60), "due": coming.starts - dt.timedelta(days=20)}
    Task.objects.filter(pk=late[0].pk).update(title={"en": "Rent the hall", "zh-Hans": "租用会场"}, **due)
    make_forecast(edition=coming, now=NOW)
    fields = {
        "title": {"en": "M"}, "starts": NOW + dt.timedelta(days=1), "reports_due": NOW, "region": None,
        "branch": cast.city_unit, "reach": "all-under",
    }  # fmt: skip
    meeting = meetings.plan_meeting(edition=coming, unit=cast.national_unit, fields=fields, by=None)
    meetings.call_meeting(meeting=meeting, by=None)
    brief = briefs.freeze_brief(meeting=meeting, by=None, now=NOW)
    row = next(one for one in brief.content["ready"]["rows"] if one["standing"] == "red")
    assert row["why"]
    briefs.make_files(brief.pk)
    said = {
        "en": ("Who is ready, who is not, and why", "Rent the hall", "Off course", "If settled today", f"0 / {row['must']}"),
        "zh-Hans": ("租用会场", "如今天解决", f"0 / {row['must']}"),
    }  # fmt: skip
    for language, words in said.items():
        for ending, text_of in (("pdf", text_of_pdf), ("docx", text_of_docx)):
            body = bytes(BriefFile.objects.get(brief=brief, language=language, ending=ending).body)
            text = text_of(body)
            wanted = [*words, str(cast.county_unit.name.in_language(language))]
            assert [word for word in wanted if word.replace(" ", "") not in text] == [], (language, ending, text)


def text_of_pdf(body: bytes) -> str:
    """Without blanks: between scripts and at the ends of lines a PDF has its own."""
    return "".join("".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(body)).pages)


def text_of_docx(body: bytes) -> str:
    document = docx.Document(io.BytesIO(body))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "".join("".join([*(one.text for one in document.paragraphs), *cells]).split())
