from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Count

from cyberweek.editions.actions import rehearse_edition
from cyberweek.honours.actions import (
    RefusedError,
    announce_awards,
    assign_sheets,
    begin_scoring,
    close_call,
    decide_objection,
    declare_conflict,
    edit_call,
    edit_entry,
    end_scoring,
    object_to_award,
    open_call,
    open_sample_call,
    publish_cases,
    save_sheet,
    submit_entry,
    take_back_entry,
    withdraw_entry,
    write_entry,
)
from cyberweek.honours.models import Award, Call, Entry, Result, Score, Sheet
from cyberweek.honours.queries import cases_published
from cyberweek.kernel.actions import Outdated
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.kernel.models import AuditEvent
from tests.factories.honours import (
    AFTER,
    CLOSES,
    DURING,
    LATER,
    OPENS,
    SCORED,
    SCORING,
    hand_in,
    make_call,
    make_entry,
    make_juror,
    scored,
)
from tests.factories.regions import make_post, make_unit, make_user

NOW = dt.datetime(2019, 9, 18, 4, tzinfo=dt.UTC)


@pytest.fixture
def sample(cast):
    for n in range(3):
        make_unit(f"school-{n}", region=cast.county, parent=cast.county_unit, sector="education")
    return open_sample_call(edition=cast.edition, by=None, now=NOW)


def test_the_sample_is_an_open_call_and_a_published_one_with_its_casebook(cast, sample):
    assert sample.takes_entries(NOW)
    past = Call.objects.exclude(pk=sample.pk).get()
    assert past.state == "published"
    assert Entry.objects.filter(published_at__isnull=False).count() == 5
    assert sorted(Result.objects.values_list("rank", flat=True)) == [1, 2, 3, 4, 5, 6]


def test_the_sample_is_made_once(cast, sample):
    assert open_sample_call(edition=cast.edition, by=None, now=NOW) == sample
    assert Call.objects.count() == 2


# -- A call and its entries


def test_a_call_without_criteria_or_awards_is_not_opened(cast):
    call = make_call(edition=cast.edition, owner=cast.national_unit, opened=False, first=0, second=0)
    with pytest.raises(RefusedError, match="no award"):
        open_call(call=call, by=None, now=OPENS)
    call.criteria.all().delete()
    with pytest.raises(RefusedError, match="no criteria"):
        open_call(call=call, by=None, now=OPENS)


def test_what_an_open_call_promises_stays_and_its_end_is_only_put_off(cast):
    call = make_call(edition=cast.edition, owner=cast.national_unit)
    edit_call(call=call, fields={"first": 9, "closes": CLOSES + dt.timedelta(days=1)}, rubric=[], by=None)
    call.refresh_from_db()
    assert (call.first, call.closes, call.criteria.count()) == (1, CLOSES + dt.timedelta(days=1), 2)
    with pytest.raises(RefusedError):
        edit_call(call=call, fields={"closes": CLOSES - dt.timedelta(days=1)}, rubric=None, by=None)


def test_entries_come_from_units_that_are_addressed_in_time(cast):
    call = make_call(edition=cast.edition, owner=cast.provincial_unit, levels=["county"])
    assert make_entry(call=call, unit=cast.county_unit).state == "submitted"
    for unit in (cast.city_unit, cast.stranger_unit):
        with pytest.raises(RefusedError, match="not addressed"):
            make_entry(call=call, unit=unit)
    with pytest.raises(RefusedError, match="no entries now"):
        write_entry(call=call, unit=cast.county_unit, fields={}, figures=[], by=None, now=CLOSES)


def test_a_draft_needs_little_and_is_sent_in_whole(cast):
    call = make_call(edition=cast.edition, owner=cast.national_unit)
    entry = make_entry(call=call, unit=cast.county_unit, sent=False, result=LocalizedText(), consent=False)
    with pytest.raises(RefusedError, match="what came of it") as refused:
        submit_entry(entry=entry, by=None, now=DURING)
    assert refused.value.field == "result"


