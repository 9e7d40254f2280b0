"""Different people, without knowing who."""

from __future__ import annotations

import random

import pytest

from cyberweek.indicators.core.hashes import read_hashes
from cyberweek.indicators.core.sketches import (
    BadSketchError,
    check_sketch,
    edition_key,
    estimate,
    hashed,
    merged,
    sketch_of,
)

KEY = edition_key("secret", "2019-national")


def people(first: int, last: int) -> bytes:
    return sketch_of(hashed(f"passport {n}", KEY) for n in range(first, last))


def test_who_comes_twice_counts_once():
    assert estimate(people(0, 300)).value == 300
    assert estimate(sketch_of([hashed("one", KEY)] * 500)).value == 1


@pytest.mark.parametrize("size", [1_000, 30_000, 200_000])
def test_the_error_is_told_and_the_truth_lies_within_it(size):
    found = estimate(people(0, size))
    assert found.low <= size <= found.high
    assert (found.high - found.low) / size < 0.08


def test_a_union_counts_those_in_both_once_in_whatever_order_and_grouping():
    parts = [people(n * 700, n * 700 + 1_400) for n in range(8)]
    at_once = merged(parts)
    true = 7 * 700 + 1_400
    assert estimate(at_once).low <= true <= estimate(at_once).high
    for seed in range(5):
        shuffled = parts[:]
        random.Random(seed).shuffle(shuffled)
        assert merged(shuffled) == at_once
        by_province = merged([merged(shuffled[:3]), merged(shuffled[3:])])
        assert abs(estimate(by_province).value - estimate(at_once).value) <= 0.02 * true


def test_a_person_is_another_in_another_edition():
    assert hashed("p", KEY) != hashed("p", edition_key("secret", "2020-national"))
    assert hashed("p", KEY) != hashed("p", edition_key("another", "2019-national"))


@pytest.mark.parametrize(
    "content",
    [b"", b"abc", b"\x02\x01\x07\x0c", bytes(40), bytes([255]) * 400, people(0, 5000)[:60], b"MZ" + bytes(900)],
)
def test_what_is_no_sketch_is_refused(content):
    with pytest.raises(BadSketchError):
        check_sketch(content)


def test_a_sketch_of_a_handful_is_refused():
    with pytest.raises(BadSketchError, match="few"):
        check_sketch(people(0, 9))
    assert estimate(check_sketch(people(0, 10))).value == 10


def test_a_list_of_hashes_becomes_a_sketch():
    lines = "\n".join(["hash", *(hashed(str(n), KEY) for n in range(50))])
    assert estimate(read_hashes(lines.encode())).value == 50


@pytest.mark.parametrize("line", ["13800138000", "张三", "a@week.example", "0" * 63])
def test_identities_that_nobody_hashed_are_refused(line):
    with pytest.raises(BadSketchError, match="bare"):
        read_hashes(f"{'0' * 64}\n{line}\n".encode())


def test_a_file_that_is_no_list_is_refused():
    for content in (b"", b"\xff\xfe\x00", b"z" * 64):
        with pytest.raises(BadSketchError):
            read_hashes(content)
