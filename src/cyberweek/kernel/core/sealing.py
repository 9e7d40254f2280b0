"""Text that only we can read again: AES-256-GCM, bound to the thing that it is kept for."""

import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cyberweek.kernel.core.tokens import derive_key

_NONCE_BYTES: Final = 12


class UnreadableError(ValueError):
    """It was sealed with another key, for another thing, or it was altered."""


class Sealer:
    """Seals with a key for one purpose."""

    def __init__(self, secret: str, purpose: str) -> None:
        self._cipher = AESGCM(derive_key(secret, purpose))

    def seal(self, data: bytes, thing: str) -> bytes:
        """`thing` is what the data belongs to; under another name it does not open."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, data, thing.encode())

    def open(self, sealed: bytes, thing: str) -> bytes:
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], thing.encode())
        except (InvalidTag, ValueError) as error:
            raise UnreadableError("it does not open") from error
