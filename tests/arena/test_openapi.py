import asyncio
import threading
import warnings

import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings

from cyberweek.arena.openapi import DOCUMENT
from cyberweek.arena.routes import LIVE, ROUTES
from tests.arena.conftest import run_arena

schema = schemathesis.openapi.from_dict(msgspec.json.decode(DOCUMENT))
without_stream = schema.exclude(path="/arena/v1/contests/{slug}/live")


def test_every_route_is_described_and_nothing_else():
    described = {
        tuple("*" if part.startswith("{") else part for part in path.split("/")[1:]): {
            name.upper() for name in operations
        }
        for path, operations in msgspec.json.decode(DOCUMENT)["paths"].items()
    }
    routed = {pattern: set(methods) for pattern, methods in ROUTES.items()} | {LIVE: {"GET"}}
    del routed["arena", "v1", "openapi.json"]
    assert described == routed


@pytest.fixture(scope="module")
def send(week):
    """Sends a request to an arena that runs in a thread; schemathesis is synchronous."""
    loop, running, stop = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    arenas = []

    async def serve():
        async with run_arena(week) as arena:
            arenas.append(arena)
            running.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    running.wait(10)

    def send(**request):
        return asyncio.run_coroutine_threadsafe(arenas[0].client.request(**request), loop).result(20)

    yield send
    loop.call_soon_threadsafe(stop.set)
    thread.join()
    loop.close()


@without_stream.parametrize()
@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_request_breaks_the_description(case, send):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        arguments = case.as_transport_kwargs(base_url="http://arena")
    wanted = {"method", "url", "headers", "params", "json", "data", "content"}
    request = {name: value for name, value in arguments.items() if name in wanted and value is not None}
    data = request.pop("data", None)
    if data is not None:
        request["content"] = data if isinstance(data, bytes | str) else str(data)
    response = send(**request)
    assert response.status_code < 500
    case.operation.validate_response(schemathesis.Response.from_httpx(response, verify=False))
