import pytest

from cyberweek.kernel.core.tokens import ForgedTokenError
from cyberweek.passport.core.passports import Passport, PassportOffice

MINE = Passport("5334863e-37ae-4bd0-9d34-67621abf5a51", "350203", "12-17", "education", "小明", 2_000)


def test_a_passport_is_known_again_until_its_time_is_over():
    office = PassportOffice("secret")
    assert office.open(office.issue(MINE), 1_999) == MINE
    with pytest.raises(ForgedTokenError):
        office.open(office.issue(MINE), 2_000)


@pytest.mark.parametrize(
    "token", ["", "x", "x.y", "é.é", "." * 5, "a" * 1_000_000, PassportOffice("other").issue(MINE)]
)
def test_what_we_did_not_issue_is_refused(token):
    with pytest.raises(ForgedTokenError):
        PassportOffice("secret").open(token, 0)
