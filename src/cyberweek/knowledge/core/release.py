"""A release: everything that the arena needs to hold one contest, frozen, named by the hash of its bytes.

`seal` is the only way to make one and `open_pack` the only way to read one. Bytes are canonical JSON (keys sorted, no
spaces, UTC instants), so that the same contents always have the same hash.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Annotated, Final, Literal
from zoneinfo import ZoneInfo

import msgspec

Language = Literal["en", "zh-Hans"]
LANGUAGES: Final[tuple[Language, ...]] = ("zh-Hans", "en")
Text = dict[Language, str]
Count = Annotated[int, msgspec.Meta(ge=1)]
CODE: Final = r"^[a-z0-9]+(-[a-z0-9]+)*\Z"
Code = Annotated[str, msgspec.Meta(pattern=CODE, max_length=64)]

MAX_ITEMS: Final = 60  # a bit each in a 64-bit signed column of the ledger
MAX_OPTIONS: Final = 8  # letters a to h on a sheet


class ReleaseRefusedError(ValueError):
    """The pack contradicts itself; `reasons` says where."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


class Option(msgspec.Struct, frozen=True):
    id: Code
    text: Text


class Reference(msgspec.Struct, frozen=True, omit_defaults=True):
    kind: Literal["law", "guide"]
    title: Text
    version: str | None = None
    article: str | None = None
    section: str | None = None


class Item(msgspec.Struct, frozen=True):
    id: Code
    topic: Code
    kind: Literal["single", "multiple", "true-false"]
    stem: Text
    options: list[Option]
    key: list[str]
    explanation: Text
    reference: Reference


class Quota(msgspec.Struct, frozen=True):
    topic: Code
    count: Count


class Group(msgspec.Struct, frozen=True):
    """A school or a company of a team contest, or of a closed one: who has its code plays for it."""

    id: Code
    name: Text
    code_sha256: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")] | None = None
    """None when it takes nobody in any more; its name stays for the boards."""


class PerRegion(msgspec.Struct, frozen=True):
    level: Literal["province", "city", "county"]
    count: Count


class Stage(msgspec.Struct, frozen=True):
    """Who may play: of each region the best `count`, and the best `top` of all others (`core.promotion`)."""

    after: Code
    top: Annotated[int, msgspec.Meta(ge=0)]
    per_region: PerRegion | None = None
    reserve: Annotated[int, msgspec.Meta(ge=0)] = 0


class Draw(msgspec.Struct, frozen=True):
    """Prizes drawn among those whose best paper (of the day, or of all) reaches what is needed."""

    every: Literal["day", "contest"]
    needs: Literal["all-right"] | Count
    prizes: Count


Form = Literal["paper", "endless", "until-right"]


class Pack(msgspec.Struct, frozen=True, kw_only=True):
    contest: Code
    number: Count
    title: Text
    opens: datetime
    closes: datetime
    zone: str
    items: Count
    minutes: Count
    grace_seconds: Annotated[int, msgspec.Meta(ge=0)]
    attempts_per_day: Count
    points: Count
    blueprint: list[Quota]
    bank: list[Item]
    draw_salt: Annotated[str, msgspec.Meta(min_length=16)]
    practice: bool = False
    form: Form = "paper"
    attempts_in_all: Count | None = None
    groups: list[Group] = []
    closed: bool = False
    team_minimum: Count | None = None
    """How many members a team needs before it is ranked by the average of their best papers; None ranks no teams."""
    stage: Stage | None = None
    admitted: list[str] | None = None
    draw: Draw | None = None

    def local_day(self, at: datetime) -> date:
        """The contest's own calendar day: attempts are counted by it and papers are drawn for it."""
        return at.astimezone(ZoneInfo(self.zone)).date()


class SealedRelease(msgspec.Struct, frozen=True):
    pack: bytes
    sha256: str


_decoder: Final = msgspec.json.Decoder(Pack)


def seal(pack: Pack) -> SealedRelease:
    """Checks the pack as a whole and freezes it; raises ReleaseRefusedError with every reason at once."""
    try:
        msgspec.convert(msgspec.to_builtins(pack), Pack)  # a Struct made in code has not been validated
    except msgspec.ValidationError as error:
        raise ReleaseRefusedError([str(error)]) from error
    if reasons := list(_faults(pack)):
        raise ReleaseRefusedError(reasons)
    utc = msgspec.structs.replace(pack, opens=pack.opens.astimezone(UTC), closes=pack.closes.astimezone(UTC))
    data = msgspec.json.encode(utc, order="deterministic")
    return SealedRelease(pack=data, sha256=hashlib.sha256(data).hexdigest())


