"""Reads of a contest's groups, of its stages, and of the teams' figures."""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings
from django.db import connection

from cyberweek.editions.models import Edition
from cyberweek.knowledge.core import release
from cyberweek.knowledge.core.contests import Earlier, Rules
from cyberweek.knowledge.core.groups import TeamFigure, TeamRow, code_sha256, group_code, rank_teams
from cyberweek.knowledge.models import Contest, Group

_TEAMS = """
    SELECT substr(region, 6), sum(participants), sum(participants * score), sum(participants * seconds)
    FROM standing_histogram WHERE contest = %s AND region LIKE 'team:%%' AND participants > 0 GROUP BY region
"""


class Card(NamedTuple):
    """A group with its code in clear, for whoever may print it."""

    group: Group
    code: str


def code_of(group: Group) -> str:
    """The code of a group of today's generation."""
    return group_code(settings.SECRET_KEY, group.contest.slug, group.code, group.generation)


def cards_of(contest: Contest) -> list[Card]:
    """Every group of a contest with its code, by short name. One query."""
    return [Card(group, code_of(group)) for group in contest.groups.select_related("contest")]


def groups_of_pack(contest: Contest) -> list[release.Group]:
    """The groups as a release holds them: names, and the hashes of the codes that are good."""
    return [
        release.Group(card.group.code, dict(card.group.name), None if card.group.withdrawn else code_sha256(card.code))
        for card in cards_of(contest)
    ]


def team_board(contest: Contest, minimum: int) -> list[TeamRow]:
    """The teams of a contest that somebody has played for, ranked by the average of their members' best papers."""
    with connection.cursor() as cursor:
        cursor.execute(_TEAMS, [contest.slug])
        figures = [
            TeamFigure(team, int(members), int(points), int(seconds)) for team, members, points, seconds in cursor
        ]
    return rank_teams(figures, minimum)


def earlier_of(rules: Rules, edition: Edition) -> Earlier | None:
    """What is known of the contest that a stage follows; None when there is no such contest in the edition."""
    if rules.stage is None:
        return None
    stages = {contest.slug: contest for contest in Contest.objects.filter(edition=edition)}
    after = stages.get(rules.stage.after)
    if after is None:
        return None
    chain = [after.slug]
    while (before := stages[chain[-1]].stage) and before["after"] in stages and before["after"] not in chain:
        chain.append(before["after"])
    return Earlier(after.closes, tuple(chain))


def stages_after(contest: Contest) -> list[Contest]:
    """The contests that follow this one, the first to open first."""
    return list(Contest.objects.filter(edition=contest.edition_id, stage__after=contest.slug).order_by("opens"))
