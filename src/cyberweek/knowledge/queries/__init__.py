"""Reads of the item bank, contests, releases, and of what the arena has counted."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from django.db import connection
from django.db.models import Count, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, Sum

from cyberweek.kernel.models import AuditEvent
from cyberweek.kernel.queries import says
from cyberweek.knowledge.core.boards import BOARD_SIZE
from cyberweek.knowledge.core.changes import Changes, compare
from cyberweek.knowledge.core.contests import Fault, Rules, faults_of
from cyberweek.knowledge.core.practice import practice_share
from cyberweek.knowledge.core.ranking import places
from cyberweek.knowledge.core.release import Item as ReleasedItem
from cyberweek.knowledge.core.release import Pack, Quota, open_pack
from cyberweek.knowledge.core.terms import faults_of_terms
from cyberweek.knowledge.enums import ContestState, ItemState
from cyberweek.knowledge.models import Contest, Item, MinuteStanding, RegionStanding, Release, Top, Topic, TopicStanding
from cyberweek.regions.enums import Level
from cyberweek.regions.models import Region, Unit
from cyberweek.regions.queries import Scope, scope_of

from .groups import earlier_of, groups_of_pack

if TYPE_CHECKING:
    from cyberweek.accounts.models import User
    from cyberweek.editions.models import Edition

WITHHELD_BELOW = 10  # a public breakdown of fewer people than this is not shown

# -- Items --


def topics() -> QuerySet[Topic]:
    """All topics in their order."""
    return Topic.objects.all()


def _owned_above(scope: Scope) -> Q:
    """Owned by a unit over one of the person's: what is offered from above is there for those below."""
    above = Unit.objects.filter(pk__in=scope.units).annotate(above=Func(F("ancestry"), function="unnest"))
    return Q(owner__in=above.values("above"))


def items_visible_to(user: User) -> QuerySet[Item]:
    """Items of the person's own branch and region, and those of the units above."""
    scope = scope_of(user)
    return Item.objects.filter(scope.seeing("owner") | _owned_above(scope)).select_related("topic", "owner")


def items_found(
    items: QuerySet[Item], *, topic: str = "", kind: str = "", state: str = "", text: str = ""
) -> QuerySet[Item]:
    """The items that fit every filter given; `text` is looked for in the code and the question, in any language."""
    if topic:
        items = items.filter(topic=topic)
    if kind:
        items = items.filter(kind=kind)
    if state:
        items = items.filter(state=state)
    if text:
        items = items.filter(Q(code__icontains=text) | says(text, "stem"))
    return items


def items_by_state(items: QuerySet[Item]) -> dict[str, int]:
    """How many of these items are in each state; every state is named."""
    counted = dict(items.order_by().values_list("state").annotate(Count("pk")))
    return {state: counted.get(state, 0) for state in ItemState.values}


def bank_of(unit: Unit) -> QuerySet[Item]:
    """The ready items that a contest of this unit draws from: its own and those of the units above it."""
    return Item.objects.filter(state=ItemState.READY, owner__in=unit.ancestry)


def ready_by_topic(unit: Unit) -> dict[str, int]:
    """How many items `bank_of` has of each topic that it has any of."""
    return dict(bank_of(unit).order_by().values_list("topic").annotate(Count("pk")))


def codes_of(topic: Topic) -> set[str]:
    """All codes that begin with the topic: what new ones must differ from."""
    return set(Item.objects.filter(code__startswith=f"{topic.code}-").values_list("code", flat=True))


def history_of(item: Item) -> QuerySet[AuditEvent]:
    """What was done to an item, latest first."""
    return AuditEvent.objects.filter(noun="knowledge.item", key=item.code).select_related("actor")


# -- Contests --


def contests_visible_to(user: User) -> QuerySet[Contest]:
    """Contests of the person's own branch and region, and those of the units above; `asked`: items on a paper."""
    scope = scope_of(user)
    mine = Contest.objects.filter(scope.seeing("owner") | _owned_above(scope))
    return mine.select_related("owner", "edition").annotate(asked=Sum("quotas__count")).order_by("opens", "slug")


def contests_on_desk(user: User, edition: Edition) -> QuerySet[Contest]:
    """An edition's contests that the person sees, with their latest release (`release`), and who took part so far."""
    nation = edition.scope.ancestry[0]
    releases = Release.objects.filter(contest=OuterRef("slug"), published__isnull=False).order_by("-number")
    counted = RegionStanding.objects.filter(contest=OuterRef("slug"), region=nation)
    return (
        contests_visible_to(user)
        .filter(edition=edition)
        .annotate(
            release=Subquery(releases.values("number")[:1]), participants=Subquery(counted.values("participants")[:1])
        )
    )