def open_pack(data: bytes, sha256: str) -> Pack:
    """Reads a sealed pack back; raises ReleaseRefusedError when a byte of it has changed."""
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ReleaseRefusedError(["the pack is not the one that was sealed: its hash differs"])
    return _decoder.decode(data)


def _faults(pack: Pack) -> Iterator[str]:
    yield from _faults_of_times(pack)
    yield from _untranslated("title", pack.title)
    yield from _faults_of_blueprint(pack)
    yield from _faults_of_terms(pack)
    for code, times in Counter(item.id for item in pack.bank).items():
        if times > 1:
            yield f"item {code} is in the bank {times} times"
    for item in pack.bank:
        for fault in _faults_of_item(item):
            yield f"item {item.id}: {fault}"


def _faults_of_blueprint(pack: Pack) -> Iterator[str]:
    if pack.items > MAX_ITEMS:
        yield f"a paper has at most {MAX_ITEMS} items, not {pack.items}"
    planned = sum(quota.count for quota in pack.blueprint)
    if planned != pack.items:
        yield f"the blueprint draws {planned} items, the paper has {pack.items}"
    held = Counter(item.topic for item in pack.bank)
    for topic, times in Counter(quota.topic for quota in pack.blueprint).items():
        if times > 1:
            yield f"topic {topic} is in the blueprint {times} times"
    for quota in pack.blueprint:
        if held[quota.topic] < quota.count:
            yield f"topic {quota.topic} needs {quota.count} items, the bank has {held[quota.topic]}"


def _faults_of_terms(pack: Pack) -> Iterator[str]:
    """What `core.contests` refuses with its place in the form, once more for packs that are made elsewhere."""
    for group in pack.groups:
        yield from _untranslated(f"group {group.id}", group.name)
    hashes = [group.code_sha256 for group in pack.groups if group.code_sha256]
    if len({group.id for group in pack.groups}) < len(pack.groups) or len(set(hashes)) < len(hashes):
        yield "two groups have the same id or the same code"
    if not pack.groups and (pack.closed or pack.team_minimum):
        yield "a closed contest and one of teams need groups"
    if pack.attempts_in_all is not None and pack.attempts_in_all < pack.attempts_per_day:
        yield "more attempts are allowed on a day than in all"
    if pack.stage and not (pack.stage.top or pack.stage.per_region):
        yield "the stage promotes nobody"
    if pack.stage and pack.stage.after == pack.contest:
        yield "the stage follows itself"
    if pack.admitted is not None and (pack.stage is None or len(set(pack.admitted)) < len(pack.admitted)):
        yield "the list of those admitted belongs to no stage, or names somebody twice"
    if pack.draw and pack.draw.needs == "all-right" and pack.form == "endless":
        yield "an endless run is not all right at its end"
    elif pack.draw and pack.draw.needs != "all-right" and pack.draw.needs > pack.items * pack.points:
        yield "the draw needs more points than a paper has"


def _faults_of_times(pack: Pack) -> Iterator[str]:
    if pack.opens.tzinfo is None or pack.closes.tzinfo is None:
        yield "opens and closes must be instants with an offset"
    elif pack.opens >= pack.closes:
        yield "the contest closes before it opens"
    try:
        ZoneInfo(pack.zone)
    except (OSError, ValueError, KeyError):  # ZoneInfo's own error is a KeyError; a folder's name is an OSError
        yield f"{pack.zone!r} is no time zone"


def _faults_of_item(item: Item) -> Iterator[str]:
    ids = [option.id for option in item.options]
    yield from _untranslated("stem", item.stem)
    yield from _untranslated("explanation", item.explanation)
    yield from _untranslated("reference", item.reference.title)
    for option in item.options:
        yield from _untranslated(f"option {option.id}", option.text)
    if len(set(ids)) != len(ids):
        yield "two options have the same id"
    if not 2 <= len(ids) <= MAX_OPTIONS:
        yield f"needs 2 to {MAX_OPTIONS} options, has {len(ids)}"
    if item.kind == "true-false" and len(ids) != 2:
        yield "a true-false item has two options"
    if not item.key or len(set(item.key)) != len(item.key):
        yield "the key is empty or repeats an option"
    if item.kind != "multiple" and len(item.key) > 1:
        yield f"a {item.kind} item has one right option, the key names {len(item.key)}"
    for option_id in item.key:
        if option_id not in ids:
            yield f"the key names {option_id!r}, which is not an option"


def _untranslated(what: str, text: Text) -> Iterator[str]:
    for language in LANGUAGES:
        if not re.search(r"\S", text.get(language, "")):
            yield f"{what} has no {language} text"
