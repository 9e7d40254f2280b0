"""`cyberweek simulate`: a paced crowd that plays the contest of a running server, over HTTP like everybody.

Participants differ: where they live (by the weight of the region's population), how much they know, how fast they read,
whether they come back. They know the right answers from the packaged item bank, and miss them by their ability.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import os
import random
import signal
import sys
from dataclasses import dataclass
from importlib import resources
from typing import Any, Final

import altcha
import httpx

from .serve import address

USAGE: Final = "cyberweek simulate [ARRIVALS_PER_SECOND [SECONDS]]   (default: 4 a second, until stopped)\n"
LONGEST_RUN: Final = 7 * 86400.0
# Residents in tens of thousands (census of 2020, rounded): how likely a participant lives there.
WEIGHTS: Final = {
    "110000": 2189, "120000": 1387, "130000": 7461, "140000": 3492, "150000": 2405, "210000": 4259, "220000": 2407,
    "230000": 3185, "310000": 2487, "320000": 8475, "330000": 6457, "340000": 6103, "350000": 4154, "360000": 4519,
    "370000": 10153, "410000": 9937, "420000": 5775, "430000": 6644, "440000": 12601, "450000": 5013, "460000": 1008,
    "500000": 3205, "510000": 8367, "520000": 3856, "530000": 4721, "540000": 365, "610000": 3953, "620000": 2502,
    "630000": 592, "640000": 720, "650000": 2585,
}  # fmt: skip
BANDS: Final = {"under-12": 6, "12-17": 22, "18-25": 24, "26-40": 26, "41-60": 16, "over-60": 6}
SECTORS: Final = {
    "education": 34, "telecom": 8, "finance": 9, "government": 10, "enterprise": 20, "media": 3, "community": 12,
    "other": 4,
}  # fmt: skip
FIRST: Final = "晨雨星海山林云舟禾南北安宁清远朗知夏秋冬青松竹梅兰"
LAST: Final = (
    "同学",
    "老师",
    "爸爸",
    "奶奶",
    "师傅",
    "警官",
    "骑手",
    "店长",
    "医生",
    "小队",
    "不上当",
    "看得清",
    "守门员",
)


@dataclass
class Person:
    """One simulated participant. Ability is on the logit scale of a Rasch model; pace multiplies reading time."""

    nickname: str
    region: str
    band: str
    sector: str
    ability: float
    pace: float


def someone(dice: random.Random, places: dict[str, list[str]]) -> Person:
    """A participant at random: a county of a province drawn by population, or the province where it has none."""
    province = dice.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    band = dice.choices(list(BANDS), list(BANDS.values()))[0]
    return Person(
        nickname="".join(dice.sample(FIRST, 2)) + dice.choice(LAST),
        region=_county(dice, places.get(province) or [province]),
        band=band,
        sector=dice.choices(list(SECTORS), list(SECTORS.values()))[0],
        ability=dice.gauss(1.2 - 0.5 * (band in {"under-12", "over-60"}), 0.9),
        pace=math.exp(dice.gauss(0, 0.35)),
    )


def _county(dice: random.Random, counties_of_province: list[str]) -> str:
    """One of a province's counties: those of its capital come first by code, and are drawn most (a Zipf-like fall)."""
    return dice.choices(counties_of_province, [1 / (1 + place / 5) for place in range(len(counties_of_province))])[0]


def chosen(dice: random.Random, person: Person, item: dict[str, Any], key: list[str], difficulty: float) -> list[str]:
    """The options that this person ticks: the key with the probability of a Rasch model, else a plausible miss."""
    options = [option["id"] for option in item["options"]]
    if dice.random() < 1 / (1 + math.exp(difficulty - person.ability)):
        return key
    if item["kind"] == "multiple":
        return sorted(set(key) ^ {dice.choice(options)}) or [dice.choice(options)]
    return [dice.choice([option for option in options if option not in key])]


