"""Each morning: who is reminded of what, what goes one level up, and one mail a person.

Everything is set by the day it belongs to, and the database refuses the same notice twice: a job that runs again, late,
or twice at once adds nothing.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cyberweek.accounts.models import User
from cyberweek.editions.enums import Stage
from cyberweek.editions.models import Edition
from cyberweek.editions.queries import today_in
from cyberweek.kernel.jobs import send_mail_to
from cyberweek.planning.core.deadlines import EVERY, FIRST_LATE, GIVEN_UP, LATE, SOON
from cyberweek.planning.enums import NoticeKind
from cyberweek.planning.models import Notice

if TYPE_CHECKING:
    from collections.abc import Sequence

MORNING: Final = 7  # o'clock in the edition's zone
LISTED: Final = 20  # tasks named in one mail
_AT_ONCE: Final = 200  # people in one transaction

# The reminder that holds on a day, as `core.deadlines.reminder_on` says it.
_PRESSING: Final = """
    pressing AS MATERIALIZED (
        SELECT t.id, t.unit_id, t.accountable_id, t.due, %(day)s::date - t.due AS late
        FROM planning_task t
        WHERE t.edition_id = %(edition)s AND t.state IN ('todo', 'doing', 'blocked')
            AND t.due BETWEEN %(day)s::date - %(given_up)s::int AND %(day)s::date + %(soon)s::int
    )"""

_REMIND: Final = f"""
WITH {_PRESSING},
    meant AS (
        SELECT id, unit_id, accountable_id,
            CASE WHEN late < 0 THEN 'soon' WHEN late = 0 THEN 'due' ELSE 'overdue' END AS kind,
            CASE WHEN late < -%(last)s::int THEN due - %(soon)s::int
                WHEN late < 0 THEN due - %(last)s::int
                WHEN late = 0 THEN due
                WHEN late < %(late)s::int THEN due + %(first)s::int
                ELSE %(day)s::date - (late - %(late)s::int) %% %(every)s::int END AS day
        FROM pressing
    ),
    who AS (
        SELECT m.id, m.kind, m.day, m.accountable_id AS person_id FROM meant m
        JOIN accounts_user u ON u.id = m.accountable_id AND u.is_active
        UNION
        SELECT m.id, m.kind, m.day, p.person_id FROM meant m
        JOIN regions_post p ON p.unit_id = m.unit_id AND 'coordinator' = ANY (p.roles)
        JOIN accounts_user u ON u.id = p.person_id AND u.is_active
        WHERE NOT EXISTS (SELECT FROM accounts_user a WHERE a.id = m.accountable_id AND a.is_active)
    ),
    told AS (
        INSERT INTO planning_notice (person_id, task_id, kind, day, at)
        SELECT person_id, id, kind, day, %(at)s FROM who ON CONFLICT DO NOTHING RETURNING 1
    )
SELECT count(*) FROM told"""  # noqa: S608 -- our own constants

# Up the line of units: one level when it has been late for three days, one more each week. A level without a
# coordinator is passed over: it goes to the next above that has one.
_ESCALATE: Final = f"""
WITH {_PRESSING},
    gone_up AS (
        SELECT p.id, u.ancestry, 1 + (p.late - %(late)s::int) / %(every)s::int AS up,
            %(day)s::date - (p.late - %(late)s::int) %% %(every)s::int AS day
        FROM pressing p JOIN regions_unit u ON u.id = p.unit_id
        WHERE p.late >= %(late)s::int AND cardinality(u.ancestry) > 1 + (p.late - %(late)s::int) / %(every)s::int
    ),
    led AS MATERIALIZED (
        SELECT p.unit_id, p.person_id FROM regions_post p JOIN accounts_user u ON u.id = p.person_id AND u.is_active
        WHERE 'coordinator' = ANY (p.roles)
    ),
    lines AS MATERIALIZED (
        SELECT ancestry, up, (
            SELECT a.unit FROM unnest(ancestry) WITH ORDINALITY AS a(unit, at)
            WHERE a.at <= cardinality(ancestry) - up AND EXISTS (SELECT FROM led WHERE led.unit_id = a.unit)
            ORDER BY a.at DESC LIMIT 1
        ) AS unit_id
        FROM (SELECT DISTINCT ancestry, up FROM gone_up) AS each
    ),
    told AS (
        INSERT INTO planning_notice (person_id, task_id, kind, day, at)
        SELECT DISTINCT led.person_id, g.id, 'escalated', g.day, %(at)s::timestamptz
        FROM gone_up g JOIN lines USING (ancestry, up) JOIN led ON led.unit_id = lines.unit_id
        ON CONFLICT DO NOTHING RETURNING task_id
    ),
    happened AS (
        INSERT INTO planning_taskevent (task_id, kind, at, by_id, text, progress, before, after)
        SELECT DISTINCT g.id, 'escalated', %(at)s::timestamptz, NULL::bigint, '', t.progress, '{{}}'::jsonb,
            jsonb_build_object('unit', lines.unit_id)
        FROM gone_up g JOIN lines USING (ancestry, up) JOIN planning_task t ON t.id = g.id
        WHERE g.id IN (SELECT task_id FROM told)
    )