def contests_published(edition: Edition) -> QuerySet[Contest]:
    """Contests of an edition that the public may open. What is played are the rules of `current_pack`."""
    return Contest.objects.filter(edition=edition, state=ContestState.PUBLISHED).select_related("edition")


def releases_of(contest: Contest) -> QuerySet[Release]:
    """All releases, newest first, without their contents."""
    return Release.objects.filter(contest=contest.slug).defer("pack").order_by("-number")


def current_release(contest: Contest) -> Release | None:
    """The release that new papers are drawn from."""
    return Release.objects.filter(contest=contest.slug, published__isnull=False).order_by("-number").first()


def pack_of(release: Release) -> Pack:
    """The contents of a release. Raises ReleaseRefusedError when they are not what was sealed."""
    return open_pack(bytes(release.pack), release.sha256)


def current_pack(contest: Contest) -> Pack | None:
    """The contents of the current release."""
    release = current_release(contest)
    return pack_of(release) if release else None


def practice_items(contest: Contest) -> tuple[ReleasedItem, ...]:
    """The practice share of the current release; kept in memory by its hash, since a release never changes."""
    release = releases_of(contest).filter(published__isnull=False).first()
    return _practice_items(release.contest, release.number, release.sha256) if release else ()


@lru_cache(maxsize=8)
def _practice_items(contest: str, number: int, sha256: str) -> tuple[ReleasedItem, ...]:
    release = Release.objects.get(contest=contest, number=number, sha256=sha256)
    return tuple(practice_share(pack_of(release)))


def draft_pack(contest: Contest, *, number: int) -> Pack:
    """The contest as it would be released now, with a fresh salt: four queries."""
    rules = contest.rules()
    quotas = list(contest.quotas.all())
    bank = bank_of(contest.owner).filter(topic__in=[quota.topic_id for quota in quotas]).order_by("code")
    return Pack(
        contest=contest.slug,
        number=number,
        title=dict(contest.title),
        opens=contest.opens,
        closes=contest.closes,
        zone=contest.zone,
        items=sum(quota.count for quota in quotas),
        minutes=contest.minutes,
        grace_seconds=contest.grace_seconds,
        attempts_per_day=contest.attempts_per_day,
        points=contest.points,
        blueprint=[Quota(quota.topic_id, quota.count) for quota in quotas],
        bank=[item.content() for item in bank],
        draw_salt=secrets.token_hex(16),
        form=rules.form,
        attempts_in_all=rules.attempts_in_all,
        groups=groups_of_pack(contest),
        closed=rules.closed,
        team_minimum=rules.team_minimum,
        stage=rules.stage,
        admitted=contest.admitted,
        draw=rules.draw,
    )


def faults_of_contest(rules: Rules, *, owner: Unit, edition: Edition, slug: str) -> list[Fault]:
    """Everything wrong with these rules, given the bank of the unit and the other contests of the edition."""
    terms = faults_of_terms(rules, slug=slug, earlier=earlier_of(rules, edition))
    return [*faults_of(rules, ready_by_topic(owner)), *terms]


def unreleased_changes(contest: Contest) -> Changes:
    """What a release made now would change against the current one."""
    release = current_release(contest)
    return compare(pack_of(release) if release else None, draft_pack(contest, number=1))


def changes_of(release: Release) -> Changes:
    """What a release changed against the one before it."""
    before = Release.objects.filter(contest=release.contest, number__lt=release.number).order_by("-number").first()
    return compare(pack_of(before) if before else None, pack_of(release))


def publishers_of(releases: Sequence[Release]) -> dict[int, str]:
    """Who published each release, by its id; releases that followed an edition's dates have nobody."""
    keys = [str(release.pk) for release in releases]
    events = AuditEvent.objects.filter(noun="knowledge.release", key__in=keys, actor__isnull=False)
    return {int(event.key): str(event.actor) for event in events.select_related("actor")}


# -- What the arena has counted --


class BoardRow(NamedTuple):
    rank: int
    nickname: str
    score: int
    seconds: int
    participant: str = ""


@dataclass(frozen=True)
class Board:
    """The best of a region; `count` is how many people have a place on it."""

    region: Region
    count: int
    rows: list[BoardRow]


class TopicFigure(NamedTuple):
    topic: Topic
    correct: int
    answered: int


