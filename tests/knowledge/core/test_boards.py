import msgspec
from hypothesis import given
from hypothesis import strategies as st

from cyberweek.knowledge.core.boards import TABLES, Boards, board_hash, hash_in_order
from cyberweek.knowledge.core.chain import NOBODY, Entry
from cyberweek.knowledge.core.grading import Question
from cyberweek.knowledge.core.marking import Marker
from cyberweek.knowledge.core.rulings import rulings_of
from tests.arena.packs import make_pack

PACK = make_pack()
MARKER = Marker(PACK)
MARKERS = {("week", 1): MARKER, ("week", 2): Marker(make_pack(number=2))}
ANCESTRY = {"350203": ["CN", "350000", "350200", "350203"], "110000": ["CN", "110000"]}
PLAYERS = [f"00000000-0000-4000-8000-00000000000{n}" for n in range(4)]


@st.composite
def papers(draw):
    who, ordinal = draw(st.sampled_from(PLAYERS)), draw(st.integers(1, 3))
    drawn = [PACK.bank[place] for place in MARKER.deck.draw(who, "2022-09-05", ordinal).items]
    sheet = ",".join(Question(item).key if draw(st.booleans()) else "" for item in drawn)
    region, team = ("350203", "blue") if who < PLAYERS[2] else ("110000", "")
    attempt = f"{who[-1]}-{ordinal}-{draw(st.integers(0, 9))}"
    return Entry(
        "submit", "2022-09-05", attempt, "week", who, region, ordinal, 1, draw(st.integers(0, 200_000)), sheet,
        seconds=draw(st.integers(0, 3)), team=team,
    )  # fmt: skip


def rebuilt(entries, rulings=()):
    boards = Boards(MARKERS, ANCESTRY, rulings_of(rulings))
    for entry in entries:
        boards.add(entry)
    return {name: [msgspec.json.decode(row) for row in rows.splitlines()] for name, rows in boards.tables().items()}


def hashed(entries, rulings=()):
    boards = Boards(MARKERS, ANCESTRY, rulings_of(rulings))
    for entry in entries:
        boards.add(entry)
    return board_hash(boards.tables())


@given(st.lists(papers(), unique_by=lambda entry: entry.attempt))
def test_histogram_regions_and_tops_follow_from_the_bests(entries):
    tables = rebuilt(entries)
    for _, region, people, _ in tables["region"]:
        assert people == sum(region in best[2] for best in tables["best"])
        assert people == sum(cell[4] for cell in tables["histogram"] if cell[1] == region)
        assert min(people, 20) == sum(row[1] == region for row in tables["top"])
    assert sum(minute[2] for minute in tables["minute"]) == len(entries)


@given(st.lists(papers(), unique_by=lambda entry: entry.attempt))
def test_the_hash_is_that_of_the_tables_however_it_is_taken(entries):
    boards = Boards(MARKERS, ANCESTRY)
    for entry in entries:
        boards.add(entry)
    tables = boards.tables()
    in_order = [[msgspec.json.decode(row) for row in tables[name].splitlines()] for name in TABLES]
    assert boards.hash() == board_hash(tables) == hash_in_order(in_order)


@given(st.lists(papers(), unique_by=lambda entry: entry.attempt), st.randoms())
def test_the_order_in_which_papers_are_read_makes_no_difference(entries, rng):
    assert hashed(entries) == hashed(rng.sample(entries, len(entries)))


@given(st.lists(papers(), unique_by=lambda entry: entry.attempt))
def test_who_is_excluded_counts_nowhere_and_who_is_readmitted_as_if_never_excluded(entries):
    out = Entry("exclude", "2022-09-06", "r1", "week", PLAYERS[0], "", 0, 0, 0, "because")
    back = msgspec.structs.replace(out, kind="readmit", attempt="r2")
    assert hashed(entries, [out]) == hashed([entry for entry in entries if entry.participant != PLAYERS[0]])
    assert hashed(entries, [out, back]) == hashed(entries)


def test_a_team_has_a_board_like_a_region():
    MARKER.deck.draw(PLAYERS[0], "2022-09-05", 1)
    entry = Entry("submit", "2022-09-05", "a", "week", PLAYERS[0], "350203", 1, 1, 0, ",,,,,", team="blue")
    tables = rebuilt([entry])
    assert [row[1] for row in tables["region"]] == ["350000", "350200", "350203", "CN", "team:blue"]


def test_a_step_moves_the_best_but_is_no_paper():
    markers = {("week", 1): Marker(make_pack(form="endless"))}
    boards = Boards(markers, ANCESTRY)
    boards.add(Entry("step", "2022-09-05", "a", "week", PLAYERS[0], "110000", 1, 1, 0, "a", seconds=4))
    tables = boards.tables()
    assert set(tables) == set(TABLES)
    assert tables["minute"] == tables["topic"] == b""
    assert msgspec.json.decode(tables["region"].splitlines()[0])[2:] == [1, 0]


def test_papers_of_earlier_releases_are_marked_by_the_regrades_keys():
    item = PACK.bank[MARKER.deck.draw(PLAYERS[0], "2022-09-05", 1).items[0]]
    other = next(option.id for option in item.options if option.id not in item.key)
    bank = [msgspec.structs.replace(one, key=[other]) if one.id == item.id else one for one in PACK.bank]
    markers = {**MARKERS, ("week", 2): Marker(make_pack(number=2, bank=bank))}
    sheet = f"{other},,,,,"
    paper = Entry("submit", "2022-09-05", "a", "week", PLAYERS[0], "110000", 1, 1, 0, sheet)
    ruling = Entry("regrade", "2022-09-06", "r", "week", NOBODY, "", 0, 2, 0, "the key was wrong")
    for rulings, score in [([], 0), ([ruling], 5)]:
        boards = Boards(markers, ANCESTRY, rulings_of(rulings))
        boards.add(paper)
        assert msgspec.json.decode(boards.tables()["best"])[3] == score
