"""Who is asking, as far as the network tells: the client's address behind proxies that we trust, and its block.

The peer of the connection is a fact. What X-Forwarded-For says is believed only hop by hop from the right, and only as
long as the hop that wrote it is one of ours: a client may write into that header whatever it likes, to the left.
"""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

IPV6_BLOCK: Final = 48
_MOST_HOPS: Final = 32
_LONGEST: Final = 64


@lru_cache(maxsize=16)
def trusted_networks(text: str) -> tuple[Network, ...]:
    """The addresses and networks of a comma-separated list. Raises ValueError for what is neither."""
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


def client_address(peer: str, forwarded_for: str, trusted: Iterable[Network]) -> Address | None:
    """The address nearest to the client that a trusted hop has vouched for; None when even the peer has none."""
    trusted = tuple(trusted)
    address = read_address(peer)
    if address is None:
        return None
    hops = forwarded_for.rsplit(",", _MOST_HOPS)[-_MOST_HOPS:] if forwarded_for else []
    for hop in reversed(hops):
        if not any(address in network for network in trusted):
            break
        nearer = read_address(hop)
        if nearer is None:
            break
        address = nearer
    return address


def read_address(text: str) -> Address | None:
    """An address with or without port, brackets and zone; an IPv4 address in IPv6 clothes is IPv4. None for no address."""
    text = text.strip().strip('"')
    if len(text) > _LONGEST:
        return None
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address


def block_of(address: Address | None) -> bytes:
    """What counts as one network: an IPv4 address, an IPv6 /48. Who has no address shares one block with the like.

    A school sits behind one IPv4 address, and its neighbours in the /24 are other schools; a site of IPv6 has a /48.
    """
    if address is None:
        return b"unknown"
    if isinstance(address, IPv4Address):
        return b"4" + address.packed
    return b"6" + address.packed[: IPV6_BLOCK // 8]
