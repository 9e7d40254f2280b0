"""Passports: the work that stands before one, the count of a network, the code that lifts it."""

import asyncio
import base64
import hashlib
import json

import altcha
import psycopg
import pytest

from cyberweek.arena import passports, proofs
from cyberweek.arena.clock import Clock
from cyberweek.arena.config import Config
from cyberweek.arena.problems import Problem
from tests.arena.conftest import SECRET, Clockwork, run_arena
from tests.arena.proving import proof_from, solved

GOOD = {"nickname": "小明", "region": "350203", "band": "12-17", "sector": "education"}
TRUSTED = {"trusted_proxies": "192.0.2.1"}


def scenario(database, story, **settings):
    async def run():
        async with run_arena(database, **settings) as arena:
            return await story(arena)

    return asyncio.run(run())


def rows(database, query, *parameters):
    with psycopg.connect(database, autocommit=True) as connection:
        return connection.execute(query, parameters).fetchall()


def kind(response):
    return response.json()["type"].rpartition(":")[2] if response.status_code >= 400 else response.status_code


async def apply(arena, headers=None, **changes):
    body = {"proof": await proof_from(arena.client, **(headers or {})), **GOOD, **changes}
    return await arena.client.post("/arena/v1/passports", json=body, headers=headers or {})


def test_one_proof_gives_one_passport_even_when_sent_at_once(week):
    async def story(arena):
        body = {**GOOD, "proof": await proof_from(arena.client)}
        sent = [arena.client.post("/arena/v1/passports", json=body) for _ in range(8)]
        return await asyncio.gather(*sent)

    answers = scenario(week, story)
    assert sorted(map(kind, answers), key=str) == [201] + ["proof-used"] * 7
    assert {answer.status_code for answer in answers} == {201, 409}


def test_a_refused_application_keeps_its_proof(week):
    async def story(arena):
        body = {**GOOD, "proof": await proof_from(arena.client)}
        refused = await arena.client.post("/arena/v1/passports", json=body | {"nickname": "<b>"})
        return refused, await arena.client.post("/arena/v1/passports", json=body)

    refused, accepted = scenario(week, story)
    assert (kind(refused), kind(accepted)) == ("bad-nickname", 201)


def altered(change):
    """A proof in which something was changed after it was solved."""

    def make(challenge):
        payload = json.loads(base64.b64decode(solved(challenge)))
        change(payload)
        return base64.b64encode(json.dumps(payload).encode()).decode()

    return make


def put(*path):
    *way, last, value = path

    def change(payload):
        for step in way:
            payload = payload[step]
        payload[last] = value

    return change


def made_elsewhere(challenge):
    return solved(altcha.create_challenge("SHA-256", 1, counter=1, hmac_secret="x", hmac_key_secret="y").to_dict())


@pytest.mark.parametrize(
    "forge",
    [
        lambda challenge: "x",
        lambda challenge: "é",
        lambda challenge: "!" * 100,
        lambda challenge: "A" * 60_000,
        lambda challenge: base64.b64encode(b"[" * 900).decode(),
        lambda challenge: base64.b64encode(b"\xff\xfe").decode(),
        lambda challenge: base64.b64encode(b"{}").decode(),
        lambda challenge: "\x00" * 8,
        made_elsewhere,
        altered(put("solution", "derivedKey", "0" * 64)),
        altered(put("solution", "derivedKey", "é" * 64)),
        altered(put("solution", "counter", -1)),
        altered(put("solution", "counter", 10**30)),
        altered(put("solution", "time", "soon")),
        altered(put("challenge", "parameters", "cost", 0)),
        altered(put("challenge", "parameters", "cost", 10**9)),
        altered(put("challenge", "parameters", "expiresAt", 2**32 - 1)),
        altered(put("challenge", "parameters", "data", {"factor": 16})),
        altered(put("challenge", "parameters", "data", {"__proto__": 1})),
        altered(put("challenge", "parameters", "algorithm", "SCRYPT")),
        altered(put("challenge", "parameters", "keySignature", "0" * 64)),
        altered(put("challenge", "signature", "0" * 64)),
        altered(put("challenge", "signature", None)),
        altered(put("more", 1)),
    ],
)
def test_a_forged_proof_is_refused(forge):
    prover = proofs.Prover(SECRET, 2, Clock())
    with pytest.raises(Problem) as refused:
        prover.check(forge(json.loads(prover.challenge(0))))
    assert refused.value.kind == "bad-proof"


