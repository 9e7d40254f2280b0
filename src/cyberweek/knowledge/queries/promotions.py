"""Reads of the promotion from one contest to the next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import msgspec
from django.db import connection

from cyberweek.knowledge.core.promotion import Promotion, Row, promote
from cyberweek.knowledge.core.regrades import Following
from cyberweek.knowledge.core.release import Stage
from cyberweek.knowledge.models import Contest, Declined, Promoted
from cyberweek.regions.models import Region

# Enough of the board for any outcome of the rule: the best of all, and the best of each region of the quota's level.
_BOARD = """
    WITH board AS (
        SELECT participant, ancestry, score, seconds, at_ms, attempt,
            row_number() OVER (ORDER BY score DESC, seconds, at_ms, attempt) AS place
        FROM standing_best WHERE contest = %(contest)s
    ), homes AS (
        SELECT board.*, coalesce(r.code, '') AS region, row_number() OVER (PARTITION BY r.code ORDER BY place) AS at_home
        FROM board LEFT JOIN regions_region r ON r.level = %(level)s AND r.code = ANY(board.ancestry)
    )
    SELECT participant::text, region, score, seconds, at_ms, attempt::text FROM homes
    WHERE place <= %(of_all)s OR (region <> '' AND at_home <= %(of_region)s)
"""


def stage_of(contest: Contest) -> Stage | None:
    """The promotion rule of a contest that follows another one."""
    return contest.rules().stage


def earlier_contest(contest: Contest) -> Contest | None:
    """The contest whose board decides who plays this one."""
    if not contest.stage:
        return None
    return Contest.objects.filter(edition=contest.edition_id, slug=contest.stage["after"]).first()


def contests_after(contest: Contest) -> list[Contest]:
    """The contests that this one's best go on to."""
    return list(Contest.objects.filter(edition=contest.edition_id, stage__after=contest.slug).order_by("opens", "pk"))


def followings_of(contest: Contest) -> list[Following]:
    """The same as a regrade's preview wants them. Two queries, and one for each."""
    regions = {
        code: (level, ancestry) for code, level, ancestry in Region.objects.values_list("code", "level", "ancestry")
    }
    followings = []
    for later in contests_after(contest):
        rule = msgspec.convert(later.stage, Stage)
        level = rule.per_region.level if rule.per_region else None
        homes = {
            code: next((above for above in ancestry if regions[above][0] == level), "")
            for code, (_level, ancestry) in regions.items()
        }
        declined = frozenset(str(one) for one in later.declined.values_list("participant_id", flat=True))
        followings.append(Following(later.slug, rule, homes, declined))
    return followings


def promotion_of(contest: Contest, *, now: dt.datetime) -> Promotion | None:
    """The promotion as the board of the earlier contest has it now; None before that has closed, or without a stage."""
    rule, earlier = stage_of(contest), earlier_contest(contest)
    if rule is None or earlier is None or now < earlier.closes + dt.timedelta(seconds=earlier.grace_seconds):
        return None
    declined = {str(one) for one in contest.declined.values_list("participant_id", flat=True)}
    return promote(_board(earlier, rule, len(declined)), rule, declined)


def _board(earlier: Contest, rule: Stage, declined: int) -> list[Row]:
    quota = rule.per_region
    regions = Region.objects.filter(level=quota.level).count() if quota else 0
    of_region = (quota.count if quota else 0) + declined
    asked: dict[str, str | int] = {
        "contest": earlier.slug, "level": quota.level if quota else "", "of_region": of_region,
        "of_all": regions * (quota.count if quota else 0) + rule.top + rule.reserve + declined + 1,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_BOARD, asked)
        return [Row(*row) for row in cursor]


def declined_of(contest: Contest) -> list[Declined]:
    """Who gave a place up, first to last."""
    return list(contest.declined.all())


def promotion_list(contest: Contest) -> list[Promoted]:
    """The list as it was published last, in its order. One query."""
    return list(contest.promoted.all())


def names_of_regions(codes: Iterable[str]) -> dict[str, Any]:
    """Regions' names by code."""
    return {region.code: region.name for region in Region.objects.filter(code__in=set(codes))}
