from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cyberweek.knowledge.core.chain import Tree
from cyberweek.knowledge.core.pruning import Node, PruningError, fold, prune


@st.composite
def batches(draw):
    told = draw(st.lists(st.booleans(), min_size=1, max_size=140))
    return [b"entry %d" % place for place in range(len(told))], told


@given(batches())
def test_told_entries_and_nodes_lead_to_the_root_of_the_whole(batch):
    entries, told = batch
    parts = list(prune(entries, told))
    assert fold(len(entries), parts) == Tree(entries).root
    assert [part for part in parts if isinstance(part, bytes)] == [e for e, t in zip(entries, told, strict=True) if t]


@given(batches(), st.data())
def test_parts_left_out_doubled_or_swapped_never_lead_to_it(batch, data):
    entries, told = batch
    parts = list(prune(entries, told))
    place = data.draw(st.integers(0, len(parts) - 1))
    swapped = [*parts]
    swapped[place], swapped[place - 1] = swapped[place - 1], swapped[place]
    for other in (parts[:place] + parts[place + 1 :], [*parts, parts[place]], swapped):
        if other == parts:
            continue
        with suppress(PruningError):
            assert fold(len(entries), other) != Tree(entries).root


def test_one_entry_of_a_hundred_costs_a_few_nodes():
    entries = [b"%d" % n for n in range(128)]
    assert len(list(prune(entries, [n == 77 for n in range(128)]))) == 8


def test_a_batch_of_which_nothing_is_told_is_one_node():
    entries = [b"a", b"b", b"c"]
    assert list(prune(entries, [False] * 3)) == [Node(2, Tree(entries).root)]


@pytest.mark.parametrize("level", [-1, 3, 10**9])
def test_a_node_of_an_impossible_level_is_refused(level):
    with pytest.raises(PruningError):
        fold(3, [Node(level, bytes(32))])


@pytest.mark.parametrize("size", [-1, 0, 1, 10**18])
def test_nothing_fills_no_batch(size):
    with pytest.raises(PruningError):
        fold(size, [])