def test_a_proof_holds_twenty_minutes():
    clockwork = Clockwork()
    prover = proofs.Prover(SECRET, 2, clockwork.clock())
    proof = solved(json.loads(prover.challenge(0)))
    assert prover.check(proof).factor == 1
    clockwork.pass_seconds(20 * 60 + 1)
    with pytest.raises(Problem, match="proof-expired"):
        prover.check(proof)


def test_a_solution_is_found_for_every_amount_of_work_and_within_its_bounds():
    for work in (1, 2, 3, 500, 2_000):
        prover = proofs.Prover(SECRET, work, Clock())
        for issued in (0, 5_999, 10**9):
            challenge = json.loads(prover.challenge(issued))
            proof = solved(challenge)
            done = json.loads(base64.b64decode(proof))["solution"]["counter"] * challenge["parameters"]["cost"]
            assert done <= 1.6 * work * proofs.STEEPEST + proofs.COST
            assert prover.check(proof).factor == challenge["parameters"]["data"]["factor"]


def test_the_work_rises_with_what_the_block_took_and_has_an_upper_bound():
    factors = [proofs.factor_for(issued) for issued in (0, 199, 200, 999, 1_000, 3_000, 6_000, 10**9)]
    assert factors == [1, 1, 2, 2, 4, 8, 16, 16]


def test_a_proof_one_step_behind_is_enough_and_two_steps_behind_is_not():
    assert [proofs.most_issued(factor) for factor in (1, 2, 4, 8, 16)] == [1_000, 3_000, 6_000, None, None]


def test_a_proof_collected_before_the_block_got_busy_is_too_little(week):
    async def story(arena):
        early = await proof_from(arena.client)
        await apply(arena)
        rows(week, "UPDATE passport_network_day SET issued = 1000 RETURNING issued")
        late = await arena.client.post("/arena/v1/passports", json={**GOOD, "proof": early})
        return late, await apply(arena)

    late, again = scenario(week, story)
    assert (kind(late), kind(again)) == ("weak-proof", 201)
    with psycopg.connect(week, autocommit=True) as connection:
        connection.execute("TRUNCATE passport_network_day")


def test_a_block_has_a_limit_and_is_told_what_a_school_can_do(week):
    headers = {"X-Forwarded-For": "198.51.100.1"}

    async def story(arena):
        answers = [await apply(arena, headers) for _ in range(4)]
        elsewhere = await apply(arena, {"X-Forwarded-For": "198.51.100.2"})
        english = await apply(arena, headers | {"Accept-Language": "en"})
        return answers, elsewhere, english

    answers, elsewhere, english = scenario(week, story, passports_a_day=3, **TRUSTED)
    assert [answer.status_code for answer in answers] == [201, 201, 201, 429]
    assert 0 < int(answers[3].headers["retry-after"]) <= 86_400
    assert "学校" in answers[3].json()["detail"]
    assert "A school" in english.json()["detail"]
    assert elsewhere.status_code == 201
    assert (3,) in rows(week, "SELECT issued FROM passport_network_day")


def test_the_count_of_a_block_is_exact_when_many_apply_at_once(week):
    headers = {"X-Forwarded-For": "198.51.100.77"}

    async def story(arena):
        proved = [await proof_from(arena.client, **headers) for _ in range(12)]
        sent = [
            arena.client.post("/arena/v1/passports", json={**GOOD, "proof": one}, headers=headers) for one in proved
        ]
        return await asyncio.gather(*sent)

    answers = scenario(week, story, passports_a_day=5, **TRUSTED)
    assert sorted(answer.status_code for answer in answers) == [201] * 5 + [429] * 7


