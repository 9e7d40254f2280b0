"""What the four screens fetch and send: the state as JSON or as a stream of it, and a team's presses."""

from __future__ import annotations

import time
import uuid
from collections.abc import AsyncIterator, Callable
from functools import wraps
from typing import Any, Final

import msgspec
from asgiref.sync import sync_to_async
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.editions.queries import editions_published

from . import actions, queries, rules
from .core import screens
from .enums import FinalState, Refusal
from .models import Final as FinalRow
from .models import Team
from .queries import Standing

COOKIE: Final = "cyberweek_final"
_PING_SECONDS: Final = 4.0
_FIRST_PINGS: Final = 5
"""So many round trips are measured in the first seconds, so that the first buzz is dated fairly."""
_PRESSES_A_SECOND: Final = 8
_BODY_LIMIT: Final = 4096
_DUE: Final = "due"
_STATUS: Final = {
    Refusal.NO_TEAM: 403, Refusal.NO_CODE: 404, Refusal.TOO_FAST: 429, Refusal.MALFORMED: 400,
}  # fmt: skip

Body = dict[str, Any]


def now_ms() -> int:
    return time.time_ns() // 1_000_000


# -- The big screen --


@require_safe
def screen_state(request: HttpRequest, edition: str, final: str) -> HttpResponse:  # noqa: ARG001 -- a view
    """What the big screen shows, once: for screens that cannot keep a stream open."""
    found = public_final(edition, final)
    return _state(_for_screen(found))


@require_safe
def screen_stream(request: HttpRequest, edition: str, final: str) -> HttpResponseBase:  # noqa: ARG001 -- a view
    """The same, pushed at every change."""
    found = public_final(edition, final)
    return _stream(found, lambda: _for_screen(found))


@require_safe
def record_json(request: HttpRequest, edition: str, final: str) -> HttpResponse:  # noqa: ARG001 -- a view
    """A final that is over, to be checked: what was frozen, as text, and all its events."""
    found = public_final(edition, final)
    if found.state != FinalState.OVER:
        raise Http404
    standing = queries.standing_of(found)
    body = {"final": found.slug, "frozen": bytes(found.pack or b"").decode(), "events": standing.events}
    return HttpResponse(msgspec.json.encode(body), content_type="application/json")


# -- A team's phone --


@require_safe
def team_state(request: HttpRequest, edition: str, final: str) -> HttpResponse:
    found = public_final(edition, final)
    mine = _mine(request, found)
    return _state(_for_team(found, mine), nonce=queries.nonce_of(mine[0], now_ms()) if mine and mine[1] else "")


@require_safe
def team_stream(request: HttpRequest, edition: str, final: str) -> HttpResponseBase:
    found = public_final(edition, final)
    token = request.COOKIES.get(COOKIE, "")

    def read() -> Body:
        return _for_team(found, queries.team_of(found, token))

    def nonce() -> str:
        mine = queries.team_of(found, token)
        return queries.nonce_of(mine[0], now_ms()) if mine and mine[1] else ""

    return _stream(found, read, nonce)


def _from_phone(act: Callable[[FinalRow, Team, Body, int], Standing | bool]) -> Callable[..., HttpResponse]:
    """A POST of a team's phone: who it is, that it is the one that counts, and not too fast.

    The cookie is SameSite=Lax, so another site's page cannot post with it; without a session there is no CSRF token.
    """

    @csrf_exempt
    @require_POST
    @wraps(act)
    def view(request: HttpRequest, edition: str, final: str) -> HttpResponse:
        arrived = now_ms()
        found = public_final(edition, final)
        mine = _mine(request, found)
        if mine is None:
            return refused(Refusal.NO_TEAM)
        if not mine[1]:
            return refused(Refusal.OTHER_PHONE)
        if not _is_slow_enough(str(mine[0].device), arrived):
            return refused(Refusal.TOO_FAST)
        try:
            done = act(found, mine[0], read_body(request), arrived)
        except actions.RefusedError as error:
            return refused(error.reason)
        return JsonResponse({"done": True}) if isinstance(done, bool) else _state(_for_team(done.final, mine))

    return view


