from __future__ import annotations

import pytest

from cyberweek.kernel import navigation
from cyberweek.kernel.navigation import Entry, entries_of, register


@pytest.fixture(autouse=True)
def _no_menus(monkeypatch):
    monkeypatch.setattr(navigation, "_menus", {})


def labels(request, about=None):
    return [entry.label for entry in entries_of("menu", request, about)]


def test_entries_stand_in_their_order_and_once(rf):
    for _ in range(2):
        register("menu", Entry(20, "b", "second"))
        register("menu", Entry(10, "a", "first"))
    assert labels(rf.get("/")) == ["first", "second"]


def test_an_entry_is_shown_only_to_whom_and_on_what_it_is_for(rf):
    register("menu", Entry(10, "a", "never", shown=lambda _request: False))
    register("menu", Entry(20, "b", "with draws", fits=lambda _request, about: about == "with draws"))
    assert labels(rf.get("/"), "with draws") == ["with draws"]
    assert labels(rf.get("/"), "without") == []
