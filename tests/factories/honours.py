from __future__ import annotations

import datetime as dt
from decimal import Decimal

from cyberweek.accounts.models import User
from cyberweek.editions.models import Edition
from cyberweek.honours.actions import (
    add_juror,
    begin_scoring,
    close_call,
    create_call,
    end_scoring,
    open_call,
    save_sheet,
    submit_entry,
    write_entry,
)
from cyberweek.honours.models import Call, Entry, Juror, Sheet
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.regions.models import Unit

from . import numbers
from .regions import make_user

OPENS = dt.datetime(2019, 9, 1, tzinfo=dt.UTC)
DURING = OPENS + dt.timedelta(days=5)
CLOSES = OPENS + dt.timedelta(days=10)
SCORING = OPENS + dt.timedelta(days=12)
SCORED = OPENS + dt.timedelta(days=20)
LATER = OPENS + dt.timedelta(days=22)
AFTER = OPENS + dt.timedelta(days=40)
_numbers = numbers()


def make_call(*, edition: Edition, owner: Unit, opened: bool = True, **fields) -> Call:
    fields = {
        "title": LocalizedText({"en": f"Cases of {edition.year}", "zh-Hans": "典型案例征集"}),
        "asked": LocalizedText({"en": "What worked?", "zh-Hans": "什么做法有效？"}),
        "opens": OPENS, "closes": CLOSES, "scoring_until": SCORED, "objection_days": 5, "top": 10, "readers": 2,
        "first": 1, "second": 1, "third": 0, "merit": 0, **fields,
    }  # fmt: skip
    rubric = [
        (LocalizedText(en="Works"), LocalizedText(), 3),
        (LocalizedText(en="Can be copied"), LocalizedText(en="By whom?"), 1),
    ]
    call = create_call(edition=edition, owner=owner, fields=fields, rubric=rubric, by=None, now=OPENS)
    return open_call(call=call, by=None, now=OPENS) if opened else call


def make_entry(*, call: Call, unit: Unit, sent: bool = True, by: User | None = None, **fields) -> Entry:
    n = next(_numbers)
    fields = {
        "title": LocalizedText({"en": f"A drill that helped {n}", "zh-Hans": f"管用的演练{n}"}),
        "theme": "campus",
        **{name: LocalizedText(en=f"The {name} of it") for name in ("problem", "practice", "result", "reuse")},
        "consent": True, "contact_name": "Zhou Min", "contact": "zhou.min@example.org", **fields,
    }  # fmt: skip
    figures = [(LocalizedText(en="pupils"), Decimal(120), "people")]
    entry = write_entry(call=call, unit=unit, fields=fields, figures=figures, by=by, now=DURING)
    return submit_entry(entry=entry, by=by, now=DURING) if sent else entry


def make_juror(call: Call, person: User | None = None) -> Juror:
    return add_juror(call=call, person=person or make_user(f"juror{next(_numbers)}"), by=None)


def hand_in(sheet: Sheet, value: int, *, now: dt.datetime = SCORING) -> Sheet:
    values = dict.fromkeys(sheet.juror.call.criteria.values_list("pk", flat=True), value)
    return save_sheet(sheet=sheet, values=values, note="", hand_in=True, now=now)


def scored(call: Call, units: list[Unit], *, scores: dict[int, int] | None = None) -> Call:
    """The call with an entry of each unit, two jurors, all sheets handed in and the scores unsealed: the first unit's is
    the best. `scores`: by place in `units`."""
    entries = [make_entry(call=call, unit=unit) for unit in units]
    close_call(call=call, by=None, now=CLOSES)
    for _ in range(2):
        make_juror(call)
    begin_scoring(call=call, by=None, now=SCORING)
    wanted = {entry.pk: (scores or {}).get(n, 9 - n) for n, entry in enumerate(entries)}
    for sheet in Sheet.objects.filter(juror__call=call).select_related("juror__call"):
        hand_in(sheet, wanted[sheet.entry_id])
    return end_scoring(call=call, by=None, now=LATER)