@_from_phone
def echo(_final: FinalRow, team: Team, body: Body, arrived: int) -> bool:
    """A nonce comes back: one measurement of the phone's round trip."""
    return actions.keep_echo(team=team, nonce=str(body.get("nonce", "")), received=arrived)


@_from_phone
def buzz(final: FinalRow, team: Team, body: Body, arrived: int) -> Standing:
    return actions.press_buzzer(
        final=final, team=team, item=str(body.get("item", "")), token=token_in(body), arrived=arrived, now_ms=now_ms()
    )


@_from_phone
def answer(final: FinalRow, team: Team, body: Body, arrived: int) -> Standing:
    return actions.give_answer(
        final=final, team=team, item=str(body.get("item", "")), options=body.get("options"), token=token_in(body),
        arrived=arrived, now_ms=now_ms(),
    )  # fmt: skip


@_from_phone
def choose(final: FinalRow, team: Team, body: Body, _arrived: int) -> Standing:
    return actions.make_choice(final=final, team=team, given=body, token=token_in(body), now_ms=now_ms())


# -- The host --


@organiser_required
def host_state(request: OrganiserRequest, edition: str, final: str) -> HttpResponse:
    found = hosted_final(request, edition, final)
    return _state(_for_host(found))


@organiser_required
def host_stream(request: OrganiserRequest, edition: str, final: str) -> HttpResponseBase:
    found = hosted_final(request, edition, final)
    return _stream(found, lambda: _for_host(found))


@require_POST
@organiser_required
def host_step(request: OrganiserRequest, edition: str, final: str) -> HttpResponse:
    """One step of the host. Overruling wants the right to score."""
    found = hosted_final(request, edition, final)
    try:
        body = read_body(request)
        kind, step = str(body.get("kind", "")), step_in(body)
        if kind == "overruled" and not rules.may_score(request.user, found):
            return JsonResponse({"reason": "forbidden"}, status=403)
        actions.take_step(
            final=found, kind=kind, given=body, token=token_in(body), step=step, by=request.user, now_ms=now_ms()
        )
    except actions.RefusedError as error:
        return refused(error.reason)
    return _state(_for_host(found))


# -- What they share --


def public_final(edition: str, slug: str) -> FinalRow:
    """An opened final that the public may follow; 404 for any other."""
    found = get_object_or_404(editions_published(), slug=edition)
    return get_object_or_404(queries.finals_public(found), slug=slug)


def hosted_final(request: OrganiserRequest, edition: str, slug: str) -> FinalRow:
    """A final that this person may lead and that has been opened."""
    found = get_object_or_404(queries.finals_visible_to(request.user), edition__slug=edition, slug=slug)
    if not rules.may_host(request.user, found) or found.state == FinalState.DRAFT:
        raise Http404
    return found


