"""Groups of a contest, the codes that let people in, and the ranking of teams.

A code is derived, not stored: HMAC-SHA256 under a key for this purpose, over contest, group and generation, as ten
characters of an alphabet without look-alikes. So it can be printed again, the pack holds only its SHA-256, and a code
that leaked is replaced by the next generation. 30^10 codes: at 10,000 guesses a second against a thousand groups,
the first hit is to be expected after more than a year.
"""

import hmac
import unicodedata
from collections.abc import Iterable
from fractions import Fraction
from hashlib import sha256
from typing import Final, NamedTuple

from cyberweek.kernel.core.tokens import derive_key

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH: Final = 10


def group_code(secret: str, contest: str, group: str, generation: int) -> str:
    """The code as it is printed: two halves with a hyphen between."""
    message = f"{contest}\n{group}\n{generation}".encode()
    number = int.from_bytes(hmac.digest(derive_key(secret, "group code"), message, "sha256"))
    letters = ""
    for _ in range(CODE_LENGTH):
        number, place = divmod(number, len(ALPHABET))
        letters += ALPHABET[place]
    return f"{letters[:5]}-{letters[5:]}"


def code_sha256(code: str) -> str:
    """What the pack keeps of a code. However it was typed: small letters, full width, spaces and hyphens are forgiven."""
    plain = unicodedata.normalize("NFKC", code).upper()
    return sha256("".join(filter(str.isalnum, plain)).encode()).hexdigest()


class TeamFigure(NamedTuple):
    """The best papers of a team's members, added up."""

    team: str
    members: int
    points: int
    seconds: int


class TeamRow(NamedTuple):
    """`place` is None for a team with too few members: then nothing of it but its name is shown."""

    place: int | None
    team: str
    members: int
    average: Fraction
    seconds: Fraction


def rank_teams(figures: Iterable[TeamFigure], minimum: int) -> list[TeamRow]:
    """More points on average first, then less time on average; a place is shared only when both are equal. Teams with
    fewer than `minimum` members come last, unranked, by their id."""
    rows = [
        TeamRow(None, figure.team, figure.members, *_averages(figure))
        for figure in sorted(figures, key=lambda figure: figure.team)
    ]
    ranked = sorted(
        (row for row in rows if row.members >= max(1, minimum)), key=lambda row: (-row.average, row.seconds)
    )
    places: list[TeamRow] = []
    for position, row in enumerate(ranked, 1):
        last = places[-1] if places else None
        shared = last is not None and (last.average, last.seconds) == (row.average, row.seconds)
        places.append(row._replace(place=last.place if last and shared else position))
    return places + [row for row in rows if row.members < max(1, minimum)]


def _averages(figure: TeamFigure) -> tuple[Fraction, Fraction]:
    members = figure.members or 1
    return Fraction(figure.points, members), Fraction(figure.seconds, members)
