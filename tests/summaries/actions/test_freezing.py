from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from cyberweek.documents.formats.docx import docx_file
from cyberweek.documents.formats.pdf import pdf_file
from cyberweek.indicators.models import Total
from cyberweek.summaries import actions
from cyberweek.summaries.core.content import canonical, digest
from cyberweek.summaries.formats.documents import document_of
from cyberweek.summaries.models import Link, Version
from tests.factories.summaries import LATER, again, some_figures

BASE = "https://week.example"


def freeze(cast, unit=None):
    return actions.freeze_summary(
        edition=cast.edition, unit=again(unit or cast.provincial_unit), base=BASE, by=cast.provincial, now=LATER
    )


def test_a_frozen_version_keeps_every_figure_with_its_query_and_the_digest_of_its_rows(cast):
    some_figures(cast)
    version = freeze(cast)
    attendance = version.content["figures"]["figure:attendance"]
    assert attendance["value"] == "1500"
    assert attendance["query"] == {
        "what": "total", "edition": "2019-national", "indicator": "attendance", "region": "130000",
    }  # fmt: skip
    assert len(attendance["digest"]) == 64
    assert version.sha256 == digest(Version.objects.get(pk=version.pk).content)
    assert Link.objects.get(version=version, key="figure:attendance").code == attendance["link"]


def test_the_database_refuses_to_change_or_delete_a_frozen_version(cast):
    some_figures(cast)
    version = freeze(cast)
    for act in (
        lambda: Version.objects.filter(pk=version.pk).update(number=7),
        lambda: Link.objects.filter(version=version).delete(),
        version.delete,
    ):
        with pytest.raises(Exception, match=r"not changed|protected"), transaction.atomic():
            act()


def test_a_version_stays_when_its_figures_move(cast):
    some_figures(cast)
    first = freeze(cast)
    Total.objects.filter(indicator__code="attendance", region=cast.province).update(value=99, low=99, high=99)
    second = freeze(cast)
    assert Version.objects.get(pk=first.pk).content["figures"]["figure:attendance"]["value"] == "1500"
    assert second.number == 2
    assert second.content["figures"]["figure:attendance"]["value"] == "99"


def test_a_version_gives_the_same_pdf_and_docx_each_time(cast):
    some_figures(cast)
    version = freeze(cast)
    stored = Version.objects.get(pk=version.pk)
    for language in ("zh-Hans", "en"):
        document = document_of(stored.content, language, sha256=stored.sha256)
        assert pdf_file(document, written=stored.at) == pdf_file(document, written=stored.at)
        assert docx_file(document, written=stored.at) == docx_file(document, written=stored.at)


def test_a_summary_goes_up_and_is_taken_in_or_sent_back(cast):
    some_figures(cast)
    version = freeze(cast)
    summary = version.summary
    actions.send_summary(summary=summary, version=version, by=cast.provincial, now=LATER)
    summary.refresh_from_db()
    assert (summary.state, summary.sent) == ("sent", 1)
    with pytest.raises(actions.Refused):
        actions.send_summary(summary=summary, version=version, by=cast.provincial, now=LATER)
    actions.send_back(summary=summary, reason="The lessons are missing.", by=cast.national, now=LATER)
    summary.refresh_from_db()
    assert (summary.state, summary.note) == ("frozen", "The lessons are missing.")
    later = freeze(cast)
    actions.send_summary(summary=summary, version=later, by=cast.provincial, now=LATER)
    actions.take_summary(summary=summary, by=cast.national, now=LATER)
    summary.refresh_from_db()
    assert (summary.state, summary.sent) == ("taken", 2)


def test_the_nation_names_who_has_not_sent_theirs(cast):
    some_figures(cast)
    version = freeze(cast)
    actions.send_summary(summary=version.summary, version=version, by=cast.provincial, now=LATER)
    national = freeze(cast, cast.national_unit)
    assert [(one["code"], one["state"]) for one in national.content["below"]] == [
        ("cac-fujian", "draft"),
        ("cac-hebei", "sent"),
    ]


def test_small_groups_are_not_in_a_frozen_version(cast):
    dictionary = some_figures(cast)
    from tests.factories.indicators import send
    from tests.factories.programme import make_activity

    small = make_activity(edition=cast.edition, lead=cast.county_unit, region=cast.county, status="published")
    send(small, {"consultations": 4}, dictionary)
    from cyberweek.indicators.actions import roll_up

    roll_up(edition=cast.edition, now=LATER)
    content = freeze(cast).content
    assert content["figures"]["figure:consultations"] | {"link": ""} == content["figures"]["figure:consultations"] | {
        "link": "", "value": None, "withheld": True, "low": None, "high": None,
    }  # fmt: skip
    assert content["figures"]["figure:attendance"]["value"] == "1500"


def test_the_content_as_text_is_the_same_whatever_the_order_of_its_keys():
    assert canonical({"b": 1, "a": "中"}) == '{"a":"中","b":1}'.encode()
    with pytest.raises(TypeError):
        canonical({"a": [0.1]})


def test_a_second_version_of_the_same_number_is_refused(cast):
    some_figures(cast)
    version = freeze(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.create(summary=version.summary, number=1, content={}, sha256="", at=LATER)
