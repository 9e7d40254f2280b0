import random

import msgspec
import pytest

from cyberweek.forensics.core import bursts, devices, patterns, rates, reading
from cyberweek.forensics.core.inspection import Inspection, Origins, Paper, paper_of
from cyberweek.forensics.core.simulation import (
    CLASS_SIZE,
    CLASSES_A_SCHOOL,
    SCHOOLS_TO_A_ROOM,
    false_alarms,
    make_bank,
)
from cyberweek.knowledge.core.chain import Entry
from cyberweek.knowledge.core.marking import Marker
from tests.arena.packs import make_pack

PACK = make_bank(random.Random(1))
MARKER = Marker(PACK)
DAY = "2022-09-05"


def paper(who, *, ordinal=1, seconds=200, at_ms=0, wrong="", wrong_items=None, team="", marks=None):
    """All right, but for what is said to be wrong."""
    items = MARKER.deck.draw(who, DAY, ordinal).items
    given = marks or ["a"] * 20
    for place, item in enumerate(items):
        if wrong_items and item in wrong_items:
            given[place] = wrong_items[item]
        elif place < len(wrong):
            given[place] = wrong[place]
    correct = sum((mark == "a") << place for place, mark in enumerate(given))
    return Paper(who, f"{who}-{ordinal}", 1, DAY, at_ms, seconds, items, tuple(given), correct, team)


def inspected(papers, networks=(), devices=()):
    inspection = Inspection({1: MARKER}, Origins(dict(networks), dict(devices)))
    for one in papers:
        inspection.add(one)
    return inspection.findings()


def rules_of(findings):
    return [finding.rule for finding in findings]


def test_a_paper_faster_than_its_words_can_be_read_is_flagged_with_its_times():
    (found,) = inspected([paper("ana", seconds=15)])
    (told,) = found.evidence
    assert (found.rule, found.participants, told["seconds"], told["new"]) == ("fast", ["ana"], 15, 20)
    assert told["least"] > 30


def test_who_has_seen_the_items_needs_only_to_tap():
    again = [paper("ana", ordinal=1), paper("ana", ordinal=1, seconds=16)]
    assert inspected(again) == []


def test_guessing_fast_is_no_cheating():
    assert inspected([paper("ana", seconds=5, wrong="b" * 9)]) == []


def test_the_published_pace_is_four_times_the_usual_one():
    item = PACK.bank[0]
    characters = len(item.stem["zh-Hans"]) + sum(len(option.text["zh-Hans"]) for option in item.options)
    assert reading.reading_seconds(item) <= characters / (4 * 5)


def everybody(rng, count=300):
    """Honest people who err here and there, so that it is known which wrong answers are popular."""
    for number in range(count):
        marks = [rng.choice("aaabcd") for _ in range(20)]
        yield paper(f"honest-{number}", marks=marks)


def copied(size, same):
    """Two papers a person; all items that two of a team share are wrong in the same way, or each in a way of its own."""
    rng = random.Random(3)
    list_of_answers = {place: rng.choice("bcd") for place in range(len(PACK.bank))}
    for number in range(size):
        for ordinal in range(1, 9):
            own = {place: rng.choice("bcd") for place in list_of_answers}
            yield paper(f"pupil-{number}", ordinal=ordinal, wrong_items=list_of_answers if same else own, team="class")


@pytest.mark.parametrize(("same", "found"), [(True, 6), (False, 0)])
def test_a_team_that_shares_a_list_of_answers_is_found_by_its_errors(same, found):
    findings = [one for one in inspected([*everybody(random.Random(2)), *copied(4, same)]) if one.rule == "alike"]
    assert len(findings) == found
    for finding in findings:
        told, *rows = finding.evidence
        assert told["same"] > told["expected"]
        assert sum(row["first"] == row["second"] for row in rows) == told["same"]
        assert finding.chance <= patterns.ALPHA


def test_the_same_errors_outside_of_a_group_are_not_compared():
    lonely = [msgspec.structs.replace(one, team="") for one in copied(4, same=True)]
    assert rules_of(inspected([*everybody(random.Random(2)), *lonely])) == []


def test_an_item_that_few_got_wrong_says_nothing():
    popularity = patterns.Popularity()
    for _ in range(9):
        popularity.add((1, "t0-0"), "b")
    assert popularity.agreement((1, "t0-0")) == 1.0
    assert patterns.compare({(1, "t0-0"): "b"}, {(1, "t0-0"): "b"}, popularity)[3] == 1.0


def test_of_large_groups_only_neighbours_are_compared():
    group = [str(number) for number in range(patterns.LARGEST_GROUP + 1)]
    assert len(set(patterns.pairs_of(group))) < len(group) * patterns.NEIGHBOURS
    assert len(set(patterns.pairs_of(group[:50]))) == 50 * 49 / 2


def lesson(count, right, network="school"):
    """So many papers within a minute, the first `right` of them all right; others hand in too."""
    rest = [paper(f"other-{n}", at_ms=10**9 + n, wrong="b") for n in range(200)]
    papers = [paper(f"p{n}", at_ms=n * 500, wrong="" if n < right else "b") for n in range(count)]
    return inspected([*papers, *rest], {f"p{n}": network for n in range(count)})


def test_a_minute_full_of_perfect_papers_from_one_network_is_flagged():
    (found,) = lesson(60, 58)
    assert (found.rule, len(found.participants), found.evidence[0]["papers"]) == ("burst", 58, 60)
    assert found.chance <= bursts.ALPHA


@pytest.mark.parametrize(("count", "right"), [(60, 20), (15, 15), (60, 0)])
def test_a_class_that_writes_at_once_is_not(count, right):
    assert lesson(count, right) == []


def test_more_passports_on_a_device_than_a_family_has_are_flagged_by_day():
    papers = [paper(f"p{n}") for n in range(devices.MOST_PASSPORTS + 1)]
    (found,) = inspected(papers, devices={f"p{n}": "phone" for n in range(len(papers))})
    assert (found.rule, found.subject, found.evidence[0]["passports"]) == ("device", f"phone {DAY}", 7)
    assert inspected(papers[1:], devices={f"p{n}": "phone" for n in range(len(papers))}) == []


def test_found_again_it_has_the_same_subject():
    papers = [*everybody(random.Random(2)), *copied(3, same=True)]
    first, again = inspected(papers), inspected(papers)
    assert [one.subject for one in first] == [one.subject for one in again]


def test_honest_players_are_flagged_no_oftener_than_is_published():
    found = false_alarms(600, seed=5)
    assert found == {"fast": 0, "alike": 0, "burst": 0, "device": CLASS_SIZE}  # of two schools one has a computer room
    school = CLASS_SIZE * CLASSES_A_SCHOOL
    assert rates.MEASURED.device == CLASS_SIZE * rates.PLAYERS // (school * SCHOOLS_TO_A_ROOM)
    assert all(getattr(rates.MEASURED, rule) == 0 for rule in ("fast", "alike", "burst"))


def test_a_ledgers_submit_becomes_the_paper_that_was_drawn():
    pack = make_pack()
    marker = Marker(pack)
    who = "00000000-0000-4000-8000-00000000000a"
    entry = Entry("submit", DAY, "a1", "week", who, "350203", 1, 1, 7, "a,b,,,,", 3, 1, 5, 9, "blue")
    told = paper_of(entry, marker)
    assert (told.items, told.marks) == (marker.deck.draw(who, DAY, 1).items, ("a", "b", "", "", "", ""))
    assert (told.right, told.seconds, told.team, told.at_ms) == (1, 9, "blue", 7)