def test_who_saves_second_is_told_and_overwrites_nothing(cast):
    call = make_call(edition=cast.edition, owner=cast.national_unit)
    entry = make_entry(call=call, unit=cast.county_unit, sent=False)
    mine = {"result": LocalizedText(en="Mine")}
    edit_entry(entry=entry, revision=1, fields=mine, figures=None, by=None, now=DURING)
    with pytest.raises(Outdated) as stale:
        edit_entry(
            entry=entry, revision=1, fields={"result": LocalizedText(en="Theirs")}, figures=None, by=None, now=DURING
        )
    assert stale.value.present.result == {"en": "Mine"}


def test_what_was_sent_in_can_be_taken_back_until_the_call_closes_and_then_withdrawn(cast):
    call = make_call(edition=cast.edition, owner=cast.national_unit)
    entry, other = (make_entry(call=call, unit=cast.county_unit) for _ in range(2))
    assert take_back_entry(entry=entry, by=None, now=DURING).state == "draft"
    submit_entry(entry=entry, by=None, now=DURING)
    close_call(call=call, by=None, now=CLOSES)
    with pytest.raises(RefusedError):
        take_back_entry(entry=entry, by=None, now=CLOSES)
    assert withdraw_entry(entry=entry, by=None).state == "withdrawn"
    make_juror(call), make_juror(call)
    begin_scoring(call=call, by=None, now=SCORING)
    assert set(Sheet.objects.values_list("entry", flat=True)) == {other.pk}


# -- A jury


@pytest.fixture
def closed(cast):
    """Four units' entries, closed."""
    call = make_call(edition=cast.edition, owner=cast.national_unit)
    for unit in (cast.provincial_unit, cast.city_unit, cast.county_unit, cast.stranger_unit):
        make_entry(call=call, unit=unit)
    return close_call(call=call, by=None, now=CLOSES)


def test_who_leads_a_call_is_no_juror_of_it(cast, closed):
    with pytest.raises(RefusedError, match="leads this call"):
        make_juror(closed, cast.national)


def test_nobody_reads_an_entry_of_their_own_branch(cast, closed):
    city = make_juror(closed, cast.city_organiser)
    for _ in range(3):
        make_juror(closed)
    begin_scoring(call=closed, by=None, now=SCORING)
    assert set(city.sheets.values_list("entry__unit__code", flat=True)) <= {"cac-fujian"}


def test_a_declared_conflict_takes_the_sheets_away_and_others_read_instead(cast, closed):
    jurors = [make_juror(closed) for _ in range(3)]
    begin_scoring(call=closed, by=None, now=SCORING)
    one = jurors[0]
    number = one.sheets.first().entry.number
    declare_conflict(juror=one, reason="I advised them.", number=number, now=SCORING)
    declare_conflict(juror=one, reason="My old office.", unit=cast.provincial_unit, now=SCORING)
    left = one.sheets.exclude(state="recused").values_list("entry__unit__code", flat=True)
    assert set(left) <= {"cac-fujian"}
    assign_sheets(call=closed, by=None)
    counts = Sheet.objects.exclude(state="recused").values("entry").annotate(n=Count("pk")).values_list("n", flat=True)
    assert set(counts) == {2}
    trail = AuditEvent.objects.filter(verb="jury.declare")
    assert [(event.after, event.unit) for event in trail] == [({}, cast.national_unit.pk)] * 2


def test_too_few_jurors_without_a_conflict_are_named_before_scoring_begins(cast, closed):
    make_juror(closed, cast.provincial)
    make_juror(closed)
    with pytest.raises(RefusedError, match="Too few jurors without a conflict for entries"):
        begin_scoring(call=closed, by=None, now=SCORING)
    closed.refresh_from_db()
    assert closed.state == "closed"


def test_scores_outside_the_scale_are_refused_and_those_in_it_weigh(cast, closed):
    make_juror(closed), make_juror(closed)
    begin_scoring(call=closed, by=None, now=SCORING)
    sheet = Sheet.objects.select_related("juror__call").first()
    works, copied = closed.criteria.all()
    with pytest.raises(RefusedError) as refused:
        save_sheet(sheet=sheet, values={works.pk: 11}, note="", hand_in=False, now=SCORING)
    assert refused.value.field == f"score{works.pk}"
    with pytest.raises(RefusedError, match="every criterion"):
        save_sheet(sheet=sheet, values={works.pk: 8}, note="", hand_in=True, now=SCORING)
    saved = save_sheet(sheet=sheet, values={works.pk: 8, copied.pk: 4}, note="", hand_in=True, now=SCORING)
    assert saved.total == 70
    with pytest.raises(RefusedError, match="time for scores"):
        save_sheet(sheet=sheet, values={works.pk: 9, copied.pk: 4}, note="", hand_in=True, now=SCORED)
    assert AuditEvent.objects.filter(verb="jury.score").get().after == {"number": sheet.entry.number}


