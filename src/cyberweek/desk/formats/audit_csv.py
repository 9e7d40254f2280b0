"""The audit trail as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from typing import Any, Final
from zoneinfo import ZoneInfo

from cyberweek.kernel.core.cells import neutral
from cyberweek.kernel.models import AuditEvent

HEADER: Final = ["at", "person", "username", "act", "kind", "key", "thing", "before", "after", "reason"]
BOM: Final = "\ufeff"  # so that spreadsheets read UTF-8


def written(events: Iterable[AuditEvent], zone: ZoneInfo) -> str:
    """A row for each event, times with their offset in `zone`, every cell neutral."""
    out = io.StringIO()
    out.write(BOM)
    rows = csv.writer(out)
    rows.writerow(HEADER)
    for event in events:
        actor = event.actor
        rows.writerow(
            neutral(cell)
            for cell in (
                event.at.astimezone(zone).isoformat(timespec="seconds"),
                actor.name if actor else "",
                actor.username if actor else "",
                event.verb,
                event.noun,
                event.key,
                str(event.called),
                _json(event.before),
                _json(event.after),
                event.reason,
            )
        )
    return out.getvalue()


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if value else ""
