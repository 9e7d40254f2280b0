"""A passport as text: who plays, signed. The arena issues it; pages that must know a participant again read it here."""

from typing import Final

import msgspec

from cyberweek.kernel.core.tokens import ForgedTokenError, Signer

PASSPORT_MS: Final = 400 * 24 * 3600 * 1000
LONGEST: Final = 2048
"""Characters; ours have about 200."""


class PassportRefusedError(ValueError):
    """The text is no passport of ours, or its time is over."""


class Passport(msgspec.Struct, frozen=True, array_like=True, gc=False):
    participant: str
    region: str
    band: str
    sector: str
    nickname: str
    expires_ms: int


class PassportOffice:
    """Issues passports and knows its own again."""

    def __init__(self, secret: str) -> None:
        self._signer = Signer(secret, "arena passport")
        self._read = msgspec.msgpack.Decoder(Passport).decode

    def issue(self, passport: Passport) -> str:
        return self._signer.seal(msgspec.msgpack.encode(passport))

    def read(self, token: str, now_ms: int) -> Passport:
        """Raises PassportRefusedError when it is forged, altered or expired."""
        if len(token) > LONGEST:
            raise PassportRefusedError("too long")
        try:
            passport = self._read(self._signer.open(token))
        except ForgedTokenError as error:
            raise PassportRefusedError("not issued here") from error
        if passport.expires_ms <= now_ms:
            raise PassportRefusedError("expired")
        return passport
