"""Releases in memory, prepared: every fragment of an answer that does not depend on who asks is encoded once."""

import os
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from hashlib import blake2b
from typing import Any, Final

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from cyberweek.arena.problems import Problem
from cyberweek.knowledge.core.grading import Question
from cyberweek.knowledge.core.groups import code_sha256
from cyberweek.knowledge.core.marking import Marker, topic_masks
from cyberweek.knowledge.core.papers import Deck, Order, Paper
from cyberweek.knowledge.core.release import LANGUAGES, Item, Language, Pack, Stage, open_pack

NEW_RELEASES: Final = """
    SELECT id, contest, number, pack, sha256 FROM knowledge_release
    WHERE published IS NOT NULL AND NOT (id = ANY(%s))
"""


class Release:
    """A published pack, ready to hand out papers and verdicts."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.contest = pack.contest
        self.number = pack.number
        self.opens_ms = _to_ms(pack.opens)
        self.closes_ms = _to_ms(pack.closes)
        self.grace_ms = pack.grace_seconds * 1000
        self.deck = Deck(pack)
        self.max_score = pack.items * pack.points
        self.questions = [Question(item) for item in pack.bank]
        self.verdicts = {language: [_verdicts(item, language) for item in pack.bank] for language in LANGUAGES}
        self._shown = {language: _shower(pack, language) for language in LANGUAGES}
        self.topics = topic_masks(pack)
        self.endless = pack.form == "endless"
        self.until_right = pack.form == "until-right"
        self.counts_all_days = pack.attempts_in_all is not None or bool(pack.groups)
        self.hints = [(_hint(item, right=False), _hint(item, right=True)) for item in pack.bank]
        self._admitted = None if pack.stage is None else frozenset(pack.admitted or ())
        self._teams = {language: _teams(pack, language) for language in LANGUAGES}
        self._groups = {_blind(group.code_sha256): group.id for group in pack.groups if group.code_sha256}
        self._day_of_minute = _days(pack)

    @cached_property
    def marker(self) -> Marker:
        """For marking papers again: only a regrade needs it."""
        return Marker(self.pack)

    def local_day(self, at_ms: int) -> str:
        return self._day_of_minute(at_ms // 60_000)

    def days_until(self, at_ms: int) -> tuple[str, ...]:
        """Every local day from the opening to this instant: where earlier attempts may lie."""
        first, last = (date.fromisoformat(self.local_day(ms)) for ms in (min(self.opens_ms, at_ms), at_ms))
        return tuple((first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1))

    def admits(self, participant: str) -> bool:
        """Whether somebody was promoted to this stage; a contest that is no stage admits everybody."""
        return self._admitted is None or participant in self._admitted

    def told_team(self, team: str, language: Language) -> bytes:
        """A member of a paper's JSON, where the contest has groups: for which of them it is written."""
        return self._teams[language].get(team, b"")

    def group_of(self, code: str | None) -> str:
        """The group that a code lets into, "" without one where that is allowed."""
        if not self._groups or not code:
            if self.pack.closed:
                raise Problem("code-needed")
            return ""
        group = self._groups.get(_blind(code_sha256(code)))
        if group is None:
            raise Problem("wrong-code")
        return group

    def deadline_ms(self, started_ms: int) -> int:
        return min(started_ms + self.pack.minutes * 60_000, self.closes_ms)

    def show(self, paper: Paper, language: Language) -> bytes:
        """The paper's items as JSON, as the participant sees them: nothing in it tells the key."""
        shown = self._shown[language]
        return b",".join([shown(place, order) for place, order in zip(*paper, strict=True)])

    def summary(self, language: Language) -> dict[str, Any]:
        pack = self.pack
        return {
            "slug": pack.contest,
            "title": pack.title[language],
            "opens": pack.opens,
            "closes": pack.closes,
            "items": pack.items,
            "minutes": pack.minutes,
            "attempts_per_day": pack.attempts_per_day,
            "attempts_in_all": pack.attempts_in_all,
            "form": pack.form,
            "code": "needed" if pack.closed else "welcome" if pack.groups else None,
            "team_minimum": pack.team_minimum,
            "after": pack.stage.after if pack.stage else None,
        }


