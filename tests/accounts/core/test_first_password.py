from __future__ import annotations

from cyberweek.accounts.core.first_password import LETTERS, make_first_password


def test_a_first_password_is_long_and_never_the_same():
    made = {make_first_password() for _ in range(200)}

    assert len(made) == 200
    assert all(len(one) == 19 and set(one.replace("-", "")) <= set(LETTERS) for one in made)


def test_no_letter_is_mistaken_for_another():
    assert not set("il1o0") & set(LETTERS)
