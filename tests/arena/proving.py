"""Solving a challenge as a phone would: with ALTCHA's own library."""

import altcha
import msgspec


def solved(challenge):
    """The text for `proof`, from the challenge's JSON as a dictionary."""
    found = altcha.Challenge.from_dict(challenge)
    solution = altcha.solve_challenge(found)
    return altcha.Payload(found, solution).to_base64()


async def proof_from(client, **headers):
    answer = await client.get("/arena/v1/challenge", headers=headers)
    assert answer.status_code == 200, answer.text
    return solved(msgspec.json.decode(answer.content))
