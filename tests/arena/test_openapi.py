import asyncio
import threading
import uuid
import warnings
from collections import Counter

import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from cyberweek.arena.openapi import DOCUMENT
from cyberweek.arena.routes import LIVE, ROUTES
from cyberweek.arena.tickets import Office
from cyberweek.passport.core.passports import Passport
from tests.arena.conftest import SECRET, run_arena

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
    assert running.wait(60)

    def send(**request):
        return asyncio.run_coroutine_threadsafe(arenas[0].client.request(**request), loop).result(60)

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
    response = sent(case, send)
    assert response.status_code < 500
    case.operation.validate_response(response)


def sent(case, send):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        arguments = case.as_transport_kwargs(base_url="http://arena")
    wanted = {"method", "url", "headers", "params", "json", "data", "content"}
    request = {name: value for name, value in arguments.items() if name in wanted and value is not None}
    data = request.pop("data", None)
    if data is not None:
        request["content"] = data if isinstance(data, bytes | str) else str(data)
    return schemathesis.Response.from_httpx(send(**request), verify=False)


def test_no_sequence_of_requests_breaks_the_description(send):
    """Attempts are started, saved and handed in along the links of the description, with whatever bodies come up."""
    office, answered = Office(SECRET), Counter()

    class Play(without_stream.as_state_machine()):
        def before_call(self, case):
            if "slug" in (case.path_parameters or {}):
                case.path_parameters["slug"] = "week"
            passport = Passport(str(uuid.uuid4()), "350203", "18-25", "other", "Ana", 2**50)
            case.headers["Authorization"] = f"Bearer {office.issue_passport(passport)}"
            if case.path.endswith(("/answers", "/submit")):
                del case.headers["Authorization"]  # the ticket says whose it is

        def call(self, case, **kwargs):
            return sent(case, send)

        def validate_response(self, response, case, additional_checks=(), **kwargs):
            assert response.status_code < 500
            case.operation.validate_response(response)
            answered[case.path, response.status_code] += 1

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        run_state_machine_as_test(
            Play,
            settings=settings(
                max_examples=25, stateful_step_count=12, deadline=None, derandomize=True, phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )  # fmt: skip
    assert answered["/arena/v1/attempts/{attempt}/submit", 200], "no sequence came to its end"
