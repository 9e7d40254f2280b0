"""Reads of rulings that were made: exclusions, objections, regrades, and the results that were before them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from cyberweek.knowledge.core.ranking import places
from cyberweek.knowledge.enums import ExclusionReason, ObjectionState
from cyberweek.knowledge.models import Contest, Exclusion, Objection, Regrade, RegradePreview, Release, ResultVersion
from cyberweek.passport.queries import nicknames_of
from cyberweek.regions.models import Region

if TYPE_CHECKING:
    from cyberweek.knowledge.core.regrades import Move, Preview, Row


class ExclusionCount(NamedTuple):
    """How many were excluded for a kind of reason, and for how many that was taken back."""

    category: ExclusionReason
    excluded: int
    lifted: int


class NamedRow(NamedTuple):
    """A place on a board as it was; `nickname` is empty when it has been deleted since."""

    rank: int
    participant: str
    nickname: str
    score: int
    seconds: int


def exclusions_of(contest: Contest) -> QuerySet[Exclusion]:
    """All exclusions, newest first, with who made them and the objection."""
    return Exclusion.objects.filter(contest=contest).select_related("by", "lifted_by", "objection", "contest__owner")


def exclusion_of(contest: Contest, participant: UUID) -> Exclusion | None:
    """The exclusion in force; else the latest one that was lifted."""
    return exclusions_of(contest).filter(participant=participant).order_by("-pk").first()


def objections_of(contest: Contest) -> QuerySet[Objection]:
    """Those that wait first, longest waiting on top."""
    found = Objection.objects.filter(exclusion__contest=contest)
    return found.select_related("exclusion__contest__owner", "excluder", "decided_by").order_by("decided", "at")


def objections_waiting(contest: Contest) -> int:
    """How many objections wait for a decision."""
    return Objection.objects.filter(exclusion__contest=contest, state=ObjectionState.OPEN).count()


def exclusion_counts(contest: Contest) -> list[ExclusionCount]:
    """What the public is told of exclusions: kinds of reason and numbers, most first."""
    rows = Exclusion.objects.filter(contest=contest).order_by().values_list("category")
    counted = rows.annotate(n=Count("pk"), lifted=Count("pk", filter=Q(lifted__isnull=False))).order_by(
        "-n", "category"
    )
    return [ExclusionCount(ExclusionReason(category), n, lifted) for category, n, lifted in counted]


def versions_of(contest: Contest) -> QuerySet[ResultVersion]:
    """Earlier results, newest first, without their boards."""
    return ResultVersion.objects.filter(contest=contest).defer("tops").order_by("-number")


def board_then(version: ResultVersion, region: Region) -> list[NamedRow]:
    """The first twenty of a region in an earlier result, by the nicknames that are still there."""
    rows = version.tops.get(region.code, [])
    names = nicknames_of([row[0] for row in rows])
    ranks = places((score, seconds) for _who, score, seconds in rows)
    return [
        NamedRow(rank, who, names.get(who, ""), score, seconds)
        for rank, (who, score, seconds) in zip(ranks, rows, strict=True)
    ]


def regions_then(version: ResultVersion) -> list[Region]:
    """The regions whose boards an earlier result keeps."""
    return list(Region.objects.filter(code__in=version.tops.keys()).order_by("ancestry"))


# -- Regrades --


def regrade_choices(contest: Contest) -> list[Release]:
    """Releases by whose keys earlier papers may be marked: later than the first and than a regrade in force."""
    done = Regrade.objects.filter(contest=contest).order_by("-release").values_list("release", flat=True).first()
    least = max(1, done or 0)
    found = Release.objects.filter(contest=contest.slug, published__isnull=False, number__gt=least)
    return list(found.defer("pack").order_by("-number"))


def regrades_of(contest: Contest) -> QuerySet[Regrade]:
    """Regrades that were applied, the one in force first."""
    return Regrade.objects.filter(contest=contest).select_related("by", "preview")


def previews_of(contest: Contest) -> QuerySet[RegradePreview]:
    """Previews of regrades, newest first."""
    return RegradePreview.objects.filter(contest=contest).select_related(
        "by", "contest__owner", "contest__edition__scope"
    )


def people_in(preview: Preview) -> list[str]:
    """Everybody whom a preview names."""
    rows: list[Row | Move] = [*preview.before, *preview.after, *preview.gains, *preview.losses]
    lines = [who for line in preview.lines for who in (*line.gainers, *line.losers)]
    return sorted({row.participant for row in rows} | {*lines})
