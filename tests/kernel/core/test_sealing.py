import pytest

from cyberweek.kernel.core.sealing import Sealer, UnreadableError


def test_what_is_sealed_opens_again_and_is_not_in_the_open():
    sealer = Sealer("secret", "winners")
    sealed = sealer.seal("王小明".encode(), "claim 1")
    assert "王小明".encode() not in sealed
    assert sealer.open(sealed, "claim 1") == "王小明".encode()
    assert sealer.seal("王小明".encode(), "claim 1") != sealed


@pytest.mark.parametrize(
    ("secret", "purpose", "thing", "change"),
    [
        ("another", "winners", "claim 1", lambda sealed: sealed),
        ("secret", "others", "claim 1", lambda sealed: sealed),
        ("secret", "winners", "claim 2", lambda sealed: sealed),
        ("secret", "winners", "claim 1", lambda sealed: sealed[:-1] + bytes([sealed[-1] ^ 1])),
        ("secret", "winners", "claim 1", lambda sealed: b""),
        ("secret", "winners", "claim 1", lambda sealed: sealed[:5]),
    ],
)
def test_with_another_key_for_another_thing_or_altered_it_does_not_open(secret, purpose, thing, change):
    sealed = Sealer("secret", "winners").seal(b"contact", "claim 1")
    with pytest.raises(UnreadableError):
        Sealer(secret, purpose).open(change(sealed), thing)
