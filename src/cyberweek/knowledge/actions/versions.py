from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db.models import Max

from cyberweek.knowledge.models import Contest, ResultVersion
from cyberweek.knowledge.queries.rulings import present_result

if TYPE_CHECKING:
    from uuid import UUID

    from cyberweek.knowledge.enums import RulingKind


def keep_result(
    *,
    contest: Contest,
    ruling: UUID,
    kind: RulingKind,
    reason: str,
    now: dt.datetime,
    changed: dict[str, Any] | None = None,
) -> ResultVersion:
    """Keep the result as it stands, in the caller's transaction, which holds the contest's row."""
    result = present_result(contest)
    last = ResultVersion.objects.filter(contest=contest).aggregate(last=Max("number"))["last"]
    return ResultVersion.objects.create(
        contest=contest, number=(last or 0) + 1, ruling=ruling, kind=kind, reason=reason, changed=changed or {}, at=now,
        **result._asdict(),
    )  # fmt: skip