def read_body(request: HttpRequest) -> Body:
    """The JSON object of a request. Raises RefusedError for anything else."""
    if len(request.body) > _BODY_LIMIT:
        raise actions.RefusedError(Refusal.MALFORMED)
    try:
        return msgspec.json.decode(request.body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise actions.RefusedError(Refusal.MALFORMED) from error


def token_in(body: Body) -> uuid.UUID:
    """The press that this is. Raises RefusedError without one."""
    try:
        return uuid.UUID(str(body.get("token", "")))
    except ValueError as error:
        raise actions.RefusedError(Refusal.MALFORMED) from error


def step_in(body: Body) -> int:
    """The newest step that the host had seen. Raises RefusedError without one."""
    step = body.get("step")
    if not isinstance(step, int):
        raise actions.RefusedError(Refusal.MALFORMED)
    return step


def refused(reason: Refusal) -> HttpResponse:
    """Why not, as a slug and in the words of the reader."""
    answer = JsonResponse({"reason": reason.value, "words": str(reason.label)}, status=_STATUS.get(reason, 409))
    if reason == Refusal.TOO_FAST:
        answer["Retry-After"] = "1"
    return answer


def _mine(request: HttpRequest, final: FinalRow) -> tuple[Team, bool] | None:
    return queries.team_of(final, request.COOKIES.get(COOKIE, ""))


def _for_screen(final: FinalRow) -> Body:
    standing = actions.settle(final=final, now_ms=now_ms())
    return screens.shared(standing.state) | _marks(standing)


def _for_team(final: FinalRow, mine: tuple[Team, bool] | None) -> Body:
    if mine is None:
        return {"stage": "strange", "number": 0}
    standing = actions.settle(final=final, now_ms=now_ms())
    body = screens.for_team(standing.state, mine[0].seat)
    return body | _marks(standing) | {"active": mine[1]}


def _for_host(final: FinalRow) -> Body:
    standing = actions.settle(final=final, now_ms=now_ms())
    told = screens.for_host(standing.state)
    return told | {
        **_marks(standing), "step": standing.step, "phones": queries.phones_of(final, now_ms()),
        "head": standing.head[:12],
    }  # fmt: skip


def _marks(standing: Standing) -> Body:
    """How new the state is, and when it has to be looked at again though nothing happens (not sent out)."""
    return {"number": standing.number, _DUE: standing.state.award_due()}


def _state(body: Body, **more: Any) -> HttpResponse:
    body.pop(_DUE, None)
    answer = JsonResponse(body | {"now": now_ms()} | more)
    answer["Cache-Control"] = "no-store"
    return answer


def _stream(final: FinalRow, read: Callable[[], Body], nonce: Callable[[], str] | None = None) -> HttpResponseBase:
    connection.close()  # a stream lasts for hours: what the request borrowed goes back to the pool
    answer = StreamingHttpResponse(frames(final.pk, read, nonce), content_type="text/event-stream; charset=utf-8")
    answer["Cache-Control"] = "no-store"
    answer["X-Accel-Buffering"] = "no"
    return answer


async def frames(final: int, read: Callable[[], Body], nonce: Callable[[], str] | None = None) -> AsyncIterator[bytes]:
    """The frames of a stream: `state` at every change, `ping` now and then, with a nonce where one is to be echoed."""
    last: Body | None = None
    due, pings = 0.0, 0
    yield b"retry: 1000\n\n"
    while True:
        body = await _reading(read)
        decision = body.pop(_DUE, None)
        if body != last:
            yield frame("state", body | {"now": now_ms()})
            last = body
        if time.monotonic() >= due:
            yield frame("ping", {"nonce": await _reading(nonce) if nonce else "", "now": now_ms()})
            pings += 1
            due = time.monotonic() + (0.3 if nonce and pings < _FIRST_PINGS else _PING_SECONDS)
        rest = min(1.0, due - time.monotonic())
        if decision is not None:
            rest = min(rest, (decision - now_ms()) / 1000)
        await queries.next_change(final, seconds=max(0.005, rest))


def frame(event: str, body: Body) -> bytes:
    return b"event: %b\ndata: %b\n\n" % (event.encode(), msgspec.json.encode(body))


@sync_to_async
def _reading(read: Callable[[], Any]) -> Any:
    try:
        return read()
    finally:
        connection.close()


_presses: dict[str, tuple[int, int]] = {}


def _is_slow_enough(device: str, at: int) -> bool:
    """False for the ninth press within a second: a flood does not reach the database's lock. Counted in this process."""
    second, count = _presses.get(device, (0, 0))
    count = count + 1 if second == at // 1000 else 1
    if len(_presses) > 500:
        _presses.clear()
    _presses[device] = at // 1000, count
    return count <= _PRESSES_A_SECOND