class PartFigure(NamedTuple):
    """A region directly under the edition's; None where fewer people than are shown took part."""

    region: Region
    participants: int | None
    papers: int | None


class Figures(NamedTuple):
    """What a contest has come to. Practice rounds count nowhere."""

    participants: int
    papers: int
    topics: list[TopicFigure]
    parts: list[PartFigure]


def board_of(contest: Contest, region: Region) -> Board:
    """The first twenty of a region: best paper of each, more points first, then less time. Two queries."""
    top = Top.objects.filter(contest=contest.slug, region=region.code)
    found = top.order_by("-score", "seconds", "at_ms", "attempt").select_related("participant")
    rows = [(str(row.participant), row.score, row.seconds, str(row.participant_id)) for row in found[:BOARD_SIZE]]
    ranks = places((score, seconds) for _name, score, seconds, _who in rows)
    counted = RegionStanding.objects.filter(contest=contest.slug, region=region.code).first()
    return Board(
        region,
        counted.participants if counted else 0,
        [BoardRow(rank, *row) for rank, row in zip(ranks, rows, strict=True)],
    )


def figures_of(contest: Contest, *, withheld_below: int = WITHHELD_BELOW) -> Figures:
    """Participants, papers, right answers by topic, and the regions under the edition's. Four queries."""
    scope = contest.edition.scope
    parts = list(Region.objects.filter(parent=scope))
    wanted = [scope.ancestry[0], *(part.code for part in parts)]
    counted = {row.region: row for row in RegionStanding.objects.filter(contest=contest.slug, region__in=wanted)}
    answers = {row.topic: row for row in TopicStanding.objects.filter(contest=contest.slug)}
    total = counted.get(scope.ancestry[0])
    return Figures(
        participants=total.participants if total else 0,
        papers=total.papers if total else 0,
        topics=[
            TopicFigure(topic, answers[topic.code].correct, answers[topic.code].answered)
            for topic in topics()
            if topic.code in answers
        ],
        parts=[_part(part, counted.get(part.code), withheld_below) for part in parts],
    )


def _part(region: Region, counted: RegionStanding | None, withheld_below: int) -> PartFigure:
    participants = counted.participants if counted else 0
    if counted and participants < withheld_below:
        return PartFigure(region, None, None)
    return PartFigure(region, participants, counted.papers if counted else 0)


def papers_by_minute(contest: Contest, *, since: dt.datetime) -> list[tuple[dt.datetime, int]]:
    """Papers handed in, by the minute, from `since` on; minutes without any are left out."""
    rows = MinuteStanding.objects.filter(contest=contest.slug, minute__gte=int(since.timestamp()) // 60)
    return [(dt.datetime.fromtimestamp(row.minute * 60, dt.UTC), row.papers) for row in rows.order_by("minute")]


class RegionFigure(NamedTuple):
    region: Region
    participants: int
    papers: int


class LedgerHead(NamedTuple):
    """The newest batch of the ledger: its number and the hash (hex) that stands for everything up to it; "" for none."""

    batch: int
    hash: str


def region_figures(contest: Contest, regions: QuerySet[Region]) -> list[RegionFigure]:
    """What each of the regions has come to, in their order; nothing is withheld yet. Two queries."""
    found = list(regions)
    rows = RegionStanding.objects.filter(contest=contest.slug, region__in=[region.code for region in found])
    counted = {row.region: (row.participants, row.papers) for row in rows}
    return [RegionFigure(region, *counted.get(region.code, (0, 0))) for region in found]


def leading_cities(contest: Contest, *, limit: int, at_least: int = WITHHELD_BELOW) -> list[RegionFigure]:
    """Cities with most participants, a province without cities counting as one. Two queries."""
    has_city = Exists(Region.objects.filter(parent=OuterRef("pk"), level=Level.CITY))
    cities = Region.objects.filter(Q(level=Level.CITY) | (Q(level=Level.PROVINCE) & ~has_city)).order_by()
    rows = RegionStanding.objects.filter(
        contest=contest.slug, region__in=cities.values("code"), participants__gte=at_least
    ).order_by("-participants", "-papers", "region")[:limit]
    regions = Region.objects.select_related("parent").in_bulk([row.region for row in rows])
    return [RegionFigure(regions[row.region], row.participants, row.papers) for row in rows]


def ledger_head() -> LedgerHead:
    """The newest batch of the arena's ledger."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, encode(head, 'hex') FROM ledger_batch ORDER BY number DESC LIMIT 1")
        return LedgerHead(*(cursor.fetchone() or (0, "")))
