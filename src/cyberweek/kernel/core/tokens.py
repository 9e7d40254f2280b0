"""Signed tokens: text that we hand out and believe again only if it comes back unchanged.

A token is `<payload in base64url>.<mac in hex>`. The MAC (keyed BLAKE2b, 128 bits: one call, a third of HMAC's time) is
taken over the payload as written, so that there is exactly one text for a payload. Expiry is the payload's business.
Each purpose has a key of its own: a passport is no ticket.
"""

import hmac
from binascii import a2b_base64, b2a_base64
from hashlib import blake2b
from typing import Final

_DOMAIN: Final = b"cyberweek key for "
_MAC_BYTES: Final = 16
_TO_URL: Final = bytes.maketrans(b"+/", b"-_")
_FROM_URL: Final = bytes.maketrans(b"-_+/", b"+/??")


class ForgedTokenError(ValueError):
    """The token was not issued by us for this purpose, or it was altered."""


def derive_key(secret: str, purpose: str) -> bytes:
    """A 32-byte key for one purpose; knowing it tells nothing of the secret or of another purpose's key."""
    return hmac.digest(secret.encode(), _DOMAIN + purpose.encode(), "sha256")


def to_text(data: bytes) -> str:
    return b2a_base64(data, newline=False).rstrip(b"=").translate(_TO_URL).decode()


def from_text(text: str) -> bytes:
    """Raises ValueError for what is not base64url."""
    padded = text.encode("ascii") + b"=" * (-len(text) % 4)
    return a2b_base64(padded.translate(_FROM_URL), strict_mode=True)


class Signer:
    def __init__(self, secret: str, purpose: str) -> None:
        self._key = derive_key(secret, purpose)

    def seal(self, payload: bytes) -> str:
        body = to_text(payload)
        return f"{body}.{self._mac(body)}"

    def open(self, token: str) -> bytes:
        body, _, mac = token.partition(".")
        try:
            if hmac.compare_digest(mac, self._mac(body)):
                return from_text(body)
        except (TypeError, ValueError):  # characters outside ASCII
            pass
        raise ForgedTokenError("not a token of ours")

    def _mac(self, body: str) -> str:
        return blake2b(body.encode(), digest_size=_MAC_BYTES, key=self._key).hexdigest()