async def play(client: httpx.AsyncClient, dice: random.Random, person: Person, keys: dict[str, list[str]]) -> None:
    """Take a passport and play one or two papers, with autosaves, at a person's pace."""
    asked = {"nickname": person.nickname, "region": person.region, "band": person.band, "sector": person.sector}
    challenge = (await client.get("/arena/v1/challenge")).raise_for_status().json()
    asked["proof"] = await asyncio.to_thread(proof_of, challenge)
    answer = await client.post("/arena/v1/passports", json=asked)
    answer.raise_for_status()
    headers = {"Authorization": f"Bearer {answer.json()['passport']}"}
    contests = (await client.get("/arena/v1/contests")).json()["contests"]
    for _round in range(1 + (dice.random() < 0.3)):
        slug = dice.choice(contests)["slug"]
        started = await client.post(f"/arena/v1/contests/{slug}/attempts", headers=headers)
        if started.status_code not in {200, 201}:
            return
        paper = started.json()
        answers: dict[str, list[str]] = {}
        for number, item in enumerate(paper["items"], 1):
            await asyncio.sleep(dice.uniform(1.2, 6) * person.pace)
            difficulty = (sum(item["id"].encode()) % 29 - 14) / 8  # fixed for an item, spread evenly
            answers[item["id"]] = chosen(
                dice, person, item, keys.get(item["id"], [item["options"][0]["id"]]), difficulty
            )
            if number % 7 == 0:
                saved = {"ticket": paper["ticket"], "answers": answers}
                await client.put(f"/arena/v1/attempts/{paper['attempt']}/answers", json=saved)
        handed_in = {"ticket": paper["ticket"], "answers": answers}
        await client.post(f"/arena/v1/attempts/{paper['attempt']}/submit", json=handed_in)


def proof_of(challenge: dict[str, Any]) -> str:
    """The sum that stands before a passport. Milliseconds at the demo's PROOF_WORK; half a second at the usual one."""
    asked = altcha.Challenge.from_dict(challenge)
    solution = altcha.solve_challenge(asked)
    assert solution is not None, "no solution within 90 s"
    return altcha.Payload(asked, solution).to_base64()


async def crowd(base: str, *, arrivals: float, seconds: float, seed: int) -> None:
    """Let people arrive at random for `seconds`: three times `arrivals` a second at first, soon `arrivals`.

    What fails for one stops no other.
    """
    dice = random.Random(seed)  # noqa: S311 -- a simulation, not a secret
    keys, places = answer_keys(), counties()
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=200)
    tasks: set[asyncio.Task[None]] = set()
    async with httpx.AsyncClient(base_url=base, limits=limits, timeout=30) as client:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        while (passed := loop.time() - begun) < min(seconds, LONGEST_RUN):
            task = asyncio.create_task(_quietly(play(client, dice, someone(dice, places), keys)))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
            rush = 1 + 2 * math.exp(-passed / 60)  # as after a call on television: three times as many at first
            await asyncio.sleep(dice.expovariate(arrivals * rush))
        await asyncio.gather(*tasks)


async def _quietly(playing: Any) -> None:
    """One participant's trouble (a restart of the server, a lost connection) is theirs alone."""
    try:
        await playing
    except (httpx.HTTPError, KeyError, IndexError, ValueError):
        await asyncio.sleep(1)


def answer_keys() -> dict[str, list[str]]:
    """Item code → key, from the packaged bank."""
    folder = resources.files("cyberweek.knowledge") / "data" / "items"
    banks = [json.loads(file.read_text(encoding="utf-8")) for file in folder.iterdir() if file.name.endswith(".json")]
    return {item["code"]: item["key"] for bank in banks for item in bank["items"]}


def counties() -> dict[str, list[str]]:
    """Province code → codes of its counties, from the packaged divisions."""
    found: dict[str, list[str]] = {}
    table = (resources.files("cyberweek.regions") / "data" / "cn.csv").read_text(encoding="utf-8")
    for line in table.splitlines()[1:]:
        code, _parent, level, *_rest = line.split(",")
        if level == "county":
            found.setdefault(f"{code[:2]}0000", []).append(code)
    return found


def simulate(arguments: list[str]) -> int:
    """Run the crowd against HOST:PORT until a signal comes or its time is over."""
    asked = _asked(arguments)
    if asked is None:
        sys.stderr.write(USAGE)
        return 2
    arrivals, seconds = asked
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(crowd(address().rstrip("/"), arrivals=arrivals, seconds=seconds, seed=os.getpid()))
    return 0


def _asked(arguments: list[str]) -> tuple[float, float] | None:
    """Arrivals a second (up to 200) and seconds, or None where they are no such numbers."""
    try:
        arrivals = float(arguments[0]) if arguments else 4.0
        seconds = float(arguments[1]) if len(arguments) > 1 else LONGEST_RUN
    except ValueError:
        return None
    return (arrivals, seconds) if len(arguments) <= 2 and 0 < arrivals <= 200 and seconds > 0 else None