class Releases:
    """All published releases; a contest is held by its newest one, an open attempt by the one it started with."""

    def __init__(self) -> None:
        self._by_number: dict[tuple[str, int], Release] = {}
        self._newest: dict[str, Release] = {}
        self._seen: set[int] = set()
        self._loaded = False

    def __iter__(self) -> Iterator[Release]:
        return iter(self._newest.values())

    def __len__(self) -> int:
        return len(self._newest)

    def all(self) -> Sequence[Release]:
        return list(self._by_number.values())

    def newest(self, contest: str) -> Release:
        try:
            return self._newest[contest]
        except KeyError:
            if not self._loaded:  # there may well be such a contest
                raise Problem("not-ready", reason="the releases are not loaded yet") from None
            raise Problem("no-contest", contest=contest) from None

    def title(self, stage: Stage | None, language: Language) -> str:
        """The title of the contest that a stage follows."""
        after = stage.after if stage else ""
        return self._newest[after].pack.title[language] if after in self._newest else after

    def get(self, contest: str, number: int) -> Release | None:
        return self._by_number.get((contest, number))

    async def load(self, connection: AsyncConnection[TupleRow]) -> None:
        cursor = await connection.execute(NEW_RELEASES, [list(self._seen)])
        for id_, contest, number, data, sha256 in await cursor.fetchall():
            self._by_number[contest, number] = Release(open_pack(bytes(data), sha256))
            self._seen.add(id_)
        self._newest = {contest: self._by_number[contest, number] for contest, number in sorted(self._by_number)}
        self._loaded = True


def _days(pack: Pack) -> Callable[[int], str]:
    """The contest's day by the minute since 1970: zones differ from UTC by whole minutes, and change on one."""

    @lru_cache(maxsize=1024)
    def day(minute: int) -> str:
        return pack.local_day(datetime.fromtimestamp(minute * 60, UTC)).isoformat()

    return day


def _shower(pack: Pack, language: Language) -> Callable[[int, Order], bytes]:
    """Encodes an item with its options in this order; the orders of up to four options all stay in memory."""

    @lru_cache(maxsize=24 * len(pack.bank))
    def show(place: int, order: Order) -> bytes:
        item = pack.bank[place]
        options = [{"id": item.options[o].id, "text": item.options[o].text[language]} for o in order]
        return msgspec.json.encode({"id": item.id, "kind": item.kind, "stem": item.stem[language], "options": options})

    return show


def _verdicts(item: Item, language: Language) -> tuple[bytes, bytes]:
    """What a result says of this item, when it was wrong and when it was right."""
    reference = item.reference
    said = {
        "id": item.id,
        "correct": False,
        "key": item.key,
        "explanation": item.explanation[language],
        "reference": {
            "kind": reference.kind,
            "title": reference.title[language],
            "version": reference.version,
            "article": reference.article,
            "section": reference.section,
        },
    }
    return msgspec.json.encode(said), msgspec.json.encode(said | {"correct": True})


def _teams(pack: Pack, language: Language) -> dict[str, bytes]:
    told = {group.id: {"id": group.id, "name": group.name[language]} for group in pack.groups}
    return {team: b',"team":' + msgspec.json.encode(name) for team, name in told.items()}


def _hint(item: Item, *, right: bool) -> bytes:
    """What is said of an item while the paper may still be redone: nothing of the key."""
    return msgspec.json.encode({"id": item.id, "correct": right})


_BLINDING: Final = os.urandom(32)


def _blind(sha256: str) -> bytes:
    """Codes are looked up by this: how long the search takes tells nothing of them, however many groups there are."""
    return blake2b(bytes.fromhex(sha256), key=_BLINDING).digest()


def _to_ms(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)
