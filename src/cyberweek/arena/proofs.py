"""Proof of work before a passport: the applicant's phone does a sum that costs a second, and we check it with one HMAC.

ALTCHA's protocol (version 2), PBKDF2 with SHA-256: browsers have it in native code, and where they do not give it (plain
http in a school's network) a script does the same sum. The server picks the counter that solves it, so that no phone is
ever unlucky: the sum takes between half and one and a half of its mean.
"""

import secrets
from binascii import Error as Base64Error
from binascii import a2b_base64
from typing import Annotated, Final

import altcha
import msgspec

from cyberweek.arena.clock import Clock
from cyberweek.arena.problems import Problem
from cyberweek.kernel.core.tokens import derive_key

ALGORITHM: Final = "PBKDF2/SHA-256"
COST: Final = 250
"""Iterations of one try: little enough for us to make a challenge in half a millisecond."""
LASTS_SECONDS: Final = 20 * 60
LONGEST: Final = 2048
STEPS: Final = ((200, 1), (1_000, 2), (3_000, 4), (6_000, 8))
"""Passports that a network block got today, and how much more work the next one is: see docs/adr/0029."""
STEEPEST: Final = 16

Hex16 = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{32}\Z")]
Hex32 = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
Whole = Annotated[int, msgspec.Meta(ge=0, le=2**32 - 1)]


class Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    factor: Whole


class Parameters(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    algorithm: Annotated[str, msgspec.Meta(max_length=20)]
    cost: Whole
    key_length: Whole
    key_prefix: Annotated[str, msgspec.Meta(max_length=64)]
    nonce: Hex16
    salt: Hex16
    key_signature: Hex32
    expires_at: Whole
    data: Data


class Challenge(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    parameters: Parameters
    signature: Hex32


class Solution(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    counter: Whole
    derived_key: Hex32
    time: float | None = None


class Payload(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A challenge with its solution, as the phone sends it: JSON in base64."""

    challenge: Challenge
    solution: Solution


class Proof(msgspec.Struct, frozen=True):
    """A solved challenge: what makes it unique, how long we must remember it, how much work it was."""

    nonce: bytes
    expires: int
    factor: int


_PAYLOAD: Final = msgspec.json.Decoder(Payload)


def factor_for(issued: int) -> int:
    """How many times the usual work the next passport of a block is that got `issued` today."""
    return next((factor for below, factor in STEPS if issued < below), STEEPEST)


def most_issued(factor: int) -> int | None:
    """Below which count of a block a proof of this factor is enough; None: any. One step behind is enough: while a
    phone does its sum, a whole class may take its passports."""
    reached = factor * 2
    return next((below for below, step in STEPS if step == reached), None) if reached < STEEPEST else None


class Prover:
    def __init__(self, secret: str, work: int, clock: Clock) -> None:
        self._key = derive_key(secret, "passport challenge")
        self._key_of_keys = derive_key(secret, "passport challenge solution")
        self._work = work
        self._clock = clock

    def challenge(self, issued: int) -> bytes:
        """A challenge for a block that got `issued` passports today, as JSON."""
        factor = factor_for(issued)
        work = self._work * factor
        cost = min(COST, work)
        tries = work // cost
        made = altcha.create_challenge(
            ALGORITHM,
            cost,
            counter=tries // 2 + secrets.randbelow(tries + 1),
            expires_at=self._clock.now_ms() // 1000 + LASTS_SECONDS,
            data={"factor": factor},
            hmac_secret=self._key,
            hmac_key_secret=self._key_of_keys,
        )
        return msgspec.json.encode(made.to_dict())

    def check(self, text: str | None) -> Proof:
        """What was proved; raises Problem when it is missing, wrong or too old. Whether it was used is not known here."""
        if not text:
            raise Problem("no-proof")
        payload = _read(text)
        parameters = payload.challenge.parameters
        if parameters.expires_at <= self._clock.now_ms() // 1000:
            raise Problem("proof-expired")
        known = altcha.Payload.from_dict(msgspec.to_builtins(payload))
        result = altcha.verify_solution(known, self._key, hmac_key_secret=self._key_of_keys)
        if result.expired:  # by the wall clock, which the arena's follows slowly
            raise Problem("proof-expired")
        if not result.verified:
            raise Problem("bad-proof")
        return Proof(bytes.fromhex(parameters.nonce), parameters.expires_at, parameters.data.factor)


def _read(text: str) -> Payload:
    if len(text) > LONGEST:
        raise Problem("bad-proof")
    try:
        return _PAYLOAD.decode(a2b_base64(text.encode("ascii"), strict_mode=True))
    except (Base64Error, msgspec.DecodeError, ValueError, RecursionError) as error:
        raise Problem("bad-proof") from error
