"""What happens on stage is kept once, in order, and never changed."""

from __future__ import annotations

import uuid

import pytest
from django.db import IntegrityError, connection, transaction

from cyberweek.finals import actions, queries
from cyberweek.finals.actions import FinalRefusedError, RefusedError, edit_final, open_final
from cyberweek.finals.core.events import head_of
from cyberweek.finals.core.rules import Round
from cyberweek.finals.models import FinalEvent, Team
from tests.factories.finals import START, TEAMS, key_of, lead, make_final, rules
from tests.factories.knowledge import NOW, make_item

from .conftest import MUST


def press(final, team, *, item=None, at=START + 1000, token=None):
    item = item or queries.standing_of(final).state.setup.items[queries.standing_of(final).state.item].id
    return actions.press_buzzer(
        final=final, team=team, item=item, token=token or uuid.uuid4(), arrived=at, now_ms=at
    )  # fmt: skip


def teams_of(final):
    return list(final.teams.order_by("seat"))


def test_a_final_is_a_draft_until_items_are_drawn_and_frozen(cast):
    final = make_final(edition=cast.edition, owner=cast.city_unit)
    with pytest.raises(RefusedError):
        lead_blindly(final, cast.city_organiser)
    open_final(final=final, by=None, now_ms=START)
    final.refresh_from_db()
    before = queries.setup_of(final)
    for item in cast.city_unit.items.all():
        item.stem = {"zh-Hans": "改了", "en": "Changed"}
        item.save()
    assert queries.setup_of(final).items == before.items
    with pytest.raises(RefusedError):
        open_final(final=final, by=None, now_ms=START)
    with pytest.raises(FinalRefusedError):
        edit_final(
            final=final, title=final.title, contest=None, starts=final.starts, rules=rules(MUST), teams=TEAMS, by=None
        )


def lead_blindly(final, by):
    return actions.take_step(final=final, kind="shown", given={}, token=uuid.uuid4(), step=0, by=by, now_ms=START)


def test_wrong_rules_make_no_final(cast):
    for _ in range(3):
        make_item(owner=cast.city_unit)
    with pytest.raises(FinalRefusedError, match="only 3 are ready"):
        actions.create_final(
            edition=cast.edition, owner=cast.city_unit, slug="short", title={"en": "x"}, contest=None, by=None,
            starts=cast.edition.starts, rules=rules(Round(kind="must", items=30)), teams=TEAMS,
        )  # fmt: skip
    assert not cast.edition.finals.exists()


def test_items_that_went_away_keep_a_final_from_being_opened(cast):
    final = make_final(edition=cast.edition, owner=cast.city_unit)
    cast.city_unit.items.update(state="retired")
    with pytest.raises(FinalRefusedError):
        open_final(final=final, by=None, now_ms=START)


