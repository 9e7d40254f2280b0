"""How the items of a contest did: counted from the ledger, and kept."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.db import transaction

from cyberweek.knowledge.core.marking import Marker
from cyberweek.knowledge.core.statistics import Statistics, Tally, flags_of, options_of
from cyberweek.knowledge.models import Contest, ItemCount, ItemFigure
from cyberweek.knowledge.queries.rulings import markers_of
from cyberweek.knowledge.queries.statistics import regraded_to, sheets_of


def count_items(*, contest: Contest, batch: int, now: dt.datetime) -> int:
    """Count how each item of each release did, up to a batch of the ledger, in the place of the last count; gives of how
    many papers. Seconds for many papers, so for jobs."""
    markers = markers_of(contest)
    by_release: dict[int, Statistics] = defaultdict(Statistics)
    papers = 0
    for sheet in sheets_of(contest, markers, batch):
        by_release[sheet.release].add(sheet.items, sheet.answered, sheet.right, sheet.marks)
        papers += 1
    later = markers.get(regraded_to(contest, batch))
    rows = [
        row
        for number, statistics in by_release.items()
        for row in _rows(contest, markers[number], later, statistics.tallies)
    ]
    with transaction.atomic():
        Contest.objects.select_for_update().get(pk=contest.pk)  # two who count at once
        ItemFigure.objects.filter(contest=contest).delete()
        ItemFigure.objects.bulk_create(rows, batch_size=500)
        ItemCount.objects.update_or_create(contest=contest, defaults={"batch": batch, "papers": papers, "at": now})
    return papers


def _rows(contest: Contest, marker: Marker, later: Marker | None, tallies: dict[str, Tally]) -> list[ItemFigure]:
    number = marker.pack.number
    keys = marker.keys(later if later and later.pack.number > number else None)
    made = []
    for item, letters in zip(marker.pack.bank, keys, strict=True):
        if (tally := tallies.get(item.id)) is None:
            continue
        chosen, key = options_of(tally, len(item.options)), {ord(letter) - ord("a") for letter in letters}
        options = [
            {"text": dict(option.text), "right": place in key, "n": one.n, "rest": one.rest}
            for place, (option, one) in enumerate(zip(item.options, chosen, strict=True))
        ]
        flags = flags_of(tally, options=chosen, key=key, one_answer=item.kind != "multiple")
        made.append(
            ItemFigure(
                contest=contest, release=number, item=item.id, topic=item.topic, stem=dict(item.stem),
                shown=tally.shown, answered=tally.answered, right=tally.right, facility=tally.facility,
                discrimination=tally.discrimination, options=options, flags=[str(flag) for flag in flags],
            )
        )  # fmt: skip
    return made
