"""Issuing passports: a random id, a nickname, and three coarse facts. Nothing else is asked, but a little work.

Passports are free and not infinite: each wants a proof of work that counts once, and a network block that takes many in
a day works more for the next, up to a limit. The code of a closed contest lifts the limit.
"""

import hashlib
import hmac
import unicodedata
import uuid
from typing import TYPE_CHECKING, Annotated, Final, Literal

import msgspec

from cyberweek.arena import proofs
from cyberweek.arena.http import JSON, Request, Response
from cyberweek.arena.problems import Problem
from cyberweek.arena.releases import Releases
from cyberweek.passport.core.passports import PASSPORT_MS, Passport

if TYPE_CHECKING:
    from cyberweek.arena.app import Arena

Band = Literal["under-12", "12-17", "18-25", "26-40", "41-60", "over-60"]
Sector = Literal["education", "telecom", "finance", "government", "enterprise", "media", "community", "other"]
Device = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{16,64}\Z")]

ISSUED: Final = "SELECT issued FROM passport_network_day WHERE day = %s AND network = %s"
SPEND: Final = (
    "INSERT INTO passport_challenge_used (nonce, expires) VALUES (%s, to_timestamp(%s)) ON CONFLICT DO NOTHING"
)
# One statement, one transaction: the proof counts once, the block's count goes up while it is below the ceiling, and the
# participant is there, or none of it is. What the last line tells says which of them failed.
ADD: Final = """
WITH proof AS (
    INSERT INTO passport_challenge_used (nonce, expires) VALUES (%(nonce)s, to_timestamp(%(expires)s))
    ON CONFLICT DO NOTHING RETURNING nonce
), counted AS (
    INSERT INTO passport_network_day AS n (day, network, issued)
    SELECT %(day)s::date, %(network_of_day)s::bytea, 1 FROM proof WHERE NOT %(lifted)s
    ON CONFLICT (day, network) DO UPDATE SET issued = n.issued + 1 WHERE n.issued < %(ceiling)s
    RETURNING issued
), added AS (
    INSERT INTO passport_participant (id, nickname, region_id, band, sector, created, network, device)
    SELECT %(id)s::uuid, %(nickname)s, %(region)s, %(band)s, %(sector)s, now(), %(network)s::bytea, %(device)s::bytea
    FROM proof WHERE %(lifted)s OR EXISTS (SELECT FROM counted)
    RETURNING id
)
SELECT EXISTS (SELECT FROM proof), EXISTS (SELECT FROM added)
"""
_LONGEST_NICKNAME: Final = 20
_LONGEST_CODE: Final = 64
# Controls, lone surrogates, line breaks; and the marks that turn text round, with which one name can look like another.
_REFUSED_CATEGORIES: Final = {"Cc", "Cs", "Cn", "Co", "Zl", "Zp"}
_REFUSED: Final = set("<>\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_FRESH: Final = (*JSON, ("cache-control", "no-store"))


class Application(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    nickname: str
    region: str
    band: Band
    sector: Sector
    proof: str | None = None
    device: Device | None = None
    contest: str | None = None
    code: str | None = None


_APPLICATION: Final = msgspec.json.Decoder(Application)


async def challenge(arena: "Arena", request: Request) -> Response:
    """The work that stands before a passport: more for a block that took many today."""
    network = arena.networks.of_day(arena.networks.block(request))
    async with arena.pool.connection() as connection:
        row = await (await connection.execute(ISSUED, [arena.networks.today(), network])).fetchone()
    return Response(200, arena.prover.challenge(row[0] if row else 0), _FRESH)


async def issue(arena: "Arena", request: Request) -> Response:
    application = await request.read(_APPLICATION)
    nickname = clean_nickname(application.nickname)
    region = await arena.regions.find(application.region, arena.pool)
    proof = arena.prover.check(application.proof)
    lifted = await _is_lifted(arena, application, proof)
    participant = str(uuid.uuid4())
    person = {"id": participant, "nickname": nickname, "region": region.code}
    await _add(arena, request, application, proof, lifted=lifted, person=person)
    expires = arena.clock.now_ms() + PASSPORT_MS
    passport = Passport(participant, region.code, application.band, application.sector, nickname, expires)
    body = {"passport": arena.office.issue_passport(passport), "participant": participant}
    return Response(201, msgspec.json.encode(body))


async def _add(
    arena: "Arena",
    request: Request,
    application: Application,
    proof: proofs.Proof,
    *,
    lifted: bool,
    person: dict[str, str],
) -> None:
    networks, limit = arena.networks, arena.config.passports_a_day
    block, ceiling = networks.block(request), proofs.most_issued(proof.factor)
    parameters = {
        **person,
        "band": application.band,
        "sector": application.sector,
        "nonce": proof.nonce,
        "expires": proof.expires,
        "day": networks.today(),
        "network_of_day": networks.of_day(block),
        "lifted": lifted,
        "ceiling": limit if ceiling is None else min(ceiling, limit),
        "network": networks.of_season(block),
        "device": networks.device(application.device),
    }
    async with arena.pool.connection() as connection:
        row = await (await connection.execute(ADD, parameters)).fetchone()
        assert row is not None
        fresh, added = row
        if added:
            return
        if not fresh:
            raise Problem("proof-used")
        count = await (await connection.execute(ISSUED, [parameters["day"], parameters["network_of_day"]])).fetchone()
    if count is not None and count[0] < limit:
        raise Problem("weak-proof")
    raise Problem("network-limit", limit=limit, seconds=networks.seconds_left_today())


async def _is_lifted(arena: "Arena", application: Application, proof: proofs.Proof) -> bool:
    """True for the code of a closed contest. A wrong one costs its proof, so that guessing costs work."""
    if application.contest is None and application.code is None:
        return False
    if fits(arena.releases, application.contest or "", application.code or ""):
        return True
    async with arena.pool.connection() as connection:
        spent = await connection.execute(SPEND, [proof.nonce, proof.expires])
    raise Problem("bad-code" if spent.rowcount else "proof-used")


def fits(releases: Releases, contest: str, code: str) -> bool:
    """Whether this is the code of a group of this contest, as its newest release has it."""
    pack = releases.newest(contest).pack
    cleaned = code.strip().upper()
    if not getattr(pack, "closed", False) or not cleaned or len(cleaned) > _LONGEST_CODE:
        return False
    given = hashlib.sha256(cleaned.encode("utf-8", "replace")).hexdigest()
    codes = [group.code_sha256 for group in getattr(pack, "groups", []) if group.code_sha256]
    return any(hmac.compare_digest(given, wanted) for wanted in codes)  # every one, in the same time


def clean_nickname(text: str) -> str:
    nickname = unicodedata.normalize("NFC", text).strip()
    categories = {unicodedata.category(character) for character in nickname}
    visible = any(category[0] in "LNPS" for category in categories)
    if not visible or len(nickname) > _LONGEST_NICKNAME or categories & _REFUSED_CATEGORIES or _REFUSED & {*nickname}:
        raise Problem("bad-nickname")
    return nickname
