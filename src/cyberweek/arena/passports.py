"""Issuing passports: a random id, a nickname, and three coarse facts. Nothing else is asked."""

import unicodedata
import uuid
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from cyberweek.arena.http import Request, Response
from cyberweek.arena.problems import Problem
from cyberweek.passport.core.passports import PASSPORT_MS, Passport

if TYPE_CHECKING:
    from cyberweek.arena.app import Arena

Band = Literal["under-12", "12-17", "18-25", "26-40", "41-60", "over-60"]
Sector = Literal["education", "telecom", "finance", "government", "enterprise", "media", "community", "other"]

ADD: Final = """
    INSERT INTO passport_participant (id, nickname, region_id, band, sector, created) VALUES (%s, %s, %s, %s, %s, now())
"""
_LONGEST_NICKNAME: Final = 20
# Controls, lone surrogates, line breaks; and the marks that turn text round, with which one name can look like another.
_REFUSED_CATEGORIES: Final = {"Cc", "Cs", "Cn", "Co", "Zl", "Zp"}
_REFUSED: Final = set("<>\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


class Application(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    nickname: str
    region: str
    band: Band
    sector: Sector


_APPLICATION: Final = msgspec.json.Decoder(Application)


async def issue(arena: "Arena", request: Request) -> Response:
    application = await request.read(_APPLICATION)
    nickname = clean_nickname(application.nickname)
    region = await arena.regions.find(application.region, arena.pool)
    participant = str(uuid.uuid4())
    async with arena.pool.connection() as connection:
        await connection.execute(ADD, [participant, nickname, region.code, application.band, application.sector])
    expires = arena.clock.now_ms() + PASSPORT_MS
    passport = Passport(participant, region.code, application.band, application.sector, nickname, expires)
    body = {"passport": arena.office.issue_passport(passport), "participant": participant}
    return Response(201, msgspec.json.encode(body))


def clean_nickname(text: str) -> str:
    nickname = unicodedata.normalize("NFC", text).strip()
    categories = {unicodedata.category(character) for character in nickname}
    visible = any(category[0] in "LNPS" for category in categories)
    if not visible or len(nickname) > _LONGEST_NICKNAME or categories & _REFUSED_CATEGORIES or _REFUSED & {*nickname}:
        raise Problem("bad-nickname")
    return nickname
