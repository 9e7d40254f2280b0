import pytest
from hypothesis import given
from hypothesis import strategies as st

from cyberweek.kernel.core.addresses import block_of, client_address, read_address, trusted_networks

PROXY = trusted_networks("10.0.0.0/8, 2001:db8:ffff::/48")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.0.2.7", "192.0.2.7"),
        (" 192.0.2.7 ", "192.0.2.7"),
        ("192.0.2.7:5123", "192.0.2.7"),
        ('"[2001:db8::1]:443"', "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("[fe80::1%25eth0]:80", "fe80::1"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
    ],
)
def test_an_address_is_read_in_every_usual_form(text, address):
    assert str(read_address(text)) == address


@pytest.mark.parametrize("text", ["", "unknown", "_hidden", "999.1.1.1", "1.2.3", "x" * 100_000, "[", "%", "١٢٣.1.1.1"])
def test_what_is_no_address_is_none(text):
    assert read_address(text) is None


@pytest.mark.parametrize(
    ("peer", "header", "client"),
    [
        ("203.0.113.5", "198.51.100.9", "203.0.113.5"),  # nobody vouches: the header is the client's own invention
        ("10.0.0.1", "198.51.100.9", "198.51.100.9"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.9", "198.51.100.9"),  # the left was written by the client
        ("10.0.0.1", "198.51.100.9, 10.2.3.4", "198.51.100.9"),  # two proxies of ours
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.9, nonsense", "10.0.0.1"),
        ("10.0.0.1", "1.1.1.1," * 10_000 + "198.51.100.9", "198.51.100.9"),
        ("2001:db8:ffff::1", "[2001:db8:1::7%eth0]:99", "2001:db8:1::7"),
        ("::ffff:10.0.0.1", "198.51.100.9", "198.51.100.9"),
    ],
)
def test_a_forwarded_address_is_believed_only_from_a_trusted_hop(peer, header, client):
    assert str(client_address(peer, header, PROXY)) == client


def test_without_trusted_proxies_the_header_is_not_read():
    assert str(client_address("203.0.113.5", "198.51.100.9", ())) == "203.0.113.5"
    assert client_address("", "198.51.100.9", ()) is None


@given(st.text(max_size=200), st.text(max_size=200))
def test_no_header_breaks_the_reading(peer, header):
    block_of(client_address(peer, header, PROXY))


def test_a_block_is_an_ipv4_address_or_an_ipv6_site():
    def block(text):
        return block_of(read_address(text))

    assert block("192.0.2.7") != block("192.0.2.8")
    assert block("2001:db8:1:2::7") == block("2001:db8:1:ffff::1")
    assert block("2001:db8:1::7") != block("2001:db8:2::7")
    assert block("::ffff:192.0.2.7") == block("192.0.2.7")
    assert block("nonsense") == block("")


@pytest.mark.parametrize("text", ["10.0.0.0/33", "proxy.example", "10.0.0.1/8", "10.0.0.1;10.0.0.2"])
def test_a_list_of_proxies_with_something_else_in_it_is_refused(text):
    with pytest.raises(ValueError):
        trusted_networks(text)
