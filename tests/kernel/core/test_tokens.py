import pytest
from hypothesis import given
from hypothesis import strategies as st

from cyberweek.kernel.core.tokens import ForgedTokenError, Signer, from_text, to_text

signer = Signer("a secret", "ticket")


@given(st.binary())
def test_what_was_sealed_is_opened(payload):
    assert signer.open(signer.seal(payload)) == payload


@given(st.binary(min_size=1), st.data())
def test_a_token_with_any_character_changed_is_refused(payload, data):
    token = signer.seal(payload)
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters().filter(lambda character: character != token[place]))
    with pytest.raises(ForgedTokenError):
        signer.open(token[:place] + other + token[place + 1 :])


@pytest.mark.parametrize("token", ["", ".", "a.b", "é.é", "a" * 1000])
def test_what_is_no_token_is_refused(token):
    with pytest.raises(ForgedTokenError):
        signer.open(token)


def test_a_token_for_one_purpose_or_secret_is_none_for_another():
    token = signer.seal(b"payload")
    for other in (Signer("a secret", "passport"), Signer("another secret", "ticket")):
        with pytest.raises(ForgedTokenError):
            other.open(token)


@given(st.binary())
def test_bytes_as_text_are_read_back(data):
    assert from_text(to_text(data)) == data
