"""What a winner leaves so that the prize can reach them: read and written as bytes, which are sealed before they rest."""

from typing import Final

import msgspec


class ContactDetails(msgspec.Struct, frozen=True):
    name: str
    reach: str
    """A telephone number or a mail address."""
    address: str = ""
    confirmed_name: str = ""
    """The name as an OpenID Connect provider gave it."""
    confirmed_by: str = ""
    """That provider's address."""


_DECODER: Final = msgspec.json.Decoder(ContactDetails)


def to_bytes(details: ContactDetails) -> bytes:
    return msgspec.json.encode(details)


def from_bytes(data: bytes) -> ContactDetails:
    """Raises ValueError for what was not written by `to_bytes`."""
    return _DECODER.decode(data)