def test_the_limit_begins_again_the_next_day_under_another_key(week):
    clockwork = Clockwork()
    headers = {"X-Forwarded-For": "198.51.100.3"}

    async def story():
        async with run_arena(week, clockwork.clock(), passports_a_day=1, **TRUSTED) as arena:
            first = [await apply(arena, headers), await apply(arena, headers)]
            clockwork.pass_seconds(86_400)
            return first, await apply(arena, headers)

    first, tomorrow = asyncio.run(story())
    assert [answer.status_code for answer in (*first, tomorrow)] == [201, 429, 201]


@pytest.mark.parametrize(
    "headers",
    [
        [("X-Forwarded-For", "203.0.113.1")],
        [("X-Forwarded-For", "203.0.113.2, 203.0.113.3")],
        [("X-Forwarded-For", "fe80::1%eth0")],
        [("Forwarded", "for=203.0.113.4")],
        [("X-Real-IP", "203.0.113.4")],
        [("X-Forwarded-For", "x" * 8000)],
    ],
)
def test_a_client_that_says_who_it_is_is_not_believed(week, headers):
    async def story(arena):
        body = {**GOOD, "proof": await proof_from(arena.client)}
        return await arena.client.post("/arena/v1/passports", json=body, headers=headers)

    own = rows(week, "SELECT count(DISTINCT network) FROM passport_participant")
    assert scenario(week, story).status_code == 201
    assert scenario(week, story).status_code == 201
    # The first may have been this block's first passport at all; no header made a second block of it.
    assert rows(week, "SELECT count(DISTINCT network) FROM passport_participant")[0][0] - own[0][0] <= 1
    newest = rows(week, "SELECT network FROM passport_participant ORDER BY created DESC LIMIT 2")
    plain = scenario(week, apply)
    assert plain.status_code == 201
    assert rows(week, "SELECT network FROM passport_participant ORDER BY created DESC LIMIT 1") == newest[:1]


def test_a_header_sent_before_the_proxys_own_is_not_believed(week):
    headers = [("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-For", "198.51.100.60")]

    async def story(arena):
        for _ in range(2):
            body = {**GOOD, "proof": await proof_from(arena.client)}
            answer = await arena.client.post("/arena/v1/passports", json=body, headers=headers)
            assert answer.status_code == 201
            headers[0] = ("X-Forwarded-For", "203.0.113.10")

    scenario(week, story, **TRUSTED)
    newest = rows(week, "SELECT network FROM passport_participant ORDER BY created DESC LIMIT 2")
    assert newest[0] == newest[1]


def test_network_and_device_are_kept_as_keyed_hashes_alone(week):
    device = "a-device-of-mine-0123"
    headers = {"X-Forwarded-For": "198.51.100.4"}

    async def story(arena):
        first = (await apply(arena, headers, device=device)).json()["participant"]
        second = (await apply(arena, headers, device=device)).json()["participant"]
        third = (await apply(arena, {"X-Forwarded-For": "198.51.100.5"})).json()["participant"]
        return first, second, third

    people = scenario(week, story, **TRUSTED)
    kept = {
        str(person): (network, device)
        for person, network, device in rows(
            week, "SELECT id, network, device FROM passport_participant WHERE id = ANY(%s::uuid[])", list(people)
        )
    }
    first, second, third = (kept[person] for person in people)
    assert first == second
    assert (first[0] != third[0], third[1]) == (True, None)
    assert {len(first[0]), len(first[1])} == {16}
    counted = rows(week, "SELECT network FROM passport_network_day")
    assert first[0] not in [network for (network,) in counted]
    assert hashlib.blake2b(device.encode(), digest_size=16).digest() != first[1]


