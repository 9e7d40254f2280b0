"""Addresses: which handler answers which method at which path. `*` stands for one segment, handed to the handler."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Final

import msgspec

from cyberweek.arena import attempts, boards, passports
from cyberweek.arena.http import Request, Response
from cyberweek.arena.openapi import DOCUMENT
from cyberweek.arena.problems import Problem

if TYPE_CHECKING:
    from cyberweek.arena.app import Arena

Handler = Callable[..., Awaitable[Response]]
READINESS: Final = "SELECT 1 FROM ledger_batch LIMIT 1"


async def contests(arena: "Arena", request: Request) -> Response:
    listed = [release.summary(request.language) for release in arena.releases]
    return Response(200, msgspec.json.encode({"contests": listed}), request.json_headers())


async def openapi(arena: "Arena", request: Request) -> Response:  # noqa: ARG001 -- a handler like the others
    return Response(200, DOCUMENT)


async def ledger(arena: "Arena", request: Request) -> Response:  # noqa: ARG001 -- a handler like the others
    """What a receipt is checked with: the public key and the newest head."""
    return Response(200, msgspec.json.encode(await arena.ledger_head()))


async def alive(arena: "Arena", request: Request) -> Response:  # noqa: ARG001 -- a handler like the others
    return Response(200, b'{"status":"alive"}')


async def ready(arena: "Arena", request: Request) -> Response:  # noqa: ARG001 -- a handler like the others
    await arena.check_ready()
    return Response(200, b'{"status":"ready"}')


ROUTES: Final[Mapping[tuple[str, ...], Mapping[str, Handler]]] = {
    ("healthz",): {"GET": alive},
    ("readyz",): {"GET": ready},
    ("arena", "v1", "openapi.json"): {"GET": openapi},
    ("arena", "v1", "ledger"): {"GET": ledger},
    ("arena", "v1", "challenge"): {"GET": passports.challenge},
    ("arena", "v1", "passports"): {"POST": passports.issue},
    ("arena", "v1", "contests"): {"GET": contests},
    ("arena", "v1", "contests", "*", "attempts"): {"POST": attempts.start},
    ("arena", "v1", "contests", "*", "standing"): {"GET": boards.standing},
    ("arena", "v1", "attempts", "*", "answers"): {"PUT": attempts.save},
    ("arena", "v1", "attempts", "*", "submit"): {"POST": attempts.submit},
    ("arena", "v1", "attempts", "*", "step"): {"POST": attempts.step},
}
LIVE: Final = ("arena", "v1", "contests", "*", "live")
_WILD_SEGMENT: Final = 3


def split(path: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The path's pattern and what stands in its `*`."""
    segments = path.split("/")[1:]
    if len(segments) > _WILD_SEGMENT + 1:
        wild = segments[_WILD_SEGMENT]
        segments[_WILD_SEGMENT] = "*"
        return tuple(segments), (wild,)
    return tuple(segments), ()


def find_handler(pattern: tuple[str, ...], method: str) -> Handler:
    if pattern == LIVE:  # its GET is a stream, not a response
        raise Problem("wrong-method", allow="GET")
    methods = ROUTES.get(pattern)
    if methods is None:
        raise Problem("not-found")
    handler = methods.get("GET" if method == "HEAD" else method)
    if handler is None:
        raise Problem("wrong-method", allow=", ".join(methods))
    return handler
