"""Machine figures: read from every source, put in the place of the last reading."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from cyberweek.editions.models import Edition
from cyberweek.indicators.enums import Adding, Filler, Grade, State, Way
from cyberweek.indicators.models import Figure, Indicator
from cyberweek.indicators.queries import Reading, Source, sources

from .rolling import mark_stale


def read_machines(*, edition: Edition, now: dt.datetime) -> int:
    """Read every source whose indicator the edition has; gives how many figures were added, changed or taken away.

    Totals are marked where anything changed: the job makes them. Machines know what they counted; nothing is asked."""
    wanted = Indicator.objects.filter(edition=edition, filler=Filler.MACHINE, is_active=True)
    by_code = {one.code: one for one in wanted}
    changed = 0
    for source in sources():
        if source.indicator in by_code:
            changed += _put(edition, by_code[source.indicator], source, list(source.read(edition, now)), now=now)
    if changed:
        mark_stale(edition=edition, now=now)
    return changed


@transaction.atomic
def _put(
    edition: Edition, indicator: Indicator, source: Source, readings: Sequence[Reading], *, now: dt.datetime
) -> int:
    # An indicator of people wants sketches, and takes no bare number.
    readings = [one for one in readings if (one.sketch is not None) == (indicator.adding == Adding.UNION)]
    kept = {
        one.region_id: one
        for one in Figure.objects.select_for_update().filter(indicator=indicator, source=source.key, report=None)
    }
    fresh, moved = [], []
    for one in readings:
        row = kept.pop(one.region, None)
        if row is None:
            fresh.append(
                Figure(
                    edition=edition, indicator=indicator, region_id=one.region, source=source.key, value=one.value,
                    way=Way.MACHINE, grade=Grade.LOG, state=State.COUNTED, sketch=one.sketch, changed=now,
                )
            )  # fmt: skip
        elif row.value != one.value or bytes(row.sketch or b"") != (one.sketch or b""):
            row.value, row.sketch, row.changed = one.value, one.sketch, now
            moved.append(row)
    Figure.objects.bulk_create(fresh, batch_size=500)
    Figure.objects.bulk_update(moved, ["value", "sketch", "changed"], batch_size=500)
    gone = Figure.objects.filter(pk__in=[row.pk for row in kept.values()])
    gone.delete()
    return len(fresh) + len(moved) + len(kept)