class Group:
    def __init__(self, code):
        self.code_sha256 = hashlib.sha256(code.encode()).hexdigest() if code else None


class Closed:
    """A release of a closed contest, as far as codes go."""

    def __init__(self, *codes, closed=True):
        self.pack = self
        self.closed = closed
        self.groups = [Group(code) for code in codes]

    def newest(self, contest):
        if contest != "week":
            raise Problem("no-contest", contest=contest)
        return self


@pytest.mark.parametrize("code", ["SCHOOL-7", " school-7 ", "School-7"])
def test_a_code_fits_however_it_is_typed(code):
    assert passports.fits(Closed(None, "OTHER", "SCHOOL-7"), "week", code)


@pytest.mark.parametrize("code", ["", "  ", "SCHOOL-8", "school", "\ud800", "S" * 60_000, "\x00"])
def test_another_code_does_not_fit(code):
    assert not passports.fits(Closed(None, "OTHER", "SCHOOL-7"), "week", code)
    assert not passports.fits(Closed("SCHOOL-7", closed=False), "week", "SCHOOL-7")


def test_the_code_of_a_closed_contest_lifts_the_limit_and_counts_for_nobody(week, monkeypatch):
    monkeypatch.setattr(passports, "fits", lambda releases, contest, code: code == "SCHOOL-7")
    headers = {"X-Forwarded-For": "198.51.100.6"}

    async def story(arena):
        full = [await apply(arena, headers) for _ in range(2)]
        lifted = [await apply(arena, headers, contest="week", code="SCHOOL-7") for _ in range(3)]
        return full, lifted

    full, lifted = scenario(week, story, passports_a_day=1, **TRUSTED)
    assert [answer.status_code for answer in full + lifted] == [201, 429, 201, 201, 201]


def test_a_wrong_code_costs_its_proof_and_an_unknown_contest_is_not_found(week):
    async def story(arena):
        body = {**GOOD, "proof": await proof_from(arena.client)}
        guess = await arena.client.post("/arena/v1/passports", json=body | {"contest": "week", "code": "A"})
        again = await arena.client.post("/arena/v1/passports", json=body | {"contest": "week", "code": "B"})
        return guess, again, await apply(arena, contest="never", code="A"), await apply(arena, code="A")

    assert list(map(kind, scenario(week, story))) == ["bad-code", "proof-used", "no-contest", "no-contest"]


def test_the_challenge_is_not_cached(week):
    async def story(arena):
        return await arena.client.get("/arena/v1/challenge"), await arena.client.get("/arena/v1/challenge")

    one, two = scenario(week, story)
    assert one.headers["cache-control"] == "no-store"
    assert one.json()["parameters"]["nonce"] != two.json()["parameters"]["nonce"]


@pytest.mark.parametrize(
    "environment",
    [
        {"PROOF_WORK": "0"},
        {"PROOF_WORK": "-5"},
        {"PROOF_WORK": "99999999999"},
        {"PROOF_WORK": "9" * 5000},
        {"PROOF_WORK": "much"},
        {"PASSPORTS_A_DAY": "0"},
        {"TRUSTED_PROXIES": "proxy.example"},
        {"TRUSTED_PROXIES": "10.0.0.0/40"},
    ],
)
def test_a_setting_that_makes_no_sense_stops_the_start(environment):
    with pytest.raises(RuntimeError, match=next(iter(environment))):
        Config.from_environment({"DATABASE_URL": "x", "SECRET_KEY": "y", **environment})


def test_settings_come_from_the_environment():
    given = {"PROOF_WORK": "7", "PASSPORTS_A_DAY": "8", "TRUSTED_PROXIES": " 10.0.0.0/8,::1 "}
    config = Config.from_environment({"DATABASE_URL": "x", "SECRET_KEY": "y", **given})
    assert (config.proof_work, config.passports_a_day, config.trusted_proxies) == (7, 8, "10.0.0.0/8,::1")
