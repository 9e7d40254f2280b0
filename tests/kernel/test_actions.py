"""The audit trail: what differs is kept, and nothing can be rewritten."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import translation
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from cyberweek.kernel.actions import record, snapshot
from cyberweek.kernel.models import AuditEvent
from cyberweek.regions.models import Unit


@pytest.fixture
def event(cast):
    before = snapshot(cast.edition, ["slug", "year", "starts"])
    cast.edition.year = 2020
    after = snapshot(cast.edition, ["slug", "year", "starts"])
    return record(
        actor=cast.national,
        verb="edition.edit",
        thing=cast.edition,
        unit=cast.national_unit.pk,
        before=before,
        after=after,
    )


def test_only_what_differs_is_kept(event, cast):
    assert (event.before, event.after) == ({"year": 2019}, {"year": 2020})
    assert (event.noun, event.key) == ("editions.edition", str(cast.edition.pk))
    assert event.actor == cast.national


@pytest.fixture
def bilingual(cast) -> Unit:
    cast.city_unit.name = {"zh-Hans": "石家庄网信办", "en": "Shijiazhuang office"}
    cast.city_unit.save()
    return Unit.objects.get(pk=cast.city_unit.pk)


def test_a_thing_is_called_in_the_language_of_who_reads(bilingual, cast):
    with translation.override("zh-hans"):
        event = record(actor=cast.national, verb="unit.edit", thing=bilingual)
    event.refresh_from_db()
    assert (str(event.called), event.label) == ("Shijiazhuang office", "石家庄网信办")
    with translation.override("zh-hans"):
        assert str(event.called) == "石家庄网信办"


def test_a_name_that_is_the_same_in_all_languages_is_kept_once(cast):
    event = record(actor=None, verb="user.edit", thing=cast.national)
    assert (event.names, event.called) == ({}, cast.national.name)


def test_what_was_written_before_there_were_names_reads_as_it_was(bilingual):
    old = AuditEvent(verb="unit.edit", noun="regions.unit", key="x", label="石家庄网信办")
    old.save()
    assert str(AuditEvent.objects.get(pk=old.pk).called) == "石家庄网信办"


def test_rows_and_lazy_texts_of_before_and_after_are_kept_in_each_language(bilingual, cast):
    event = record(
        actor=None, verb="unit.move", thing=cast.county_unit, before={"parent": None, "roles": ["editor"]},
        after={"parent": bilingual, "roles": [format_lazy("{}: {}", bilingual, gettext_lazy("state"))]},
    )  # fmt: skip
    event.refresh_from_db()
    assert event.before == {"parent": None, "roles": ["editor"]}
    assert event.after == {
        "parent": {"zh-Hans": "石家庄网信办", "en": "Shijiazhuang office"},
        "roles": [{"zh-Hans": "石家庄网信办: 状态", "en": "Shijiazhuang office: state"}],
    }


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE kernel_auditevent SET verb = 'nothing'",
        "DELETE FROM kernel_auditevent",
        "TRUNCATE kernel_auditevent",
    ],
)
def test_the_database_refuses_to_rewrite_the_trail(event, statement):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else TRUNCATE is refused already for pending foreign keys
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEvent.objects.filter(pk=event.pk, verb="edition.edit").exists()
