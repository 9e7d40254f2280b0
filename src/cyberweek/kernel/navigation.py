"""The menus. Each app registers its own entries in `AppConfig.ready`; the frames draw what is registered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db.models import IntegerChoices
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.functional import _StrPromise


class Section(IntegerChoices):
    """The parts of a long menu, in their order; the first stands without a heading."""

    TOP = 0, ""
    PREPARE = 1, pgettext_lazy("menu", "Prepare")
    TAKE_PART = 2, pgettext_lazy("menu", "Take part")
    RESULTS = 3, pgettext_lazy("menu", "Results")
    KEEP = 4, pgettext_lazy("menu", "Administration")


@dataclass(frozen=True, order=True)
class Entry:
    """One line of a menu. `route` is reversed with the edition's slug where `with_edition` says so, and then with the
    slug of what the page gives its menu (a contest)."""

    order: int
    route: str
    label: str | _StrPromise
    icon: str = ""
    section: Section = Section.TOP
    with_edition: bool = True
    exact: bool = False  # open only on its own page, not on those beneath its address
    # How many things of the edition (slug) wait there for this person.
    waiting: Callable[[HttpRequest, str], int] | None = None
    shown: Callable[[HttpRequest], bool] | None = None  # None: to everybody
    fits: Callable[[HttpRequest, Any], bool] | None = None  # to this contest; None: to all


_menus: Final[dict[str, list[Entry]]] = {}


def register(menu: str, entry: Entry) -> None:
    """Add an entry to a menu; entries stand in the order of their sections, then of their `order`. The menus: "public", "desk"; on the pages of
    a contest "contest-public", "contest-desk"; on its results "results-public"."""
    entries = _menus.setdefault(menu, [])
    if entry not in entries:
        entries.append(entry)
        entries.sort(key=lambda one: (one.section, one.order))


def entries_of(menu: str, request: HttpRequest, about: Any = None) -> list[Entry]:
    """The entries of a menu that this visitor is shown; `about`: what a menu on its page belongs to (a contest)."""
    return [
        entry
        for entry in _menus.get(menu, [])
        if (entry.shown is None or entry.shown(request)) and (entry.fits is None or entry.fits(request, about))
    ]
