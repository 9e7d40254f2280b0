from __future__ import annotations

import datetime as dt
import uuid

import pytest

from cyberweek.forensics.actions import NotDismissedError, dismiss_flag, inspect_contest
from cyberweek.forensics.jobs import inspect_contests, inspect_now
from cyberweek.forensics.models import Flag, Inspection
from cyberweek.forensics.queries import errors_of, flags_of, origins_of, suspects_of
from cyberweek.kernel.models import AuditEvent
from cyberweek.knowledge.actions import append_entry
from cyberweek.knowledge.core.chain import Entry
from cyberweek.knowledge.queries.rulings import markers_of
from tests.factories.knowledge import NOW, make_contest

ANA = "0b0c5bd0-6f8a-4bb3-8b44-8a4c4f1d9c11"


@pytest.fixture
def contest(cast):
    return make_contest(edition=cast.edition, owner=cast.national_unit, slug="week", published=True)


def hand_in(contest, who=ANA, *, seconds=0, day="2019-09-19"):
    """A paper in the ledger that is all right, as the arena would have written it."""
    marker = markers_of(contest)[1]
    items = [marker.pack.bank[place] for place in marker.deck.draw(who, day, 1).items]
    sheet = ",".join("a" for _ in items)
    entry = Entry("submit", day, str(uuid.uuid4()), contest.slug, who, "110000", 1, 1, 1, sheet, 3, 3, 10, seconds)
    append_entry(entry=entry)


def test_an_inspection_leaves_flags_and_says_what_it_looked_at(contest):
    hand_in(contest)
    hand_in(contest, str(uuid.uuid4()), seconds=60)
    inspection = inspect_contest(contest=contest, now=NOW)
    flag = Flag.objects.get()
    assert (inspection.papers, inspection.batch, flag.rule, flag.participants) == (2, 2, "fast", [ANA])
    assert flag.evidence[0]["seconds"] == 0


def test_what_was_dismissed_stays_so_when_it_is_found_again(contest, cast):
    hand_in(contest)
    inspect_contest(contest=contest, now=NOW)
    dismiss_flag(flag=Flag.objects.get(), words=" asked her ", by=cast.national, now=NOW)
    hand_in(contest, day="2019-09-20")
    inspect_contest(contest=contest, now=NOW)
    flag = Flag.objects.get()
    assert (flag.state, flag.words, len(flag.evidence)) == ("dismissed", "asked her", 2)
    assert AuditEvent.objects.get(verb="flag.dismiss").reason == "asked her"


@pytest.mark.parametrize("words", ["", "  ", "x" * 501])
def test_a_flag_is_not_dismissed_without_words(contest, cast, words):
    hand_in(contest)
    inspect_contest(contest=contest, now=NOW)
    with pytest.raises(NotDismissedError):
        dismiss_flag(flag=Flag.objects.get(), words=words, by=cast.national, now=NOW)


def test_a_flag_is_dismissed_once(contest, cast):
    hand_in(contest)
    inspect_contest(contest=contest, now=NOW)
    flag = Flag.objects.get()
    dismiss_flag(flag=flag, words="asked", by=cast.national, now=NOW)
    with pytest.raises(NotDismissedError):
        dismiss_flag(flag=flag, words="asked again", by=cast.national, now=NOW)


def test_contests_are_looked_at_while_they_run_and_a_week_after(contest):
    for days, count in [(-5, 0), (0, 1), (9, 2), (12, 2)]:
        inspect_contests(int((NOW + dt.timedelta(days=days)).timestamp()))
        assert Inspection.objects.count() == count
    inspect_now(contest.pk, int(NOW.timestamp()))
    assert Inspection.objects.count() == 3


def test_a_contest_without_papers_has_nothing_to_find(contest):
    assert inspect_contest(contest=contest, now=NOW).papers == 0
    assert list(flags_of(contest)) == []
    assert origins_of(contest) == ({}, {})


def test_somebody_whose_nickname_is_gone_is_still_named_by_number(contest):
    assert [tuple(one) for one in suspects_of(contest, [ANA])] == [(ANA, "", False)]


def test_evidence_names_the_questions(contest):
    item = markers_of(contest)[1].pack.bank[0]
    row = {"item": item.id, "release": 1, "first": "b", "second": "b"}
    flag = Flag(contest=contest, rule="alike", evidence=[{"same": 1}, row])
    assert [one["stem"]["zh-Hans"] for one in errors_of(flag)] == [item.stem["zh-Hans"]]
