"""How the items of a contest did: read from the ledger by jobs, and kept for the pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from django.db import connection
from django.db.models import F, QuerySet

from cyberweek.knowledge.core.marking import Marker
from cyberweek.knowledge.core.statistics import Statistics, Tally
from cyberweek.knowledge.enums import ContestState
from cyberweek.knowledge.models import Contest, ItemCount, ItemFigure

from . import ledger_head
from .rulings import markers_of, papers_handed_in, papers_up_to, rulings_up_to

MOST_PAPERS: Final = 200_000  # of more papers every second, third … is read: the figures do not get better


class ItemFigures(NamedTuple):
    item: str
    topic: str
    tally: Tally


class Sheet(NamedTuple):
    """A paper that was marked: on which release, with which items, and as bits what was answered and right."""

    release: int
    items: Sequence[str]
    answered: int
    right: int
    marks: Sequence[str]


def item_figures(contest: Contest) -> list[ItemFigures]:
    """Each item that was shown, by its code, as of now and by today's keys: seconds for many papers, so for jobs."""
    markers = markers_of(contest)
    topics = {item.id: item.topic for marker in markers.values() for item in marker.pack.bank}
    statistics = Statistics()
    for sheet in sheets_of(contest, markers, ledger_head().batch):
        statistics.add(sheet.items, sheet.answered, sheet.right)
    return [ItemFigures(item, topics[item], tally) for item, tally in sorted(statistics.tallies.items())]


def sheets_of(contest: Contest, markers: dict[int, Marker], batch: int) -> Iterator[Sheet]:
    """The papers that count up to a batch, by today's keys."""
    rulings = rulings_up_to(contest, batch)
    later = markers.get(rulings.regrades.get(contest.slug, 0))
    every = papers_handed_in(contest, batch) // MOST_PAPERS + 1
    for number, entry in enumerate(papers_up_to(contest, batch)):
        if number % every or entry.kind != "submit" or (contest.slug, entry.participant) in rulings.excluded:
            continue
        marker = markers[entry.release]
        newer = later if later and later.pack.number > entry.release else None
        marks = marker.mark(entry, newer)
        given = entry.answers.split(",")
        places = marker.deck.items(entry.participant, entry.day, entry.ordinal)[: len(given)]
        items = [marker.pack.bank[place].id for place in places]
        yield Sheet(entry.release, items, marks.answered, marks.correct, given)


def regraded_to(contest: Contest, batch: int) -> int:
    """The release by whose keys the papers of earlier ones count; 0 where each counts by its own."""
    return rulings_up_to(contest, batch).regrades.get(contest.slug, 0)


def last_batch_of(contest: Contest) -> int:
    """The newest batch that can change how the items of a contest did; 0 for none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(max(batch), 0) FROM ledger_entry WHERE contest = %s "
            "AND kind IN ('submit', 'exclude', 'readmit', 'regrade')",
            [contest.slug],
        )
        return int(cursor.fetchone()[0])


def contests_to_count() -> list[tuple[Contest, int]]:
    """The published contests whose items have done something since they were counted, with the batch to count to."""
    counted = dict(ItemCount.objects.values_list("contest", "batch"))
    contests = Contest.objects.filter(state=ContestState.PUBLISHED).select_related("edition")
    found = [(contest, last_batch_of(contest)) for contest in contests]
    return [(contest, batch) for contest, batch in found if batch > counted.get(contest.pk, 0)]


def count_of(contest: Contest) -> ItemCount | None:
    """When and up to where the items of a contest were counted; None: never."""
    return ItemCount.objects.filter(contest=contest).first()


SORTS: Final = {
    "facility": [F("facility").asc(nulls_last=True)],
    "easiest": [F("facility").desc(nulls_last=True)],
    "discrimination": [F("discrimination").asc(nulls_last=True)],
    "best": [F("discrimination").desc(nulls_last=True)],
    "shown": [F("shown").desc()],
    "item": [],
}


def figures_of_items(
    contest: Contest, *, release: int, sort: str = "item", flag: str = "", topic: str = ""
) -> QuerySet[ItemFigure]:
    """How the items of a release did, in an order of `SORTS`; narrowed to a flag ("any": to those with one) and topic."""
    rows = ItemFigure.objects.filter(contest=contest, release=release)
    if flag:
        rows = rows.exclude(flags=[]) if flag == "any" else rows.filter(flags__contains=[flag])
    if topic:
        rows = rows.filter(topic=topic)
    return rows.order_by(*SORTS.get(sort, []), "item")


def releases_counted(contest: Contest) -> list[int]:
    """The releases with counted items, newest first."""
    return list(
        ItemFigure.objects.filter(contest=contest).order_by("-release").values_list("release", flat=True).distinct()
    )


def topics_counted(contest: Contest) -> list[str]:
    """The topics of the counted items."""
    return list(ItemFigure.objects.filter(contest=contest).order_by("topic").values_list("topic", flat=True).distinct())
