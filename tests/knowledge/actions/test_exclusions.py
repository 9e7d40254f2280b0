from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, connection, transaction

from cyberweek.kernel.models import AuditEvent
from cyberweek.knowledge.actions import (
    RulingRefusedError,
    decide_objection,
    exclude_participant,
    make_objection,
    readmit_participant,
    set_objection_days,
)
from cyberweek.knowledge.models import Exclusion, Objection, ResultVersion
from cyberweek.knowledge.queries.results import board_then, exclusion_counts
from tests.factories.knowledge import NOW, make_contest
from tests.factories.ledger import count_on_board, hand_in, make_participant

LATER = NOW + dt.timedelta(days=1)


@pytest.fixture
def contest(cast):
    return make_contest(edition=cast.edition, owner=cast.national_unit, slug="national", published=True)


@pytest.fixture
def player(cast, contest):
    player = make_participant(cast.county)
    count_on_board(contest, hand_in(contest, player))
    return player


def exclude(contest, player, by, **changes):
    told = {"category": "speed", "reason": "20 items in 8 seconds", "note": "see the times"}
    return exclude_participant(contest=contest, participant=player.id, by=by, now=NOW, **told | changes)


def rulings():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, participant, answers, attempt FROM ledger_entry WHERE kind IN ('exclude', 'readmit') ORDER BY batch"
        )
        return cursor.fetchall()


def test_an_exclusion_stands_in_the_ledger_the_trail_and_the_table_and_the_result_before_is_kept(cast, contest, player):
    exclusion = exclude(contest, player, cast.national)
    assert rulings() == [("exclude", player.id, "20 items in 8 seconds", exclusion.ruling)]
    assert exclusion.object_until == NOW + dt.timedelta(days=7)
    assert AuditEvent.objects.get(verb="contest.exclude").actor == cast.national
    version = ResultVersion.objects.get()
    assert (version.number, version.batch, version.participants, version.ruling) == (1, 2, 1, exclusion.ruling)
    assert len(version.head) == 64
    assert [(row.rank, row.nickname) for row in board_then(version, cast.nation)] == [(1, "小明")]
    player.delete()
    assert board_then(version, cast.nation)[0].nickname == ""


@pytest.mark.parametrize(
    "reason", ["", "   ", "two\nlines", "tab\there", "back\\slash", "x" * 10_000, "\x00", "a\u202eb"]
)
def test_a_reason_that_is_not_one_plain_line_is_refused_and_nothing_happens(cast, contest, player, reason):
    with pytest.raises(RulingRefusedError):
        exclude(contest, player, cast.national, reason=reason)
    assert (rulings(), Exclusion.objects.count(), ResultVersion.objects.count()) == ([], 0, 0)


def test_a_reason_with_the_wide_space_of_a_chinese_keyboard_is_taken(cast, contest, player):
    assert exclude(contest, player, cast.national, reason="答题过快\u3000见时间").reason == "答题过快 见时间"


def test_nobody_is_excluded_twice_nor_who_never_played(cast, contest, player):
    exclude(contest, player, cast.national)
    with pytest.raises(RulingRefusedError, match="already excluded"):
        exclude(contest, player, cast.national)
    with pytest.raises(RulingRefusedError, match="Nobody of this number"):
        exclude_participant(
            contest=contest,
            participant=uuid.uuid4(),
            category="other",
            reason="why",
            note="",
            by=cast.national,
            now=NOW,
        )
    with pytest.raises(IntegrityError, match="exclusion_once_at_a_time"), transaction.atomic():
        Exclusion.objects.create(
            contest=contest,
            participant=player.id,
            category="other",
            reason="r",
            by=cast.national,
            at=NOW,
            object_until=NOW,
        )
    assert len(rulings()) == 1


def test_a_mistake_is_taken_back_once_and_can_be_made_again(cast, contest, player):
    exclusion = exclude(contest, player, cast.national)
    readmit_participant(exclusion=exclusion, reason="another person was meant", by=cast.national, now=LATER)
    with pytest.raises(RulingRefusedError, match="not excluded"):
        readmit_participant(exclusion=exclusion, reason="again", by=cast.national, now=LATER)
    exclude(contest, player, cast.national)
    assert [row[0] for row in rulings()] == ["exclude", "readmit", "exclude"]
    assert [(row.category, row.excluded, row.lifted) for row in exclusion_counts(contest)] == [("speed", 2, 1)]
    assert ResultVersion.objects.count() == 3


def test_who_is_excluded_objects_once_and_in_time(cast, contest, player):
    exclusion = exclude(contest, player, cast.national)
    with pytest.raises(RulingRefusedError, match="Say what is wrong"):
        make_objection(contest=contest, participant=player.id, text="  ", now=LATER)
    with pytest.raises(RulingRefusedError, match="too long"):
        make_objection(contest=contest, participant=player.id, text="x" * 2001, now=LATER)
    with pytest.raises(RulingRefusedError, match="time for an objection is over"):
        make_objection(contest=contest, participant=player.id, text="late", now=NOW + dt.timedelta(days=8))
    with pytest.raises(RulingRefusedError, match="is not excluded"):
        make_objection(contest=contest, participant=uuid.uuid4(), text="me", now=LATER)
    make_objection(contest=contest, participant=player.id, text="I was quick.\nThat is all.", now=LATER)
    with pytest.raises(RulingRefusedError, match="made already"):
        make_objection(contest=contest, participant=player.id, text="again", now=LATER)
    with pytest.raises(RulingRefusedError, match="decide it instead"):
        readmit_participant(exclusion=exclusion, reason="a mistake", by=cast.national, now=LATER)
    assert AuditEvent.objects.get(verb="contest.object").actor is None


@pytest.fixture
def objection(cast, contest, player):
    exclude(contest, player, cast.national)
    return make_objection(contest=contest, participant=player.id, text="I was quick.", now=LATER)


def decide(objection, by, *, readmit=True, answer="We looked again.", reason="the times were misread"):
    return decide_objection(objection=objection, readmit=readmit, answer=answer, reason=reason, by=by, now=LATER)


def test_somebody_else_decides_and_only_once(cast, objection):
    with pytest.raises(RulingRefusedError, match="does not decide"):
        decide(objection, cast.national)
    with pytest.raises(IntegrityError, match="objection_has_four_eyes"), transaction.atomic():
        Objection.objects.update(state="upheld", decided=LATER, decided_by=cast.national)
    with pytest.raises(RulingRefusedError, match="Give the answer"):
        decide(objection, cast.provincial, answer=" ")
    decide(objection, cast.provincial)
    assert [row[0] for row in rulings()] == ["exclude", "readmit"]
    assert Exclusion.objects.get().lifted_by == cast.provincial
    with pytest.raises(RulingRefusedError, match="decided already"):
        decide(objection, cast.provincial, readmit=False)


def test_an_exclusion_that_is_upheld_leaves_the_ledger_as_it_is(cast, objection):
    assert decide(objection, cast.provincial, readmit=False, reason="").state == "upheld"
    assert [row[0] for row in rulings()] == ["exclude"]
    assert Exclusion.objects.get().lifted is None
    assert AuditEvent.objects.get(verb="contest.decide-objection").after["answer"] == "We looked again."


def test_the_time_for_an_objection_is_a_rule_of_the_contest(cast, contest, player):
    with pytest.raises(RulingRefusedError, match="1 to 60"):
        set_objection_days(contest=contest, days=0, by=cast.national)
    set_objection_days(contest=contest, days=14, by=cast.national)
    assert exclude(contest, player, cast.national).object_until == NOW + dt.timedelta(days=14)
