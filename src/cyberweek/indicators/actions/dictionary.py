"""The dictionary: loaded, added to, put better; never given another meaning once there are figures."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from django.db import IntegrityError, transaction

from cyberweek.editions.models import Edition
from cyberweek.indicators.models import Indicator, Wording
from cyberweek.kernel.actions import record, snapshot

if TYPE_CHECKING:
    import datetime as dt

    from cyberweek.accounts.models import User

FIELDS: Final = (
    "name", "definition", "count", "adding", "filler", "least", "most", "most_capacity", "verify_above", "is_active", "order",
)  # fmt: skip
_DATA: Final = "cyberweek.indicators.data"


class MeaningKept(Exception):  # noqa: N818 -- reads as the sentence it makes
    """There are figures: unit of count and way of adding stay as they are."""


@transaction.atomic
def load_dictionary(*, edition: Edition, by: User | None, now: dt.datetime) -> int:
    """Give an edition the shipped dictionary where it has none; gives how many indicators were added."""
    rows = json.loads(files(_DATA).joinpath("dictionary.json").read_text(encoding="utf-8"))
    Edition.objects.select_for_update().get(pk=edition.pk)  # two who do it at once
    if Indicator.objects.filter(edition=edition).exists():
        return 0
    _make(edition, rows, by=by, now=now)
    record(actor=by, verb="indicator.load", thing=edition, unit=edition.owner_id, after={"indicators": len(rows)})
    return len(rows)


def copy_dictionary(*, source: Edition, target: Edition, by: User | None, now: dt.datetime) -> int:
    """Give an edition the indicators of another that it does not have yet; gives how many."""
    rows = [
        {"code": one.code, "provenance": one.provenance, **{name: getattr(one, name) for name in FIELDS}}
        for one in Indicator.objects.filter(edition=source)
    ]
    return take_dictionary(edition=target, rows=rows, source=source.slug, by=by, now=now)


@transaction.atomic
def take_dictionary(
    *, edition: Edition, rows: Iterable[Mapping[str, Any]], source: str, by: User | None, now: dt.datetime
) -> int:
    """Give an edition those indicators of another's dictionary (code and `FIELDS`) that it does not have; how many."""
    Edition.objects.select_for_update().get(pk=edition.pk)
    has = set(Indicator.objects.filter(edition=edition).values_list("code", flat=True))
    fresh = [dict(row) for row in rows if row["code"] not in has]
    _make(edition, fresh, by=by, now=now)
    after = {"from": source, "indicators": len(fresh)}
    record(actor=by, verb="indicator.load", thing=edition, unit=edition.owner_id, after=after)
    return len(fresh)


def _make(edition: Edition, rows: list[dict[str, Any]], *, by: User | None, now: dt.datetime) -> None:
    made = Indicator.objects.bulk_create(Indicator(edition=edition, **row) for row in rows)
    Wording.objects.bulk_create(
        Wording(indicator=one, number=1, name=one.name, definition=one.definition, since=now, by=by) for one in made
    )


@transaction.atomic
def define_indicator(
    *, edition: Edition, code: str, fields: Mapping[str, Any], by: User | None, now: dt.datetime
) -> Indicator:
    """A new entry of the dictionary (names in `FIELDS`)."""
    indicator = Indicator(edition=edition, code=code, **{name: fields[name] for name in FIELDS if name in fields})
    indicator.save()
    Wording.objects.create(
        indicator=indicator, number=1, name=indicator.name, definition=indicator.definition, since=now, by=by
    )
    record(actor=by, verb="indicator.define", thing=indicator, unit=edition.owner_id, after=snapshot(indicator, FIELDS))
    return indicator


def redefine_indicator(
    *, indicator: Indicator, fields: Mapping[str, Any], by: User | None, now: dt.datetime
) -> Indicator:
    """Change an entry; another name or definition is kept beside those before. Raises `MeaningKept`."""
    try:
        return _redefine(indicator, fields, by=by, now=now)
    except IntegrityError as refused:
        if "has figures" in str(refused):
            raise MeaningKept from refused
        raise


@transaction.atomic
def _redefine(indicator: Indicator, fields: Mapping[str, Any], *, by: User | None, now: dt.datetime) -> Indicator:
    indicator = Indicator.objects.select_for_update(of=("self",)).select_related("edition").get(pk=indicator.pk)
    before = snapshot(indicator, FIELDS)
    for name in FIELDS:
        if name in fields:
            setattr(indicator, name, fields[name])
    indicator.save(update_fields=FIELDS)
    last = Wording.objects.filter(indicator=indicator).order_by("-number").first()
    if last is None or (last.name, last.definition) != (indicator.name, indicator.definition):
        Wording.objects.create(
            indicator=indicator, number=last.number + 1 if last else 1, name=indicator.name,
            definition=indicator.definition, since=now, by=by,
        )  # fmt: skip
    record(
        actor=by, verb="indicator.redefine", thing=indicator, unit=indicator.edition.owner_id,
        before=before, after=snapshot(indicator, FIELDS),
    )  # fmt: skip
    return indicator
