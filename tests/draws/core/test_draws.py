import datetime as dt
import uuid
from collections import Counter

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cyberweek.draws.core.draws import (
    Commit,
    Freeze,
    Pool,
    Reveal,
    draws_of,
    faults_of,
    is_public_text,
    list_hash,
    seed_hash,
    winners,
    write_step,
)
from cyberweek.knowledge.core.chain import NOBODY, Entry
from cyberweek.knowledge.core.grading import Question
from cyberweek.knowledge.core.marking import Marker
from cyberweek.knowledge.core.rulings import Rulings, is_plain_reason
from tests.arena.packs import make_pack

SEED = "5e" * 32
KNOWN = dt.datetime(2022, 9, 6, 13, 30, tzinfo=dt.UTC)
COMMIT = Commit(2, 1, "2022-09-05", 30, seed_hash(SEED), "福彩3D 2022240", KNOWN)
PEOPLE = sorted(str(uuid.UUID(int=n << 64)) for n in range(12))
KNOWN_MS = int(KNOWN.timestamp() * 1000)


def step(what, at_ms, id_="d1"):
    return Entry("draw", "2022-09-06", id_, "week", NOBODY, "", 0, 0, at_ms, write_step(what))


def held(commit=COMMIT, entries=PEOPLE, seed=SEED, public="3 1 4"):
    drawn = winners(entries, commit, seed, public)
    return [
        (1, step(commit, 0)),
        (9, step(Freeze(8, len(entries), list_hash(entries)), KNOWN_MS - 1)),
        (11, step(Reveal(seed, public, list_hash(drawn)), KNOWN_MS)),
    ]


def faults(steps, entries=PEOPLE):
    (draw,) = draws_of(steps)
    return list(faults_of(draw, entries))


def test_an_honest_draw_holds():
    assert faults(held()) == []


@given(st.lists(st.sampled_from(PEOPLE), unique=True, min_size=1), st.text("0123456789", min_size=1))
def test_winners_are_entries_each_once_and_as_many_as_there_are_prizes_and_reserve(entries, public):
    drawn = winners(sorted(entries), COMMIT, SEED, public)
    assert set(drawn) <= set(entries)
    assert len(set(drawn)) == len(drawn) == min(3, len(entries))


def test_everybody_wins_about_equally_often():
    one = msgspec.structs.replace(COMMIT, prizes=1, reserve=0)
    won = Counter(winners(PEOPLE, one, SEED, str(n))[0] for n in range(6000))
    assert all(400 < won[who] < 600 for who in PEOPLE)


def test_the_winners_never_change():
    assert winners(PEOPLE, COMMIT, SEED, "3 1 4") == [PEOPLE[n] for n in (0, 6, 1)]


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        (lambda s: [s[0], s[1], (11, step(Reveal("ab" * 32, "3 1 4", ""), KNOWN_MS))], "not the one that was committed"),
        (lambda s: [s[0], s[1], (11, step(Reveal(SEED, "3 1 5", list_hash(winners(PEOPLE, COMMIT, SEED, "3 1 4"))), KNOWN_MS))], "other winners"),
        (lambda s: [s[0], s[1], (11, step(Reveal("no hex", "1", ""), KNOWN_MS))], "not written in hex"),
        (lambda s: [s[0], (9, step(Freeze(8, 12, list_hash(PEOPLE)), KNOWN_MS))], "when the public number was known"),
        (lambda s: [s[0], (9, step(Freeze(9, 12, list_hash(PEOPLE)), 5))], "came after they were frozen"),
        (lambda s: [s[0], (9, step(Freeze(8, 11, list_hash(PEOPLE[1:])), 5))], "other entries"),
        (lambda s: [*s, (12, step(COMMIT, KNOWN_MS))], "does not follow"),
        (lambda s: [s[0], s[2]], "does not follow"),
        (lambda s: [s[0], s[1], (11, step(msgspec.structs.replace(Reveal(SEED, "3 1 4", "")), KNOWN_MS - 1))], "before the public number"),
        (lambda s: [(1, msgspec.structs.replace(s[0][1], answers="{}"))], "no step of a draw"),
    ],
)  # fmt: skip
def test_what_does_not_hold_is_named(changed, fault):
    assert fault in " ".join(faults(changed(held())))


def test_a_draw_under_way_has_no_fault():
    assert faults(held()[:1]) == faults(held()[:2]) == []


def test_steps_are_plain_lines_for_the_ledger():
    longest = msgspec.structs.replace(COMMIT, source="名" * 160, prizes=10_000, reserve=10_000, least=6000)
    steps = [longest, Freeze(10**9, 10**8, list_hash([])), Reveal(SEED, "号" * 160, list_hash([]))]
    assert all(is_plain_reason(write_step(what)) for what in steps)


@pytest.mark.parametrize("text", ["", 'a "b"', "a\\b", "two\nlines", "x" * 161])
def test_a_public_number_that_the_ledger_could_not_hold_is_refused(text):
    assert not is_public_text(text)


PACK = make_pack()
MARKERS = {("week", 1): Marker(PACK)}


def paper(who, *, right=6, day="2022-09-05", **changes):
    items = [PACK.bank[place] for place in MARKERS["week", 1].deck.draw(who, day, 1).items]
    sheet = ",".join(Question(item).key if n < right else "" for n, item in enumerate(items))
    entry = Entry("submit", day, "a", "week", who, "110000", 1, 1, 0, sheet, score=5 * right)
    return msgspec.structs.replace(entry, **changes)


def gathered(*entries, rulings=Rulings(), markers=MARKERS, commit=COMMIT):  # noqa: B008 -- a value
    pool = Pool("week", commit, markers, rulings)
    for entry in entries:
        pool.add(entry)
    return pool.entries()


def test_who_has_the_points_on_that_day_takes_part_once():
    ana, bo, cy = PEOPLE[:3]
    papers = [paper(bo), paper(ana, right=5), paper(ana), paper(ana), paper(cy, day="2022-09-06"),
              paper(cy, contest="other"), paper(cy, kind="start")]  # fmt: skip
    assert gathered(*papers) == [ana, bo]
    assert gathered(*papers, commit=msgspec.structs.replace(COMMIT, day="")) == [ana, bo, cy]


def test_who_is_excluded_takes_no_part():
    rulings = Rulings(frozenset({("week", PEOPLE[0])}))
    assert gathered(paper(PEOPLE[0]), paper(PEOPLE[1]), rulings=rulings) == [PEOPLE[1]]


def test_after_a_regrade_the_new_keys_decide():
    who = PEOPLE[0]
    item = PACK.bank[MARKERS["week", 1].deck.draw(who, "2022-09-05", 1).items[0]]
    other = next(option.id for option in item.options if option.id not in item.key)
    bank = [msgspec.structs.replace(one, key=[other]) if one.id == item.id else one for one in PACK.bank]
    markers = {**MARKERS, ("week", 2): Marker(make_pack(number=2, bank=bank))}
    assert gathered(paper(who), rulings=Rulings(regrades={"week": 2}), markers=markers) == []
