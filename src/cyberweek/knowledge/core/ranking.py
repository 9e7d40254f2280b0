"""Places on a board."""

from collections.abc import Iterable, Iterator


def places(results: Iterable[tuple[int, int]]) -> Iterator[int]:
    """1, 2, 2, 4 for (score, seconds) in board order: a place is shared only when both are equal."""
    shared, last = 0, None
    for position, result in enumerate(results, 1):
        if result != last:
            shared, last = position, result
        yield shared
