"""Wrong codes of groups, counted a passport and a network block: whoever guesses has to wait.

    passport   after PASSPORT wrong ones no code of its is looked at, right or wrong
    block      after BLOCK wrong ones no code is looked at of a passport that has given a wrong one; so a school behind
               one address comes in at the first try, and a guesser pays a proof of work for every guess

Counted in this process alone and forgotten with it: several processes together let through that many times as many.
Both tables hold at most MOST; beyond that whoever began longest ago is forgotten first.
"""

from typing import Final, TypeVar

from cyberweek.arena.problems import Problem

PASSPORT: Final = 10
BLOCK: Final = 300
WINDOW_MS: Final = 10 * 60_000
"""From the first wrong code on; then all counts begin anew."""
MOST: Final = 50_000

Key = TypeVar("Key")


class Guesses:
    def __init__(self) -> None:
        self._passports: dict[str, tuple[int, int]] = {}
        """When the first wrong code came (ms), and how many there are."""
        self._blocks: dict[bytes, tuple[int, int]] = {}

    def check(self, participant: str, block: bytes, now_ms: int) -> None:
        """Raises the problem `many-guesses`, which says how long to wait."""
        left, count = _left(self._passports, participant, now_ms)
        block_left, block_count = _left(self._blocks, block, now_ms)
        if count and block_count >= BLOCK:
            left = max(left, block_left)
        elif count < PASSPORT:
            return
        raise Problem("many-guesses", seconds=-(-left // 1000), minutes=-(-left // 60_000))

    def note(self, participant: str, block: bytes, now_ms: int) -> None:
        """A wrong code was given."""
        _add(self._passports, participant, now_ms)
        _add(self._blocks, block, now_ms)


def _left(table: dict[Key, tuple[int, int]], key: Key, now_ms: int) -> tuple[int, int]:
    """Milliseconds until the count begins anew, and the count."""
    began, count = table.get(key, (0, 0))
    left = began + WINDOW_MS - now_ms
    return (left, count) if left > 0 else (0, 0)


def _add(table: dict[Key, tuple[int, int]], key: Key, now_ms: int) -> None:
    left, count = _left(table, key, now_ms)
    if count:
        table[key] = now_ms + left - WINDOW_MS, count + 1
        return
    table.pop(key, None)  # at the end again: the order is that of beginning
    table[key] = now_ms, 1
    if len(table) > MOST:
        del table[next(iter(table))]
