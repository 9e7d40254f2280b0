from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import connection

from cyberweek.draws.actions import (
    DrawRefusedError,
    Terms,
    announce_draws,
    freeze_draw,
    invite_winners,
    reveal_draw,
)
from cyberweek.draws.core import draws as core
from cyberweek.draws.enums import Stage
from cyberweek.draws.jobs import freeze_draws
from cyberweek.draws.models import Draw
from cyberweek.draws.queries import draws_to_freeze, winners_of
from cyberweek.kernel.models import AuditEvent
from cyberweek.knowledge.actions import append_entry, append_ruling
from cyberweek.knowledge.core.chain import Entry
from cyberweek.knowledge.queries import ledger_head
from cyberweek.passport.models import Claim
from tests.factories.knowledge import make_contest

DAY = dt.date(2019, 9, 19)
BEFORE = dt.datetime(2019, 9, 18, 12, 0, tzinfo=dt.UTC)
KNOWN = dt.datetime(2019, 9, 20, 13, 30, tzinfo=dt.UTC)
FROZEN = dt.datetime(2019, 9, 19, 17, 0, tzinfo=dt.UTC)  # an hour into the next day of the contest
PRIZE = {"zh-Hans": "五十元", "en": "Fifty yuan"}
CLOSES = KNOWN + dt.timedelta(days=14)
ANA, BO, CY = (str(uuid.UUID(int=n << 64)) for n in (1, 2, 3))


def terms(**changes):
    told = Terms(
        prize=PRIZE, prizes=1, reserve=1, least=10, source="Lottery 3D of 20 September", day=DAY, known_at=KNOWN
    )
    return told._replace(**changes)


@pytest.fixture
def contest(cast):
    return make_contest(edition=cast.edition, owner=cast.national_unit, slug="week", published=True)


def hand_in(who, score=10, day="2019-09-19"):
    """A paper in the ledger, as the arena would have written it."""
    append_entry(entry=Entry("submit", day, str(uuid.uuid4()), "week", who, "110000", 1, 1, 0, "a,a", 3, 3, score, 9))


def announced(contest, **changes):
    return announce_draws(contest=contest, terms=[terms(**changes)], by=None, now=BEFORE)[0]


def steps():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT batch, day::text, attempt::text, at_ms, answers FROM ledger_entry WHERE kind = 'draw' ORDER BY batch"
        )
        rows = cursor.fetchall()
    return [(batch, Entry("draw", day, id_, "week", "", "", 0, 0, at, text)) for batch, day, id_, at, text in rows]


def test_a_draw_from_its_announcement_to_its_winners_holds(contest, cast):
    draw = announced(contest)
    for who in (ANA, BO, CY):
        hand_in(who)
    hand_in(ANA)
    freeze_draw(draw=draw, by=None, now=FROZEN)
    drawn = reveal_draw(draw=draw, public=" 3 1 4 ", by=cast.national, now=KNOWN)
    (told,) = core.draws_of(steps())
    assert list(core.faults_of(told, sorted([ANA, BO, CY]))) == []
    assert (drawn.count, drawn.public, len(drawn.winners)) == (3, "3 1 4", 2)
    assert drawn.stage(KNOWN) == Stage.REVEALED
    assert [event.verb for event in AuditEvent.objects.filter(noun="draws.draw").order_by("pk")] == [
        "draw.announce", "draw.freeze", "draw.reveal",
    ]  # fmt: skip


def test_the_seed_is_in_no_column_before_it_is_revealed(contest):
    draw = Draw.objects.get(pk=announced(contest).pk)
    assert (draw.seed, len(draw.seed_sha256)) == ("", 64)


def test_who_is_excluded_after_the_draw_makes_room_for_the_reserve(contest):
    draw = announced(contest)
    hand_in(ANA), hand_in(BO)
    freeze_draw(draw=draw, by=None, now=FROZEN)
    draw = reveal_draw(draw=draw, public="1", by=None, now=KNOWN)
    append_ruling(kind="exclude", contest="week", participant=draw.winners[0], reason="because", now=KNOWN)
    assert [(one.excluded, one.wins) for one in winners_of(draw, now=KNOWN)] == [(True, False), (False, True)]


def test_entries_are_frozen_by_themselves_between_the_last_paper_and_the_public_number(contest, monkeypatch):
    draw = announced(contest)
    hand_in(ANA)
    assert draws_to_freeze(FROZEN - dt.timedelta(hours=2)) == draws_to_freeze(KNOWN) == []
    monkeypatch.setattr("django.utils.timezone.now", lambda: FROZEN)
    freeze_draws(0)
    draw.refresh_from_db()
    assert (draw.frozen_at, draw.entries) == (FROZEN, f"{ANA}\n")


def test_a_draw_without_entries_has_no_winners(contest):
    draw = announced(contest)
    freeze_draw(draw=draw, by=None, now=FROZEN)
    assert reveal_draw(draw=draw, public="7", by=None, now=KNOWN).winners == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"prizes": 0}, "prizes"), ({"reserve": -1}, "reserve"), ({"least": 11}, "least"), ({"least": 0}, "least"),
        ({"source": 'the "3D"'}, "source"), ({"source": " "}, "source"), ({"day": dt.date(2019, 9, 30)}, "day"),
        ({"known_at": FROZEN - dt.timedelta(hours=2)}, "known_time"),
        ({"day": dt.date(2019, 9, 16), "known_at": BEFORE - dt.timedelta(hours=1)}, "day"),
    ],
)  # fmt: skip
def test_what_cannot_stand_is_not_announced(contest, changes, field):
    with pytest.raises(DrawRefusedError) as refused:
        announce_draws(contest=contest, terms=[terms(), terms(**changes)], by=None, now=BEFORE)
    assert refused.value.field == field
    assert (Draw.objects.count(), steps()) == (0, [])


