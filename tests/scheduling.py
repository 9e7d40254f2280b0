"""Which worker of xdist runs which tests, and in what order: `--dist loadfile`, but long ones first."""

from __future__ import annotations

from collections import Counter

from xdist.scheduler import LoadFileScheduling

BROWSER = "tests/e2e/"
"""Its files share what is dear (a server with its data, a browser), and are the longest of all: two workers run them."""
WALKS = ("test_coordinator", "test_draws", "test_forms")
"""The files of BROWSER that are one half of its time."""
FIRST = (BROWSER, "tests/bench/", "tests/deploy/", "tests/launch/", "tests/arena/")
"""Folders of long tests, which would hold up the end. Those that come after are short: files of many tests go first."""


class HouseScheduling(LoadFileScheduling):
    """Gives out files, and halves of BROWSER, in the order in which the workers have sorted them."""

    def __init__(self, config, log) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        return scope_of(nodeid)


def scope_of(nodeid: str) -> str:
    """What one worker runs in one go: a half of BROWSER or a file."""
    file = nodeid.partition("::")[0]
    if not file.startswith(BROWSER):
        return file
    return f"{BROWSER} walks" if file.removeprefix(BROWSER).removesuffix(".py") in WALKS else BROWSER


def long_ones_first(items: list) -> None:
    """Sorts collected tests; those of one file stay as they are."""
    sizes = Counter(scope_of(item.nodeid) for item in items)

    def order(item):
        scope = scope_of(item.nodeid)
        rank = next((place for place, folder in enumerate(FIRST) if scope.startswith(folder)), len(FIRST))
        return rank, -sizes[scope], scope

    items.sort(key=order)
