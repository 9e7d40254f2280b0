"""Reads of finals: whose they are, and where they stand."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from django.conf import settings
from django.db.models import Count, F, Func, Q, QuerySet

from cyberweek.finals.core.buzzers import credit_of
from cyberweek.finals.core.events import STEPS, Event, head_of
from cyberweek.finals.core.final import state_of
from cyberweek.finals.core.rules import Rules
from cyberweek.finals.core.state import Setup, State
from cyberweek.finals.enums import FinalState
from cyberweek.finals.models import Final, Team
from cyberweek.kernel.core.tokens import ForgedTokenError, Signer
from cyberweek.knowledge.core.release import Item
from cyberweek.knowledge.models import Contest
from cyberweek.knowledge.queries import bank_of, contests_visible_to, current_pack
from cyberweek.regions.models import Unit
from cyberweek.regions.queries import scope_of

if TYPE_CHECKING:
    from cyberweek.accounts.models import User
    from cyberweek.editions.models import Edition

PHONE_IS_THERE_MS = 12_000


class Frozen(msgspec.Struct, frozen=True):
    """What a final is held with, as its pack keeps it."""

    rules: Rules
    teams: list[str]
    items: list[Item]
    seed: str


class Phone(NamedTuple):
    """What a phone's signed token says."""

    final: int
    team: int
    code: str
    device: str


class Standing(NamedTuple):
    """A final's events and where they lead. `step` is the newest thing a host did: what the next one has to have seen."""

    final: Final
    events: list[Event]
    state: State

    @property
    def number(self) -> int:
        return len(self.events)

    @property
    def step(self) -> int:
        hosts = STEPS | {"opened", "undone"}
        return next((event.number for event in reversed(self.events) if event.kind in hosts), 0)

    @property
    def head(self) -> str:
        return head_of(self.final.slug, self.events)


def finals_visible_to(user: User) -> QuerySet[Final]:
    """Finals of the person's own branch and region, and those of the units above."""
    scope = scope_of(user)
    above = Unit.objects.filter(pk__in=scope.units).annotate(above=Func(F("ancestry"), function="unnest"))
    seen = scope.seeing("owner") | Q(owner__in=above.values("above"))
    return Final.objects.filter(seen).select_related("edition", "owner", "contest").defer("pack")


def finals_on_desk(user: User, edition: Edition) -> QuerySet[Final]:
    """An edition's finals that the person sees, by their start, with the number of teams."""
    found = finals_visible_to(user).filter(edition=edition)
    return found.annotate(team_count=Count("teams")).order_by("starts", "slug")


def finals_public(edition: Edition) -> QuerySet[Final]:
    """Finals that have been opened: those that the public may follow."""
    opened = Final.objects.filter(edition=edition).exclude(state=FinalState.DRAFT)
    return opened.select_related("edition", "owner").order_by("starts", "slug")


def contests_to_draw_from(user: User, edition: Edition) -> QuerySet[Contest]:
    """Contests whose released items a final may take."""
    return contests_visible_to(user).filter(edition=edition, state="published")


def items_for(owner: Unit, contest: Contest | None) -> list[Item]:
    """The items that a final may draw: those of the contest's current release, else the owner's ready bank."""
    if contest is None:
        return [item.content() for item in bank_of(owner).order_by("code")]
    pack = current_pack(contest)
    return sorted(pack.bank, key=lambda item: item.id) if pack else []


def count_for(owner: Unit, contest: Contest | None) -> int:
    """How many items `items_for` gives."""
    return bank_of(owner).count() if contest is None else len(items_for(owner, contest))


@lru_cache(maxsize=16)
def _setup(sha256: str, pack: bytes) -> Setup:  # noqa: ARG001 -- the hash is the key that is quick to compare
    frozen = msgspec.json.decode(pack, type=Frozen)
    return Setup(frozen.rules, tuple(frozen.teams), tuple(frozen.items), frozen.seed)


def setup_of(final: Final) -> Setup:
    """What was frozen at the opening."""
    assert final.pack is not None, "the final is a draft"
    return _setup(final.sha256, bytes(final.pack))


def standing_of(final: Final) -> Standing:
    """Where an opened final stands: one query (and one for the pack, where it was not read)."""
    events = [row.value() for row in final.events.order_by("number")]
    return Standing(final, events, state_of(setup_of(final), events))


def phones_of(final: Final, now_ms: int) -> list[dict[str, object]]:
    """Of each team: whether its phone is there, its round trips and its credit."""
    return [
        {
            "seat": team.seat,
            "there": now_ms - team.seen < PHONE_IS_THERE_MS,
            "joined": team.device is not None,
            "samples": len(team.round_trips),
            "roundTrip": sorted(team.round_trips)[len(team.round_trips) // 2] if team.round_trips else None,
            "credit": credit_of(team.round_trips),
        }
        for team in final.teams.order_by("seat")
    ]


def largest_credit(teams: Iterable[Team], *, apart_from: Team) -> int:
    """The most that any other phone of the final may be dated back."""
    return max((credit_of(team.round_trips) for team in teams if team.device and team.pk != apart_from.pk), default=0)


# -- What phones hold --


def _signer(purpose: str) -> Signer:
    return Signer(settings.SECRET_KEY, purpose)


def token_of(team: Team) -> str:
    """What the team's phone keeps: signed, void once the code is renewed."""
    return _signer("final phone").seal(f"{team.final_id} {team.pk} {team.code} {team.device}".encode())


def phone_of(token: str) -> Phone | None:
    """What a token says; None for one that is not ours."""
    try:
        final, team, code, device = _signer("final phone").open(token).decode().split(" ")
    except (ForgedTokenError, ValueError):
        return None
    return Phone(int(final), int(team), code, device)


def team_of(final: Final, token: str) -> tuple[Team, bool] | None:
    """The team whose phone this is, and whether it is the one that counts now; None for no team of this final."""
    phone = phone_of(token)
    if phone is None or phone.final != final.pk:
        return None
    team = final.teams.filter(pk=phone.team, code=phone.code).first()
    return (team, str(team.device) == phone.device) if team else None


def nonce_of(team: Team, now_ms: int) -> str:
    """What the phone has to send back at once: signed, with the moment of sending."""
    return _signer("final echo").seal(f"{team.pk} {team.device} {now_ms}".encode())


def sent_at(nonce: str, team: Team) -> int | None:
    """When a nonce was sent to this team's phone; None for one that was not."""
    try:
        pk, device, sent = _signer("final echo").open(nonce).decode().split(" ")
    except (ForgedTokenError, ValueError):
        return None
    return int(sent) if pk == str(team.pk) and device == str(team.device) else None
