"""The fault harness in small: each kind of fault once, nothing lost; and its checks find what is wrong."""

import asyncio
import json
import random
import time

import pytest
from bench.faults.chaos import KINDS, Chaos, in_random_order
from bench.faults.checks import check
from bench.faults.crowd import Crowd
from bench.faults.stage import REGION, SECRET, set_stage
from bench.faults.wire import wait_for

from tests.factories.databases import copy_to_server


@pytest.fixture(scope="module")
def raged(tmp_path_factory):
    """What is left after each fault once: the stage, still running, its crowd, its chaos, the journal."""
    journal = tmp_path_factory.mktemp("faults") / "journal"
    with set_stage(make_tables=copy_to_server) as stage:
        crowd = Crowd(stage.servers, SECRET, stage.release, REGION, journal, people=10, seed=11)
        dice = random.Random(11)
        chaos = Chaos(stage, crowd, dice, stopped_seconds=2)

        async def scenario():
            playing = asyncio.create_task(crowd.play())
            await chaos.rage(in_random_order(len(KINDS), dice), time.monotonic() + 600)
            crowd.closing = True
            await asyncio.to_thread(stage.wait_until_ready)
            await asyncio.wait_for(playing, 300)

        asyncio.run(scenario())
        yield stage, crowd, chaos, journal


def test_each_fault_once_and_nothing_is_lost(raged):
    stage, crowd, chaos, journal = raged
    assert {event.kind for event in chaos.events} == set(KINDS)
    assert chaos.faults + crowd.unexpected == []
    report = check(stage.url, SECRET, journal)
    assert report.faults == []
    assert all(report.acknowledged[kind] > 0 for kind in ("start", "save", "submit"))
    assert crowd.counts["retries"] > 0


def test_the_checks_name_what_the_ledger_does_not_hold(raged, tmp_path):
    stage, _, _, journal = raged
    notes = [json.loads(line) for line in journal.read_text().splitlines()]
    submit = next(note for note in notes if note["kind"] == "submit")
    wrong = [
        {**submit, "attempt": "01890000-0000-7000-8000-000000000000"},
        {**submit, "hash": "another answer"},
        {**submit, "score": submit["score"] + 5},
        {**submit, "receipt": submit["receipt"][:-8] + "AAAAAAAA"},
        {**next(note for note in notes if note["kind"] == "save"), "answers": {}},
    ]
    forged = tmp_path / "journal"
    forged.write_text("".join(json.dumps(note) + "\n" for note in [*notes, *wrong]))
    faults = "\n".join(check(stage.url, SECRET, forged).faults)
    for words in (
        "its start is not in the ledger",
        "2 different answers to the same request",
        "with other answers or another score",
        "the receipt does not hold",
        "an acknowledged save",
    ):
        assert words in faults


def test_a_pause_doubles_heeds_retry_after_and_is_never_the_same_for_all():
    dice = random.Random(1)
    for failures in range(8):
        pauses = [wait_for(0, failures, dice) for _ in range(50)]
        assert min(30, 2**failures) / 2 <= min(pauses) < max(pauses) <= min(30, 2**failures)
        assert min(wait_for(3, failures, dice) for _ in range(50)) >= 3
