import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from cyberweek.kernel.core.tokens import from_text, to_text
from cyberweek.knowledge.core.chain import (
    GENESIS,
    Batch,
    ReceiptRefusedError,
    Tree,
    chain_head,
    climb,
    read_receipt,
    write_receipt,
)

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))


def sealed(entries):
    tree = Tree(entries)
    signature = KEY.sign(chain_head(GENESIS, 1, len(entries), 5, tree.root))
    return Batch(1, GENESIS, len(entries), 5, tree.root, signature), tree


@given(st.lists(st.binary(), min_size=1, max_size=40), st.data())
def test_every_entry_climbs_to_the_root(entries, data):
    tree = Tree(entries)
    position = data.draw(st.integers(0, len(entries) - 1))
    assert climb(entries[position], position, len(entries), tree.path(position)) == tree.root


@given(st.lists(st.binary(), min_size=1, max_size=9), st.data())
def test_a_receipt_holds_and_one_with_a_byte_changed_does_not(entries, data):
    batch, tree = sealed(entries)
    position = data.draw(st.integers(0, len(entries) - 1))
    text = write_receipt(batch, tree, position)
    receipt, head = read_receipt(text, KEY.public_key())
    assert (receipt.entry, head) == (entries[position], batch.head)
    raw = bytearray(from_text(text))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(ReceiptRefusedError):
        read_receipt(to_text(bytes(raw)), KEY.public_key())
