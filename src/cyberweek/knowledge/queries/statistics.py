"""How the items of a contest did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from cyberweek.knowledge.core.statistics import Tally, of_papers
from cyberweek.knowledge.models import Contest

from . import ledger_head
from .rulings import markers_of, papers_handed_in, papers_up_to, rulings_up_to

MOST_PAPERS: Final = 200_000  # of more papers every second, third … is read: the figures do not get better


class ItemFigures(NamedTuple):
    item: str
    topic: str
    tally: Tally


def item_figures(contest: Contest) -> list[ItemFigures]:
    """Each item that was shown, by its code, as of now and by today's keys: seconds for many papers, so for jobs."""
    topics = {item.id: item.topic for marker in markers_of(contest).values() for item in marker.pack.bank}
    tallies = of_papers(_marked(contest, ledger_head().batch))
    return [ItemFigures(item, topics[item], tally) for item, tally in sorted(tallies.items())]


def _marked(contest: Contest, batch: int) -> Iterator[tuple[Sequence[str], int, int]]:
    markers = markers_of(contest)
    rulings = rulings_up_to(contest, batch)
    later = markers.get(rulings.regrades.get(contest.slug, 0))
    every = papers_handed_in(contest, batch) // MOST_PAPERS + 1
    for number, entry in enumerate(papers_up_to(contest, batch)):
        if number % every or entry.kind != "submit" or (contest.slug, entry.participant) in rulings.excluded:
            continue
        marker = markers[entry.release]
        newer = later if later and later.pack.number > entry.release else None
        marks = marker.mark(entry, newer)
        shown = entry.answers.count(",") + 1
        places = marker.deck.items(entry.participant, entry.day, entry.ordinal)[:shown]
        yield [marker.pack.bank[place].id for place in places], marks.answered, marks.correct
