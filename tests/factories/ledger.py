"""Papers in the ledger, as the arena would have written them."""

from __future__ import annotations

import datetime as dt
import uuid

import msgspec
from django.conf import settings
from django.db import connection

from cyberweek.knowledge.core.chain import GENESIS, Entry, Tree, chain_head, signing_key
from cyberweek.knowledge.core.marking import Marker
from cyberweek.knowledge.models import Contest
from cyberweek.knowledge.queries import current_pack
from cyberweek.passport.core.passports import Passport, PassportOffice
from cyberweek.passport.models import Participant
from cyberweek.regions.models import Region

from .knowledge import NOW

DAY = "2019-09-19"


def make_participant(region: Region, nickname: str = "小明") -> Participant:
    return Participant.objects.create(
        id=uuid.uuid4(), nickname=nickname, region=region, band="18-25", sector="education"
    )


def passport_of(participant: Participant, *, expires: dt.datetime | None = None) -> str:
    """The code that the participant's browser has."""
    until = int((expires or dt.datetime(2100, 1, 1, tzinfo=dt.UTC)).timestamp() * 1000)
    told = Passport(
        str(participant.id), participant.region_id, participant.band, participant.sector, participant.nickname, until
    )
    return PassportOffice(settings.SECRET_KEY).issue(told)


def write_batch(*entries: Entry) -> tuple[int, bytes]:
    """Number and head of a batch of these entries."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, head FROM ledger_batch ORDER BY number DESC LIMIT 1")
        last, head = cursor.fetchone() or (0, GENESIS)
        root = Tree([entry.line() for entry in entries]).root
        at_ms = entries[-1].at_ms
        new_head = chain_head(bytes(head), last + 1, len(entries), at_ms, root)
        signature = signing_key(settings.SECRET_KEY).sign(new_head)
        cursor.execute(
            "INSERT INTO ledger_batch (number, previous, size, at_ms, root, head, signature) VALUES (%s, %s, %s, %s, %s, %s, %s)",
            [last + 1, bytes(head), len(entries), at_ms, root, new_head, signature],
        )
        for position, entry in enumerate(entries):
            cursor.execute("SELECT ledger_open_day(%s)", [entry.day])
            row = [last + 1, position, *msgspec.structs.astuple(entry)]
            cursor.execute(f"INSERT INTO ledger_entry VALUES ({', '.join(['%s'] * len(row))})", row)
    return last + 1, new_head


def hand_in(
    contest: Contest, participant: Participant, *, letter: str = "a", ordinal: int = 1, seconds: int = 60
) -> Entry:
    """A paper on the contest's current release, every item answered with this letter."""
    pack = current_pack(contest)
    marker = Marker(pack)
    at_ms = int(NOW.timestamp() * 1000) + ordinal * 1000
    start = Entry(
        "start",
        DAY,
        str(uuid.uuid4()),
        contest.slug,
        str(participant.id),
        participant.region_id,
        ordinal,
        pack.number,
        at_ms,
    )
    sheet = ",".join([letter] * pack.items)
    submit = msgspec.structs.replace(start, kind="submit", at_ms=at_ms + seconds * 1000, answers=sheet, seconds=seconds)
    answered, correct, score = marker.mark(submit)
    submit = msgspec.structs.replace(submit, answered=answered, correct=correct, score=score)
    write_batch(start)
    write_batch(submit)
    return submit


def count_on_board(contest: Contest, *entries: Entry) -> None:
    """What the standings would show of these papers, for the nation; read up to the newest batch."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE standing_progress SET batch = (SELECT max(number) FROM ledger_batch)")
        for entry in entries:
            cursor.execute(
                "INSERT INTO standing_entrant VALUES (%s, 'CN', %s, %s, %s, %s, %s)",
                [contest.slug, entry.participant, entry.score, entry.seconds, entry.at_ms, entry.attempt],
            )
        cursor.execute(
            "INSERT INTO standing_region VALUES (%s, 'CN', %s, %s)", [contest.slug, len(entries), len(entries)]
        )
