from __future__ import annotations

import datetime as dt

import msgspec
import pytest
from django.db import IntegrityError, connection, transaction

from cyberweek.kernel.models import AuditEvent
from cyberweek.knowledge import jobs
from cyberweek.knowledge.actions import (
    RulingRefusedError,
    apply_regrade,
    begin_preview,
    count_preview,
    edit_item,
    exclude_participant,
    publish_release,
    told_by,
)
from cyberweek.knowledge.core.release import PerRegion, Stage
from cyberweek.knowledge.models import Item, Regrade, RegradePreview, ResultVersion
from cyberweek.knowledge.queries.rulings import papers_of
from tests.factories.knowledge import NOW, make_contest
from tests.factories.ledger import count_on_board, hand_in, make_participant

DAY = dt.timedelta(days=1)


@pytest.fixture
def contest(cast):
    return make_contest(edition=cast.edition, owner=cast.national_unit, slug="national", published=True)


def mend(contest, by, key="b", count=1):
    """The next release, in which the first items have another key."""
    for item in Item.objects.order_by("code")[:count]:
        content = msgspec.structs.replace(item.content(), key=[key])
        edit_item(item=item, owner=item.owner, content=content, state="ready", revision=item.revision, by=by, now=NOW)
    return publish_release(contest=contest, by=by, now=NOW)


def preview_of(contest, release, by):
    preview = begin_preview(contest=contest, release=release, by=by, now=NOW)
    count_preview(preview)
    preview.refresh_from_db()
    return preview


def apply(preview, by, **changes):
    told = {"reason": "the key of an item was wrong", "confirmed": str(preview.release)}
    return apply_regrade(preview=preview, by=by, now=NOW, **told | changes)


@pytest.fixture
def players(cast, contest):
    """Ana ticked what was right by the first key everywhere, Bo what will be right by the second."""
    ana, bo, cy = (make_participant(cast.county, name) for name in ("Ana", "Bo", "Cy"))
    papers = [hand_in(contest, ana), hand_in(contest, bo, letter="b"), hand_in(contest, cy, letter="c")]
    count_on_board(contest, *papers)
    return ana, bo, cy


def test_a_preview_shows_who_moves_and_by_how_much_and_changes_nothing(cast, contest, players):
    mend(contest, cast.national, count=2)
    preview = preview_of(contest, 2, cast.national)
    told = told_by(preview)
    assert (told.papers, told.changed_papers, told.people, told.changed_people) == (3, 2, 3, 2)
    assert [(row.participant, row.score) for row in told.before][:1] == [(str(players[0].id), 10)]
    assert [(row.participant, row.score) for row in told.after][:1] == [(str(players[1].id), 10)]
    assert [(move.rank, move.new_rank, move.score, move.new_score) for move in told.gains] == [(2, 1, 0, 10)]
    assert [(move.rank, move.new_rank) for move in told.losses] == [(1, 2)]
    assert [(key.before, key.after) for key in told.keys] == [(["a"], ["b"])] * 2
    assert told.moves == {1: 1, 0: 1, -1: 1}
    assert not Regrade.objects.exists()


def test_a_preview_names_who_comes_to_a_promotion_or_a_draw_and_who_loses_it(cast, contest, players):
    make_contest(
        edition=cast.edition, owner=cast.national_unit, slug="later", opens=contest.closes + DAY,
        closes=contest.closes + 2 * DAY, stage=Stage("national", 0, PerRegion("province", 1), 0),
    )  # fmt: skip
    contest.draw = {"every": "contest", "needs": "all-right", "prizes": 3}
    contest.save()
    mend(contest, cast.national, count=2)
    ana, bo, _ = (str(one.id) for one in players)
    promotion, draw = told_by(preview_of(contest, 2, cast.national)).lines
    assert (promotion.kind, promotion.name, promotion.at) == ("promotion", "later", 1)
    assert (promotion.gainers, promotion.losers) == ([bo], [ana])
    assert (draw.kind, draw.at, draw.gainers, draw.losers) == ("draw", 10, [bo], [ana])


def test_a_daily_draw_is_told_by_its_day(cast, contest, players):
    contest.draw = {"every": "day", "needs": 10, "prizes": 3}
    contest.save()
    mend(contest, cast.national, count=2)
    (line,) = told_by(preview_of(contest, 2, cast.national)).lines
    assert (line.gained, line.lost) == (1, 1)
    assert len(line.name) == 10