def test_the_database_seals_scores_and_fixes_results(cast):
    call = scored(make_call(edition=cast.edition, owner=cast.national_unit), [cast.county_unit, cast.stranger_unit])
    for change in (
        lambda: Score.objects.update(value=1),
        lambda: Result.objects.update(corrected=99),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert call.state == "shortlist"


def test_scoring_does_not_end_while_jurors_have_time_or_an_entry_has_no_score(cast, closed):
    make_juror(closed), make_juror(closed)
    begin_scoring(call=closed, by=None, now=SCORING)
    with pytest.raises(RefusedError, match="time for it"):
        end_scoring(call=closed, by=None, now=SCORING)
    with pytest.raises(RefusedError, match="Nobody has scored"):
        end_scoring(call=closed, by=None, now=LATER)


def test_a_juror_who_took_a_post_there_since_does_not_count(cast, closed):
    late = make_user("late")
    for person in (late, None, None):
        make_juror(closed, person)
    begin_scoring(call=closed, by=None, now=SCORING)
    for sheet in Sheet.objects.select_related("juror__call"):
        hand_in(sheet, 5)
    make_post(late, cast.provincial_unit, "viewer")
    end_scoring(call=closed, by=None, now=LATER)
    counted = Sheet.objects.filter(juror__person=late).exclude(state="recused")
    assert set(counted.values_list("entry__unit__code", flat=True)) <= {"cac-fujian"}


# -- Awards


@pytest.fixture
def ready(cast):
    units = [cast.county_unit, cast.stranger_unit, cast.city_unit]
    return scored(make_call(edition=cast.edition, owner=cast.national_unit), units)


def announced(call, reason="", *, order=("first", "second", "")):
    ranked = list(Result.objects.filter(entry__call=call).order_by("rank").values_list("entry", flat=True))
    levels = dict(zip(ranked, order, strict=True))
    return announce_awards(call=call, levels=levels, citations={}, reason=reason, by=None, now=LATER)


def test_awards_out_of_order_want_a_reason_that_is_kept(ready):
    with pytest.raises(RefusedError, match="depart from the order"):
        announced(ready, order=("second", "first", ""))
    assert announced(
        ready, "The second has been copied by twelve counties.", order=("second", "first", "")
    ).order_reason


def test_more_awards_than_places_or_none_are_refused(ready):
    for order in (("first", "first", ""), ("", "", "")):
        with pytest.raises(RefusedError):
            announced(ready, "x", order=order)


def test_objections_run_for_whole_days_and_are_decided_before_anything_is_published(cast, ready):
    call = announced(ready)
    assert call.objections_until == dt.datetime(2019, 9, 29, tzinfo=cast.edition.tz)
    best = Award.objects.get(level="first").entry
    objection = object_to_award(call=call, entry=best, text="The figure is last year's.", by=cast.stranger, now=LATER)
    with pytest.raises(RefusedError, match="still runs"):
        publish_cases(call=call, by=None, now=LATER)
    with pytest.raises(RefusedError, match="not decided"):
        publish_cases(call=call, by=None, now=AFTER)
    decide_objection(objection=objection, upheld=True, decision="It is.", by=cast.national, now=LATER)
    publish_cases(call=call, by=None, now=AFTER)
    assert list(cases_published().values_list("award__level", flat=True)) == ["second"]
    with pytest.raises(RefusedError, match="is over"):
        object_to_award(call=call, entry=best, text="Late.", by=None, now=AFTER)


def test_a_call_moves_with_its_edition(cast):
    call = make_call(edition=cast.edition, owner=cast.national_unit)
    rehearse_edition(edition=cast.edition, day=1, by=None, now=NOW + dt.timedelta(days=30))
    call.refresh_from_db()
    assert call.opens > OPENS
    assert call.closes - call.opens == CLOSES - OPENS