def test_events_and_what_was_frozen_cannot_be_changed_in_the_database(must_final):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for statement in (
        "UPDATE finals_finalevent SET at = 0", "DELETE FROM finals_finalevent", "TRUNCATE finals_finalevent",
        "UPDATE finals_final SET pack = ''::bytea", "UPDATE finals_final SET state = 'draft'",
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_press_that_comes_twice_makes_one_event(buzzer_final, cast):
    lead(buzzer_final, cast.city_organiser, "shown")
    lead(buzzer_final, cast.city_organiser, "armed")
    token, team = uuid.uuid4(), teams_of(buzzer_final)[0]
    first = press(buzzer_final, team, token=token)
    again = press(buzzer_final, team, token=token)
    assert first.number == again.number
    with pytest.raises(RefusedError, match="pressed"):
        press(buzzer_final, team)


def test_a_double_click_of_the_host_is_one_step_and_a_second_host_must_look_again(must_final, cast):
    token = uuid.uuid4()
    step = {"final": must_final, "kind": "shown", "given": {}, "step": 1, "by": cast.city_organiser, "now_ms": START}
    one = actions.take_step(token=token, **step)
    assert actions.take_step(token=token, **step).number == one.number
    with pytest.raises(RefusedError, match="conflict"):
        actions.take_step(token=uuid.uuid4(), **{**step, "by": cast.national})


def test_the_first_by_corrected_time_is_told_once_by_whoever_looks_first(buzzer_final, cast):
    lead(buzzer_final, cast.city_organiser, "shown")
    lead(buzzer_final, cast.city_organiser, "armed")
    red, blue, _green = teams_of(buzzer_final)
    for team, trip in ((red, 20), (blue, 400)):
        Team.objects.filter(pk=team.pk).update(device=uuid.uuid4(), round_trips=[trip] * 9)
    press(buzzer_final, red, at=START + 1000)
    assert actions.settle(final=buzzer_final, now_ms=START + 1100).state.stage == "armed"
    press(buzzer_final, blue, at=START + 1150)
    standing = actions.settle(final=buzzer_final, now_ms=START + 1300)
    assert standing.state.responders == (2,)
    assert actions.settle(final=buzzer_final, now_ms=START + 1301).number == standing.number


def test_a_press_for_the_item_before_is_stale(buzzer_final, cast):
    lead(buzzer_final, cast.city_organiser, "shown")
    lead(buzzer_final, cast.city_organiser, "armed")
    with pytest.raises(RefusedError, match="stale"):
        press(buzzer_final, teams_of(buzzer_final)[0], item="another-1")


def test_an_overruling_stands_in_the_audit_trail_with_its_reason(must_final, cast):
    lead(must_final, cast.city_organiser, "shown")
    key = set(key_of(must_final))
    wrong = next(one.id for one in queries.standing_of(must_final).state.setup.items[0].options if one.id not in key)
    lead(must_final, cast.city_organiser, "answer", options=[wrong])
    lead(must_final, cast.city_organiser, "judged")
    with pytest.raises(RefusedError, match="no-reason"):
        lead(must_final, cast.city_organiser, "overruled", team=1, item=0, right=True, reason="")
    standing = lead(must_final, cast.city_organiser, "overruled", team=1, item=0, right=True, reason="said A first")
    assert standing.state.scores[1] == 10
    from cyberweek.kernel.models import AuditEvent

    assert AuditEvent.objects.get(verb="final.overruled").after["reason"] == "said A first"


@pytest.mark.parametrize(
    ("kind", "given"),
    [("overruled", {}), ("answer", {"options": "a"}), ("answer", {}), ("chosen", {"number": "x"}), ("buzz", {}),
     ("opened", {}), ("awarded", {}), ("screen", {"show": "nonsense"})],
)  # fmt: skip
def test_steps_that_no_host_takes_are_refused(must_final, cast, kind, given):
    with pytest.raises(RefusedError):
        lead(must_final, cast.city_organiser, kind, **given)


def test_a_phone_that_joins_later_plays_and_a_new_code_puts_all_out(must_final):
    team = teams_of(must_final)[0]
    first = queries.token_of(actions.join_team(final=must_final, code=team.code.lower(), now_ms=START))
    second = queries.token_of(
        actions.join_team(final=must_final, code=f"{team.code[:4]} {team.code[4:]}", now_ms=START)
    )
    assert [queries.team_of(must_final, token)[1] for token in (first, second)] == [False, True]
    team.refresh_from_db()
    actions.renew_code(team=team, by=None)
    assert queries.team_of(must_final, second) is None
    with pytest.raises(RefusedError, match="no-code"):
        actions.join_team(final=must_final, code="AAAAAAAA", now_ms=START)


def test_an_echo_measures_only_the_phone_that_it_was_sent_to(must_final):
    red, blue = (actions.join_team(final=must_final, code=team.code, now_ms=START) for team in teams_of(must_final)[:2])
    nonce = queries.nonce_of(red, START)
    assert actions.keep_echo(team=red, nonce=nonce, received=START + 80)
    assert not actions.keep_echo(team=red, nonce=nonce, received=START + 900)
    assert not actions.keep_echo(team=blue, nonce=nonce, received=START + 80)
    assert not actions.keep_echo(team=red, nonce=queries.nonce_of(red, START + 500), received=START + 400)
    assert not actions.keep_echo(team=red, nonce="forged.0000", received=START + 80)
    red.refresh_from_db()
    assert red.round_trips == [80]


def test_the_hash_is_that_of_the_events_as_they_stand_in_the_database(must_final, cast):
    standing = lead(must_final, cast.city_organiser, "shown")
    kept = [row.value() for row in FinalEvent.objects.filter(final=must_final).order_by("number")]
    assert head_of(must_final.slug, kept) == standing.head


def test_the_sample_final_is_opened_once(cast):
    for _ in range(55):
        make_item(owner=cast.national_unit)
    final = actions.open_sample_final(edition=cast.edition, by=None, now=NOW)
    assert actions.open_sample_final(edition=cast.edition, by=None, now=NOW) == final
    assert (final.state, final.teams.count(), len(queries.setup_of(final).items)) == ("live", 6, 55)