def test_a_regrade_is_a_ruling_and_keeps_the_result_before(cast, contest, players):
    mend(contest, cast.national)
    regrade = apply(preview_of(contest, 2, cast.national), cast.national)
    with connection.cursor() as cursor:
        cursor.execute("SELECT release, answers, attempt FROM ledger_entry WHERE kind = 'regrade'")
        assert cursor.fetchall() == [(2, "the key of an item was wrong", regrade.ruling)]
    version = ResultVersion.objects.get()
    assert (version.kind, version.changed["papers"], version.participants) == ("regrade", 2, 3)
    assert version.changed["items"] == [Item.objects.order_by("code")[0].code]
    assert AuditEvent.objects.get(verb="contest.regrade").after["people"] == 2
    paper = papers_of(contest, players[0].id)[0]
    assert (paper.score, paper.counts) == (10, 5)
    jobs.hash_versions(0)
    version.refresh_from_db()
    assert len(version.boards) == 64


@pytest.mark.parametrize("changes", [{"reason": ""}, {"reason": "a\nb"}, {"confirmed": "3"}, {"confirmed": ""}])
def test_a_regrade_wants_a_reason_and_its_number_again(cast, contest, players, changes):
    mend(contest, cast.national)
    with pytest.raises(RulingRefusedError):
        apply(preview_of(contest, 2, cast.national), cast.national, **changes)
    assert not Regrade.objects.exists()


def test_releases_that_are_not_there_the_first_and_older_ones_are_refused(cast, contest, players):
    mend(contest, cast.national)
    other = make_contest(edition=cast.edition, owner=cast.national_unit, slug="other", published=True)
    for number, why in [(1, "earlier release"), (3, "no such"), (0, "no such")]:
        with pytest.raises(RulingRefusedError, match=why):
            begin_preview(contest=contest, release=number, by=cast.national, now=NOW)
    with pytest.raises(RulingRefusedError, match="no such"):
        begin_preview(contest=other, release=2, by=cast.national, now=NOW)
    apply(preview_of(contest, 2, cast.national), cast.national)
    with pytest.raises(RulingRefusedError, match="already count by the keys"):
        begin_preview(contest=contest, release=2, by=cast.national, now=NOW)


def test_a_regrade_that_changes_nothing_is_refused(cast, contest, players):
    item = Item.objects.first()
    content = msgspec.structs.replace(item.content(), explanation={"zh-Hans": "别的", "en": "Other words."})
    edit_item(item=item, owner=item.owner, content=content, state="ready", revision=item.revision, by=None, now=NOW)
    publish_release(contest=contest, by=None, now=NOW)
    with pytest.raises(RulingRefusedError, match="nothing to apply"):
        apply(preview_of(contest, 2, cast.national), cast.national)


def test_a_preview_that_papers_or_rulings_have_outrun_is_not_applied(cast, contest, players):
    late = hand_in(contest, make_participant(cast.county, "Di"))
    mend(contest, cast.national)
    preview = preview_of(contest, 2, cast.national)
    hand_in(contest, players[0], ordinal=2)  # on the second release: a regrade leaves it as it is
    exclude_participant(
        contest=contest,
        participant=late.participant,
        category="other",
        reason="why",
        note="",
        by=cast.national,
        now=NOW,
    )
    with pytest.raises(RulingRefusedError, match="came in after this preview"):
        apply(preview, cast.national)
    again = preview_of(contest, 2, cast.national)
    assert told_by(again).people == 3
    apply(again, cast.national)


def test_nothing_is_applied_twice_whoever_tries(cast, contest, players):
    mend(contest, cast.national)
    preview = preview_of(contest, 2, cast.national)
    apply(preview, cast.national)
    with pytest.raises(RulingRefusedError, match="already count"):
        apply(preview, cast.provincial)
    with pytest.raises(IntegrityError, match="regrade_once_a_release"), transaction.atomic():
        Regrade.objects.create(
            contest=contest, release=2, reason="r", by=cast.national, at=NOW,
            preview=begin_preview_row(contest, cast.national),
        )  # fmt: skip


def begin_preview_row(contest, by):
    return RegradePreview.objects.create(contest=contest, release=2, batch=0, by=by, at=NOW)


def test_of_two_regrades_the_latest_wins(cast, contest, players):
    mend(contest, cast.national)
    apply(preview_of(contest, 2, cast.national), cast.national)
    mend(contest, cast.national, key="c")
    preview = preview_of(contest, 3, cast.national)
    assert [(key.before, key.after) for key in told_by(preview).keys] == [(["b"], ["c"])]
    apply(preview, cast.national)
    assert [papers_of(contest, one.id)[0].counts for one in players] == [5, 0, 5]
    assert list(ResultVersion.objects.values_list("number", flat=True)) == [2, 1]


def test_a_count_that_fails_says_so(cast, contest, players, monkeypatch):
    mend(contest, cast.national)
    preview = begin_preview(contest=contest, release=2, by=cast.national, now=NOW)
    monkeypatch.setattr("cyberweek.knowledge.actions.regrades.papers_up_to", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        count_preview(preview)
    preview.refresh_from_db()
    assert preview.state == "failed"
    with pytest.raises(RulingRefusedError, match="still being counted"):
        apply(preview, cast.national)
