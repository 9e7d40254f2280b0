from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from cyberweek.summaries.core.suppression import REST, SMALLEST, Node, hidden_parts, withheld

COUNTS = st.one_of(st.integers(0, 14), st.integers(0, 400))


def tree(counts, name="0") -> Node:
    """Nested lists of counts as places: an int is a leaf (or a rest), a list a place with parts."""
    own, parts = counts
    made = tuple(tree(part, f"{name}.{n}") for n, part in enumerate(parts))
    return Node(name, own + sum(part.count for part in made), made)


TREES = st.recursive(
    st.tuples(COUNTS, st.just([])), lambda inner: st.tuples(COUNTS, st.lists(inner, max_size=5)), max_leaves=25
).map(tree)


def nodes(node):
    yield node
    for part in node.parts:
        yield from nodes(part)


@given(TREES)
def test_no_small_group_is_shown(root):
    hidden = withheld(root)
    for node in nodes(root):
        if node.name not in hidden:
            assert node.count == 0 or node.count >= SMALLEST
            rest = node.count - sum(part.count for part in node.parts)
            assert not node.parts or node.name + REST in hidden or rest == 0 or rest >= SMALLEST


@given(TREES)
def test_every_withheld_count_may_be_any_of_ten_for_who_knows_the_sums_and_the_rule(root):
    """The sums that are shown are the only ties between withheld counts, and no count stands in two of them."""
    hidden = withheld(root)
    for node in nodes(root):
        if node.name in hidden:
            assert all(part.name in hidden for part in node.parts), "nothing is shown under what is withheld"
            continue
        counts = {part.name: part.count for part in node.parts}
        if node.parts:
            counts[node.name + REST] = node.count - sum(counts.values())
        away = [name for name in counts if name in hidden]
        known = sum(count for name, count in counts.items() if name not in hidden)
        if away:
            most = node.count - known - (len(away) - 1)  # the others are at least one each
            assert most - 1 >= SMALLEST


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.integers(0, 30), min_size=2, max_size=5))
def test_counted_out_no_withheld_count_is_certain(counts):
    hidden = hidden_parts(counts)
    if not hidden:
        return
    names = sorted(hidden)
    rest = sum(counts[name] for name in names)
    if rest > 60 or len(names) > 4:
        return
    possible = [values for values in itertools.product(range(1, rest + 1), repeat=len(names)) if sum(values) == rest]
    for n, _name in enumerate(names):
        assert len({values[n] for values in possible}) >= SMALLEST


def test_the_next_smallest_goes_with_a_single_small_group():
    assert hidden_parts({"a": 3, "b": 40, "c": 12}) == {"a", "c"}
    assert hidden_parts({"a": 30, "b": 40}) == set()
    assert hidden_parts({"a": 1, "b": 1}) is None
    assert hidden_parts({"a": 1, "b": 1, "c": 50}) == {"a", "b", "c"}


def test_a_sum_that_cannot_be_protected_is_withheld_itself():
    root = Node("n", 1000, (Node("p", 11, (Node("x", 5), Node("y", 6))), Node("q", 989)))
    assert {"p", "x", "y", "q"} <= withheld(root)
    assert "n" not in withheld(root)