def test_a_contest_without_a_release_has_no_draws(cast):
    contest = make_contest(edition=cast.edition, owner=cast.national_unit)
    with pytest.raises(DrawRefusedError):
        announced(contest)


def test_no_step_is_done_outside_its_time_or_twice(contest):
    draw = announced(contest)
    for now in (BEFORE, KNOWN):
        with pytest.raises(DrawRefusedError):
            freeze_draw(draw=draw, by=None, now=now)
    with pytest.raises(DrawRefusedError):
        reveal_draw(draw=draw, public="1", by=None, now=KNOWN)
    freeze_draw(draw=draw, by=None, now=FROZEN)
    with pytest.raises(DrawRefusedError):
        freeze_draw(draw=draw, by=None, now=FROZEN)
    for public, now in (("1", FROZEN), ('a "b"', KNOWN)):
        with pytest.raises(DrawRefusedError):
            reveal_draw(draw=draw, public=public, by=None, now=now)
    reveal_draw(draw=draw, public="1", by=None, now=KNOWN)
    with pytest.raises(DrawRefusedError):
        reveal_draw(draw=draw, public="2", by=None, now=KNOWN)
    assert len(steps()) == 3


def test_an_unfrozen_draw_is_void_once_the_number_is_known(contest):
    assert announced(contest).stage(KNOWN) == Stage.MISSED


def test_what_comes_after_the_freezing_changes_no_entry(contest):
    draw = announced(contest)
    hand_in(ANA)
    batch = ledger_head().batch
    draw = freeze_draw(draw=draw, by=None, now=FROZEN)
    hand_in(BO)
    draw = reveal_draw(draw=draw, public="1", by=None, now=KNOWN)
    assert draw.winners == [ANA]
    assert core.draws_of(steps())[0].freeze.batch == batch


# -- Winners are invited to claim --


@pytest.fixture
def drawn(contest):
    """One prize, one place on the reserve, two papers."""
    draw = announced(contest)
    hand_in(ANA), hand_in(BO)
    freeze_draw(draw=draw, by=None, now=FROZEN)
    return reveal_draw(draw=draw, public="1", by=None, now=KNOWN)


def invited(draw, **changes):
    told = {"purpose": PRIZE, "closes": CLOSES, "delete_on": CLOSES.date() + dt.timedelta(days=60), "now": KNOWN}
    return [str(claim.participant) for claim in invite_winners(draw=draw, by=None, **told | changes)]


def test_winners_are_invited_once_and_the_reserve_waits(drawn):
    assert invited(drawn) == drawn.winners[:1]
    assert invited(drawn, closes=CLOSES + dt.timedelta(days=1)) == []
    assert Claim.objects.get().closes == CLOSES


def test_after_an_exclusion_only_who_moved_up_is_invited(drawn):
    invited(drawn)
    append_ruling(kind="exclude", contest="week", participant=drawn.winners[0], reason="because", now=KNOWN)
    assert invited(drawn) == drawn.winners[1:]
    assert [one.result for one in winners_of(drawn, now=KNOWN)] == ["excluded", "wins"]


def test_who_was_excluded_before_is_not_invited(drawn):
    append_ruling(kind="exclude", contest="week", participant=drawn.winners[0], reason="because", now=KNOWN)
    assert invited(drawn) == drawn.winners[1:]


def test_who_leaves_no_contact_in_time_loses_the_prize_to_the_reserve(drawn):
    invited(drawn)
    assert [one.result for one in winners_of(drawn, now=CLOSES - dt.timedelta(seconds=1))] == ["wins", "reserve"]
    assert [one.result for one in winners_of(drawn, now=CLOSES)] == ["lapsed", "wins"]
    late = {"closes": CLOSES + dt.timedelta(days=7), "delete_on": CLOSES.date() + dt.timedelta(days=30), "now": CLOSES}
    assert invited(drawn, **late) == drawn.winners[1:]


def test_a_prize_that_was_claimed_stays_with_its_winner_when_the_contact_is_deleted(drawn):
    invited(drawn)
    Claim.objects.update(claimed=KNOWN, forgotten=CLOSES)
    assert winners_of(drawn, now=CLOSES)[0].result == "wins"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"closes": KNOWN}, "closes"), ({"closes": KNOWN + dt.timedelta(days=367)}, "closes"),
        ({"closes": dt.datetime(9999, 12, 31, 23, 59, tzinfo=dt.UTC)}, "closes"),
        ({"delete_on": CLOSES.date()}, "delete_on"), ({"delete_on": CLOSES.date() + dt.timedelta(days=367)}, "delete_on"),
    ],
)  # fmt: skip
def test_contacts_are_wanted_from_now_on_and_kept_for_a_while_only(drawn, changes, field):
    with pytest.raises(DrawRefusedError) as refused:
        invited(drawn, **changes)
    assert refused.value.field == field
    assert not Claim.objects.exists()


def test_nobody_is_invited_before_the_draw(contest):
    with pytest.raises(DrawRefusedError):
        invited(announced(contest))
