"""What was decided, or has to be done against a risk, becomes a task of the unit: once."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from cyberweek.editions.models import Edition
from cyberweek.editions.queries import today_in
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.planning.actions.tasks import add_task
from cyberweek.planning.models import Task
from cyberweek.regions.models import Unit

if TYPE_CHECKING:
    from cyberweek.accounts.models import User


def make_task(
    *, edition: Edition, unit: Unit, title: LocalizedText, what: LocalizedText, due: dt.date, accountable: User | None,
    by: User | None, now: dt.datetime,
) -> Task:  # fmt: skip
    """A task of the unit's own, in the caller's transaction, that begins today. `what` says where it comes from."""
    fields = {
        "title": title, "what": what, "begins": min(today_in(edition, now=now), due), "due": due, "accountable": accountable
    }  # fmt: skip
    return add_task(edition=edition, unit=unit, fields=fields, by=by, now=now)
