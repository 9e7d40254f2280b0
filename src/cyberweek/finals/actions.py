"""Writes of finals. All that happens on stage goes through `_append`: one event, checked by the fold, under the row's lock."""

from __future__ import annotations

import datetime as dt
import hashlib
import random
import re
import secrets
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import msgspec
from django.db import IntegrityError, transaction

from cyberweek.editions.models import Edition
from cyberweek.kernel.actions import record
from cyberweek.knowledge.core.release import CODE
from cyberweek.knowledge.models import Contest
from cyberweek.regions.models import Unit

from . import queries
from .core.buzzers import credit_of, with_sample
from .core.events import STEPS, Event, last_step
from .core.final import EventRefusedError, points_of, state_of
from .core.rules import Fault, Round, Rules, faults_of
from .core.state import State
from .enums import FinalFault, FinalState, Refusal
from .models import Final as FinalRow
from .models import FinalEvent, Team
from .queries import Frozen, Standing, standing_of

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is read as something else
RESERVED: Final = frozenset({"new"})


class FinalRefusedError(Exception):
    """The rules cannot stand."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = list(faults)
        super().__init__(" ".join(FinalFault.say(fault.reason, fault.params) for fault in self.faults))


class RefusedError(Exception):
    """What was asked for may not happen now."""

    def __init__(self, reason: Refusal) -> None:
        self.reason = reason
        super().__init__(reason.value)


# -- Before the show --


@transaction.atomic
def create_final(
    *, edition: Edition, owner: Unit, slug: str, title: Mapping[str, str], contest: Contest | None,
    starts: dt.datetime, rules: Rules, teams: Sequence[str], by: User | None,
) -> FinalRow:  # fmt: skip
    """Add a final as a draft, with a code for each team. Raises FinalRefusedError."""
    faults = faults_of(rules, teams, queries.count_for(owner, contest))
    if slug in RESERVED:
        faults.append(Fault("slug", "reserved-slug", {"slug": slug}))
    elif not re.fullmatch(CODE, slug):
        faults.append(Fault("slug", "odd-slug", {}))
    _refuse(faults)
    final = FinalRow(edition=edition, owner=owner, slug=slug)
    try:
        with transaction.atomic():
            _write(final, title=title, contest=contest, starts=starts, rules=rules)
    except IntegrityError as error:
        if FinalRow.objects.filter(edition=edition, slug=slug).exists():
            raise FinalRefusedError([Fault("slug", "taken-slug", {"slug": slug})]) from error
        raise
    _seat(final, teams)
    record(actor=by, verb="final.create", thing=final, unit=owner.pk, after={"rules": final.rules, "teams": [*teams]})
    return final


@transaction.atomic
def edit_final(
    *, final: FinalRow, title: Mapping[str, str], contest: Contest | None, starts: dt.datetime, rules: Rules,
    teams: Sequence[str], by: User | None,
) -> FinalRow:  # fmt: skip
    """Change a draft. Teams that keep their name keep their code. Raises FinalRefusedError."""
    final = _locked(final)
    faults = faults_of(rules, teams, queries.count_for(final.owner, contest))
    if final.state != FinalState.DRAFT:
        faults = [Fault("rounds", "not-draft", {})]
    _refuse(faults)
    before = {"rules": final.rules, "teams": [team.name for team in final.teams.all()]}
    _write(final, title=title, contest=contest, starts=starts, rules=rules)
    _seat(final, teams)
    after = {"rules": final.rules, "teams": [*teams]}
    record(actor=by, verb="final.edit", thing=final, unit=final.owner_id, before=before, after=after)
    return final


@transaction.atomic
def renew_code(*, team: Team, by: User | None) -> Team:
    """A new code: every phone that joined with the old one is out."""
    team.code, team.device, team.round_trips, team.echoed = _fresh_code(), None, [], 0
    team.save(update_fields=["code", "device", "round_trips", "echoed"])
    final = team.final
    record(actor=by, verb="final.renew_code", thing=final, unit=final.owner_id, after={"team": team.name})
    return team


@transaction.atomic
def open_final(*, final: FinalRow, by: User | None, now_ms: int) -> FinalRow:
    """Draw and freeze the items; from now on the teams can join and the host leads. Raises FinalRefusedError."""
    final = _locked(final)
    if final.state != FinalState.DRAFT:
        raise RefusedError(Refusal.OPEN_ALREADY)
    rules, names = final.ruled(), [team.name for team in final.teams.order_by("seat")]
    bank = queries.items_for(final.owner, final.contest)
    _refuse(faults_of(rules, names, len(bank)))
    seed = secrets.token_hex(16)
    items = random.Random(seed).sample(bank, rules.items)  # noqa: S311 -- a draw that can be repeated from its seed
    pack = msgspec.json.encode(Frozen(rules, names, items, seed), order="sorted")
    final.pack, final.sha256, final.state = pack, hashlib.sha256(pack).hexdigest(), FinalState.LIVE
    final.save(update_fields=["pack", "sha256", "state"])
    FinalEvent.objects.create(
        final=final, number=1, kind="opened", at=now_ms, data={"pack": final.sha256}, token=uuid.uuid4(), actor=by
    )
    record(actor=by, verb="final.open", thing=final, unit=final.owner_id, after={"sha256": final.sha256})
    return final


@transaction.atomic
def open_sample_final(*, edition: Edition, by: User | None, now: dt.datetime) -> FinalRow:
    """The final of a sample edition, open: six teams and the rounds of Ziyang 2025. Done before, it is given back as it
    is. Wants the bank that ships: raises FinalRefusedError when items are missing."""
    if found := FinalRow.objects.filter(edition=edition, slug="grand-final").first():
        return found
    rounds = (
        Round(kind="must", items=18), Round(kind="choose", items=8, right=20),
        Round(kind="buzzer", items=20, wrong=10, seconds=20),
        Round(kind="risk", items=6, values=(30, 50), seconds=60),
    )  # fmt: skip
    final = create_final(
        edition=edition, owner=edition.owner, slug="grand-final", contest=None, starts=now, rules=Rules(rounds=rounds),
        title={"zh-Hans": "网络安全知识竞赛总决赛", "en": "Grand final of the knowledge contest"},
        teams=["红队", "橙队", "黄队", "绿队", "蓝队", "紫队"], by=by,
    )  # fmt: skip
    return open_final(final=final, by=by, now_ms=int(now.timestamp() * 1000))


# -- The host --


def take_step(
    *, final: FinalRow, kind: str, given: Mapping[str, Any], token: uuid.UUID, step: int, by: User, now_ms: int
) -> Standing:
    """Do one step of the host, who has seen everything up to `step`. The same `token` again does nothing new.

    Raises RefusedError: when the step does not follow, or another host was faster.
    """
    if kind not in STEPS | {"undone", "chosen", "answer"}:
        raise RefusedError(Refusal.MALFORMED)

    def told(standing: Standing) -> dict[str, Any]:
        if standing.step != step:
            raise RefusedError(Refusal.CONFLICT)
        return _data_of(kind, standing, given)

    return _append(final, kind=kind, data=told, token=token, now_ms=now_ms, by=by)


def _data_of(kind: str, standing: Standing, given: Mapping[str, Any]) -> dict[str, Any]:
    """What the event says: mostly what follows from where the final stands, the rest from the host."""
    state = standing.state
    plain: dict[str, Callable[[], dict[str, Any]]] = {
        "shown": lambda: {"item": state.item_to_come()},
        "judged": lambda: {"results": state.verdict() if state.stage == "answering" else []},
        "closed": lambda: {"round": state.round},
        "undone": lambda: {"target": step.number if (step := last_step(standing.events)) else 0},
        "tiebreak": lambda: {"teams": list(state.ties()[0]) if state.ties() else []},
        "screen": lambda: {"show": str(given.get("show", ""))},
        "overruled": lambda: _overruling(state, given),
        "answer": lambda: _spoken(state, given),
        "chosen": lambda: _choice(state, state.in_turn or 0, given),
    }
    try:
        return plain.get(kind, dict)()
    except (KeyError, TypeError, ValueError) as error:
        raise RefusedError(Refusal.MALFORMED) from error


def _overruling(state: State, given: Mapping[str, Any]) -> dict[str, Any]:
    team, right = int(given["team"]), bool(given["right"])
    item = int(given["item"]) if "item" in given else -1 if state.item is None else state.item
    mark = next((mark for mark in state.marks if mark.item == item and mark.team == team), None)
    if mark is None:
        raise RefusedError(Refusal.NOT_JUDGED)
    reason = " ".join(str(given.get("reason", "")).split())
    return {
        "item": item, "team": team, "right": right, "points": points_of(state, mark, right=right), "reason": reason,
    }  # fmt: skip


def _spoken(state: State, given: Mapping[str, Any]) -> dict[str, Any]:
    """An answer that the team said aloud and the host entered."""
    team = int(given["team"]) if given.get("team") else next(iter(state.responders), 0)
    return {"team": team, "options": _options(given), "arrived": 0, "credit": 0, "spoken": True}


def _options(given: Mapping[str, Any]) -> list[str]:
    options = given["options"]
    if not isinstance(options, list) or not 0 < len(options) <= 8 or not all(isinstance(one, str) for one in options):
        raise RefusedError(Refusal.NO_OPTION)
    return [str(one)[:64] for one in options]


def _choice(state: State, team: int, given: Mapping[str, Any]) -> dict[str, Any]:
    name = "value" if state.rule.kind == "risk" else "number"
    return {"team": team, name: int(given[name])}


# -- The teams --


@transaction.atomic
def join_team(*, final: FinalRow, code: str, now_ms: int) -> Team:
    """Make a new phone the one that plays for the team of this code. Raises RefusedError."""
    typed = re.sub(r"[\s-]", "", code).upper()[:20]
    team = final.teams.select_for_update().filter(code=typed).first()
    if team is None:
        raise RefusedError(Refusal.NO_CODE)
    team.device, team.round_trips, team.echoed, team.seen = uuid.uuid4(), [], 0, now_ms
    team.save(update_fields=["device", "round_trips", "echoed", "seen"])
    return team


@transaction.atomic
def keep_echo(*, team: Team, nonce: str, received: int) -> bool:
    """Take one measurement of a phone's round trip; False for an echo that proves nothing."""
    team = Team.objects.select_for_update().get(pk=team.pk)
    sent = queries.sent_at(nonce, team)
    if sent is None:
        return False
    samples = with_sample(team.round_trips, sent=sent, received=received, last_sent=team.echoed)
    team.seen = max(team.seen, received)
    if samples is not None:
        team.round_trips, team.echoed = samples, sent
    team.save(update_fields=["round_trips", "echoed", "seen"])
    return samples is not None


