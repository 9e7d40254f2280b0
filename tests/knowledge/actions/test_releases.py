from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from cyberweek.editions.actions import end_rehearsal, rehearse_edition
from cyberweek.kernel.models import AuditEvent
from cyberweek.knowledge.actions import ContestRefusedError, NothingNewError, edit_contest, publish_release, retire_item
from cyberweek.knowledge.models import Contest, Item, Release
from cyberweek.knowledge.queries import changes_of, current_pack, pack_of, publishers_of, unreleased_changes
from tests.factories.knowledge import NOW, make_contest, make_item


def test_a_release_freezes_rules_and_items_under_a_hash(cast):
    contest = make_contest(edition=cast.edition, owner=cast.national_unit, slug="national")
    release = publish_release(contest=contest, by=cast.national, now=NOW)
    pack = pack_of(Release.objects.get(pk=release.pk))
    assert (release.number, release.published, pack.contest, pack.items) == (1, NOW, "national", 2)
    assert [item.id for item in pack.bank] == sorted(Item.objects.values_list("code", flat=True))
    assert Contest.objects.get(pk=contest.pk).state == "published"
    assert publishers_of([release]) == {release.pk: "National"}
    assert AuditEvent.objects.get(verb="contest.publish").after["sha256"] == release.sha256


def test_a_release_cannot_be_changed(cast):
    contest = make_contest(edition=cast.edition, owner=cast.national_unit, published=True)
    with pytest.raises(IntegrityError, match="immutable"), transaction.atomic():
        Release.objects.filter(contest=contest.slug).update(pack=b"{}")


def test_a_release_with_nothing_new_is_not_made(cast):
    contest = make_contest(edition=cast.edition, owner=cast.national_unit, published=True)
    with pytest.raises(NothingNewError):
        publish_release(contest=contest, by=None, now=NOW)
    assert Release.objects.count() == 1


def test_the_next_release_says_what_it_changed(cast):
    contest = make_contest(edition=cast.edition, owner=cast.national_unit, published=True)
    old = Item.objects.first()
    new = make_item(owner=cast.national_unit)
    retire_item(item=old, by=None, now=NOW)
    assert unreleased_changes(contest) == ([new.content()], [], [old.content()], [])
    release = publish_release(contest=contest, by=None, now=NOW)
    assert release.number == 2
    assert changes_of(release) == ([new.content()], [], [old.content()], [])
    assert not unreleased_changes(contest)


def test_a_bank_that_has_fallen_short_is_not_released(cast):
    contest = make_contest(edition=cast.edition, owner=cast.national_unit, published=True)
    retire_item(item=Item.objects.first(), by=None, now=NOW)
    with pytest.raises(ContestRefusedError, match="2 asked, only 1 ready"):
        publish_release(contest=contest, by=None, now=NOW)


def test_a_rehearsal_takes_the_contest_along_and_sends_out_nothing_else(cast):
    contest = make_contest(edition=cast.edition, owner=cast.national_unit, published=True)
    before = current_pack(contest)
    make_item(owner=cast.national_unit)
    edit_contest(contest=contest, title={"zh-Hans": "新", "en": "New"}, rules=contest.rules(), by=None, now=NOW)
    later = NOW + dt.timedelta(days=700)
    rehearse_edition(edition=cast.edition, day=4, by=cast.national, now=later)
    after = current_pack(contest)
    contest.refresh_from_db()
    assert (after.number, after.opens, after.closes) == (2, contest.opens, contest.closes)
    assert contest.opens <= later < contest.closes
    assert (after.title, after.bank, after.closes - after.opens) == (
        before.title,
        before.bank,
        before.closes - before.opens,
    )
    cast.edition.refresh_from_db()
    end_rehearsal(edition=cast.edition, by=cast.national)
    assert (current_pack(contest).number, current_pack(contest).opens) == (3, before.opens)


def test_an_unpublished_contest_moves_without_a_release(cast):
    contest = make_contest(edition=cast.edition, owner=cast.national_unit)
    rehearse_edition(edition=cast.edition, day=1, by=None, now=NOW)
    contest.refresh_from_db()
    assert (contest.local_opens.day, Release.objects.count()) == (19, 0)


def test_of_two_who_publish_at_once_the_database_lets_one_have_the_number(cast):
    contest = make_contest(edition=cast.edition, owner=cast.national_unit, published=True)
    release = Release.objects.get(contest=contest.slug)
    with pytest.raises(IntegrityError, match="knowledge_release_once"), transaction.atomic():
        Release.objects.create(contest=contest.slug, number=1, sha256=release.sha256, pack=release.pack, published=NOW)
