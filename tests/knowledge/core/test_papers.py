from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from cyberweek.knowledge.core.papers import Deck
from tests.arena.packs import make_pack

PACK = make_pack()
DECK = Deck(PACK)
seeds = st.tuples(st.uuids().map(str), st.dates().map(str), st.integers(1, 99))


@given(seeds)
def test_the_same_seed_draws_the_same_paper(seed):
    assert DECK.draw(*seed) == Deck(make_pack()).draw(*seed)


@given(seeds)
def test_a_paper_follows_the_blueprint_and_repeats_nothing(seed):
    paper = DECK.draw(*seed)
    topics = Counter(PACK.bank[place].topic for place in paper.items)
    assert topics == {quota.topic: quota.count for quota in PACK.blueprint}
    assert len(set(paper.items)) == PACK.items


@given(seeds)
def test_options_are_all_there_and_true_false_stays_in_order(seed):
    for place, order in zip(*DECK.draw(*seed), strict=True):
        item = PACK.bank[place]
        assert sorted(order) == list(range(len(item.options)))
        if item.kind == "true-false":
            assert order == (0, 1)


def test_every_item_of_a_topic_is_drawn_about_equally_often():
    drawn = Counter(place for n in range(3000) for place in DECK.draw(f"participant {n}", "2019-09-16", 1).items)
    assert all(1350 < drawn[place] < 1650 for place in range(len(PACK.bank)))


def test_the_draw_never_changes():
    paper = DECK.draw("5334863e-37ae-4bd0-9d34-67621abf5a51", "2019-09-16", 1)
    assert paper == ((3, 2, 4, 6, 10, 11), ((1, 2, 0, 3), (0, 1), (1, 0, 3, 2), (0, 1), (0, 1), (3, 0, 1, 2)))