def press_buzzer(*, final: FinalRow, team: Team, item: str, token: uuid.UUID, arrived: int, now_ms: int) -> Standing:
    """A team's buzz for the item that its phone shows; `arrived` is when the request came in. Raises RefusedError."""

    def told(standing: Standing) -> dict[str, Any]:
        _refuse_stale(standing.state, item)
        teams = list(standing.final.teams.all())
        mine = next(one for one in teams if one.pk == team.pk)
        wait = queries.largest_credit(teams, apart_from=mine)
        return {"team": team.seat, "arrived": arrived, "credit": credit_of(mine.round_trips), "wait": wait}

    return _append(final, kind="buzz", data=told, token=token, now_ms=now_ms)


def give_answer(
    *, final: FinalRow, team: Team, item: str, options: Any, token: uuid.UUID, arrived: int, now_ms: int
) -> Standing:
    """A team's answer, one an item. Raises RefusedError."""

    def told(standing: Standing) -> dict[str, Any]:
        _refuse_stale(standing.state, item)
        credit = credit_of(Team.objects.get(pk=team.pk).round_trips)
        given = _options({"options": options})
        return {"team": team.seat, "options": given, "arrived": arrived, "credit": credit, "spoken": False}

    return _append(final, kind="answer", data=told, token=token, now_ms=now_ms)


