"""The passport that a participant carries: who plays, in a signed text. It is stored nowhere but with its holder."""

from typing import Final

import msgspec

from cyberweek.kernel.core.tokens import ForgedTokenError, Signer

PASSPORT_MS: Final = 400 * 24 * 3600 * 1000


class Passport(msgspec.Struct, frozen=True, array_like=True, gc=False):
    participant: str
    region: str
    band: str
    sector: str
    nickname: str
    expires_ms: int


class PassportOffice:
    """Issues passports, and knows its own again."""

    def __init__(self, secret: str) -> None:
        self._signer = Signer(secret, "arena passport")
        self._read = msgspec.msgpack.Decoder(Passport).decode

    def issue(self, passport: Passport) -> str:
        return self._signer.seal(msgspec.msgpack.encode(passport))

    def open(self, token: str, now_ms: int) -> Passport:
        """Raises ForgedTokenError when it was not issued here, was altered, or has expired."""
        passport = self._read(self._signer.open(token))
        if passport.expires_ms <= now_ms:
            raise ForgedTokenError("expired")
        return passport