SELECT count(*) FROM told"""  # noqa: S608 -- our own constants


@transaction.atomic
def remind(*, edition: Edition, now: dt.datetime) -> dict[str, int]:
    """Leave the notices of this day in one edition. How many reminders and how many that went up were new."""
    values: dict[str, Any] = {
        "edition": edition.pk, "day": today_in(edition, now=now), "at": now, "soon": SOON[0], "last": SOON[-1],
        "first": FIRST_LATE, "late": LATE, "every": EVERY, "given_up": GIVEN_UP,
    }  # fmt: skip
    counts = {}
    with connection.cursor() as cursor:
        for name, sql in (("reminded", _REMIND), ("escalated", _ESCALATE)):
            cursor.execute(sql, values)
            counts[name] = int(cursor.fetchone()[0])
    return counts


def editions_to_remind() -> list[Edition]:
    """Editions whose tasks are still chased."""
    return list(Edition.objects.exclude(stage=Stage.ARCHIVED))


_CLAIM: Final = """
WITH due AS (
    SELECT DISTINCT n.person_id FROM planning_notice n
    LEFT JOIN planning_reader r ON r.person_id = n.person_id
    WHERE n.mailed_at IS NULL AND n.read_at IS NULL AND n.at > %(since)s
        AND coalesce(r.wants_mail, true) AND (r.mailed_on IS NULL OR r.mailed_on < %(day)s)
    ORDER BY n.person_id LIMIT %(n)s
)
INSERT INTO planning_reader (person_id, wants_mail, mailed_on)
SELECT person_id, true, %(day)s FROM due
ON CONFLICT (person_id) DO UPDATE SET mailed_on = excluded.mailed_on
    WHERE planning_reader.mailed_on IS NULL OR planning_reader.mailed_on < excluded.mailed_on
RETURNING person_id"""


def mail_digests(*, now: dt.datetime, day: dt.date) -> int:
    """One mail to everybody who has unread notices and no mail yet on this day. How many were queued."""
    sent = 0
    while people := _mail_some(now, day):
        sent += people
    return sent


@transaction.atomic
def _mail_some(now: dt.datetime, day: dt.date) -> int:
    """Who is claimed here is nobody else's; the claim and the queued mail are one transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"day": day, "since": now - dt.timedelta(days=7), "n": _AT_ONCE})
        claimed = [pk for (pk,) in cursor.fetchall()]
    rows = Notice.objects.filter(person__in=claimed, mailed_at=None, read_at=None).order_by("person_id", "-id")
    by_person: dict[int, list[Notice]] = {}
    for notice in rows.select_related("task__unit", "task__edition").defer("task__what", "task__deliverables"):
        by_person.setdefault(notice.person_id, []).append(notice)
    for person in User.objects.filter(pk__in=by_person):
        _send(person, by_person[person.pk])
    rows.update(mailed_at=now)
    return len(claimed)


def _send(person: User, notices: Sequence[Notice]) -> None:
    n = len(notices)
    send_mail_to(
        person,
        lambda: ngettext("%(n)d task wants you", "%(n)d tasks want you", n) % {"n": n},
        lambda: _text(notices),
    )


def _text(notices: Sequence[Notice]) -> str:
    lines = []
    order = list(NoticeKind.values)
    for notice in sorted(notices, key=lambda one: (-order.index(one.kind), one.task.due))[:LISTED]:
        task = notice.task
        values = {"why": notice.get_kind_display(), "title": task.title, "unit": task.unit, "day": task.due.isoformat()}
        lines.append(_("%(why)s: %(title)s (%(unit)s), due %(day)s") % values)
        lines.append(f"{_site()}/desk/{task.edition.slug}/tasks/{task.pk}/")
    if len(notices) > LISTED:
        lines.append(_("and %(n)d more at the desk") % {"n": len(notices) - LISTED})
    lines += ["", _("These mails can be turned off at the desk, under Tasks, Notices.")]
    return "\n".join(lines)


def _site() -> str:
    return str(settings.PUBLIC_URL)