def make_choice(*, final: FinalRow, team: Team, given: Mapping[str, Any], token: uuid.UUID, now_ms: int) -> Standing:
    """The number or the stake that the team in turn takes. Raises RefusedError."""

    def told(standing: Standing) -> dict[str, Any]:
        try:
            return _choice(standing.state, team.seat, given)
        except (KeyError, TypeError, ValueError) as error:
            raise RefusedError(Refusal.MALFORMED) from error

    return _append(final, kind="chosen", data=told, token=token, now_ms=now_ms)


def settle(*, final: FinalRow, now_ms: int) -> Standing:
    """Say who buzzed first, once that is certain. Every reader of a final calls this: whoever comes first does it."""
    standing = standing_of(final)
    due = standing.state.award_due()
    if due is None or now_ms < due:
        return standing

    def told(latest: Standing) -> dict[str, Any]:
        due = latest.state.award_due()
        if due is None or now_ms < due:
            raise RefusedError(Refusal.NOT_NOW)
        team, tied = latest.state.winner()
        return {"team": team, "drawn": tied if len(tied) > 1 else []}

    try:
        return _append(final, kind="awarded", data=told, token=uuid.uuid4(), now_ms=now_ms)
    except RefusedError:
        return standing_of(final)


# -- What they share --


@transaction.atomic
def _append(
    final: FinalRow, *, kind: str, data: Callable[[Standing], dict[str, Any]], token: uuid.UUID, now_ms: int,
    by: User | None = None,
) -> Standing:  # fmt: skip
    """Add one event. A token that was used before adds nothing and gets where the final stands now."""
    final = _locked(final)
    if final.state == FinalState.DRAFT:
        raise RefusedError(Refusal.NOT_OPEN)
    standing = standing_of(final)
    if FinalEvent.objects.filter(final=final, token=token).exists():
        return standing
    at = max(now_ms, standing.events[-1].at)
    told = data(standing)
    event = msgspec.convert({"number": standing.number + 1, "kind": kind, "at": at, "data": told}, Event)
    try:
        state = state_of(queries.setup_of(final), [*standing.events, event])
    except EventRefusedError as refused:
        raise RefusedError(Refusal(refused.reason)) from refused
    FinalEvent.objects.create(
        final=final, number=event.number, kind=kind, at=at, data=event.data, token=token, actor=by
    )
    over = FinalState.OVER if state.stage == "over" else FinalState.LIVE
    if final.state != over:
        final.state = over
        final.save(update_fields=["state"])
    if kind in {"overruled", "finished", "undone"}:
        record(actor=by, verb=f"final.{kind}", thing=final, unit=final.owner_id, after=event.data)
    return Standing(final, [*standing.events, event], state)


def _refuse_stale(state: State, item: str) -> None:
    if state.item is None or state.setup.items[state.item].id != item:
        raise RefusedError(Refusal.STALE)


def _locked(final: FinalRow) -> FinalRow:
    return FinalRow.objects.select_for_update(of=("self",)).select_related("owner", "edition").get(pk=final.pk)


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        raise FinalRefusedError(faults)


def _write(
    final: FinalRow, *, title: Mapping[str, str], contest: Contest | None, starts: dt.datetime, rules: Rules
) -> None:
    final.title, final.contest, final.starts = dict(title), contest, starts
    final.rules = msgspec.to_builtins(rules)
    final.save()


def _seat(final: FinalRow, names: Sequence[str]) -> None:
    """Seat the teams in this order. Who stays keeps its code."""
    codes = dict(final.teams.values_list("name", "code"))
    final.teams.all().delete()
    Team.objects.bulk_create(
        Team(final=final, seat=seat, name=name, code=codes.get(name) or _fresh_code())
        for seat, name in enumerate(names, 1)
    )


def _fresh_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(8))
