from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from django.db import IntegrityError, transaction

from cyberweek.editions.models import Edition
from cyberweek.kernel.actions import record, snapshot
from cyberweek.knowledge.core.contests import Fault, Rules, faults_of_change, faults_of_slug
from cyberweek.knowledge.models import Contest, Group, Quota
from cyberweek.knowledge.queries import current_release, faults_of_contest, topics
from cyberweek.knowledge.queries.groups import stages_after
from cyberweek.regions.enums import Level
from cyberweek.regions.models import Unit

from .refusals import ContestRefusedError
from .releases import publish_release

if TYPE_CHECKING:
    from cyberweek.accounts.models import User

_FIELDS = (
    "title", "opens", "closes", "zone", "minutes", "attempts_per_day", "points", "grace_seconds", "practice", "state",
    "form", "attempts_in_all", "closed", "team_minimum", "draw", "stage", "objections_until",
)  # fmt: skip
_SAMPLE_ITEMS_OF_EACH_TOPIC = 2


@transaction.atomic
def create_contest(
    *, edition: Edition, owner: Unit, slug: str, title: Mapping[str, str], rules: Rules, by: User | None
) -> Contest:
    """Add a contest, as a draft that nobody plays before its first release. Raises
    ContestRefusedError, also when the short name is taken."""
    _refuse([*faults_of_slug(slug), *faults_of_contest(rules, owner=owner, edition=edition, slug=slug)])
    contest = Contest(edition=edition, owner=owner, slug=slug, title=dict(title))
    try:
        with transaction.atomic():
            _write(contest, rules)
    except IntegrityError as error:
        if Contest.objects.filter(slug=slug).exists():
            raise ContestRefusedError([Fault("slug", "taken-slug", {"slug": slug})]) from error
        raise
    _note(contest, "contest.create", by=by, before={})
    return contest


@transaction.atomic
def edit_contest(
    *, contest: Contest, title: Mapping[str, str], rules: Rules, by: User | None, now: dt.datetime
) -> Contest:
    """Change title and rules; players get them with the next release. Once the contest has opened, only what keeps
    papers equal may change. Raises ContestRefusedError."""
    contest = Contest.objects.select_for_update(of=("self",)).select_related("owner", "edition").get(pk=contest.pk)
    before = contest.rules()
    faults = faults_of_contest(rules, owner=contest.owner, edition=contest.edition, slug=contest.slug)
    for stage in stages_after(contest):
        if stage.opens < rules.closes:
            faults.append(Fault("closes", "closes-after-stage", {"title": stage.title}))
    if contest.admitted is not None and before.stage != rules.stage:
        faults.append(Fault("stage_after", "promotion-out", {}))
    if contest.has_opened(now):
        faults += faults_of_change(before, rules)
    _refuse(faults)
    told = _told(contest)
    contest.title = dict(title)
    _write(contest, rules)
    _note(contest, "contest.edit", by=by, before=told)
    return contest


@transaction.atomic
def open_sample_contest(*, edition: Edition, by: User | None, now: dt.datetime) -> Contest:
    """The contest of a sample edition, published: two items of each topic, open from the first day's midnight to the
    last day's. Done before, it is given back as it is. Its short name is `national`, or the edition's where that is
    taken. Wants the bank that ships (`manage loaditems`): raises ContestRefusedError when items are missing."""
    slug = edition.slug if Contest.objects.exclude(edition=edition).filter(slug="national").exists() else "national"
    contest = Contest.objects.filter(edition=edition, slug=slug).first()
    if contest is None:
        opens = dt.datetime.combine(edition.starts, dt.time(), edition.tz)
        closes = dt.datetime.combine(edition.ends + dt.timedelta(days=1), dt.time(), edition.tz)
        blueprint = {topic.code: _SAMPLE_ITEMS_OF_EACH_TOPIC for topic in topics()}
        rules = Rules(
            opens=opens, closes=closes, zone=edition.zone, minutes=10, attempts_per_day=3, points=5, grace_seconds=30,
            practice=True, blueprint=blueprint,
        )  # fmt: skip
        title = _sample_title(edition)
        contest = create_contest(edition=edition, owner=edition.owner, slug=slug, title=title, rules=rules, by=by)
    if current_release(contest) is None:
        publish_release(contest=contest, by=by, now=now)
        contest.refresh_from_db()
    return contest


def _sample_title(edition: Edition) -> dict[str, str]:
    if edition.scope.level == Level.NATION:
        return {"zh-Hans": "全国网络安全知识竞赛", "en": "National cybersecurity knowledge contest"}
    place = edition.scope.name
    return {
        "zh-Hans": f"{place.in_language('zh-Hans')}网络安全知识竞赛",
        "en": f"{place.in_language('en')} cybersecurity knowledge contest",
    }


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        raise ContestRefusedError(faults)


def _write(contest: Contest, rules: Rules) -> None:
    values = rules._asdict()
    blueprint, groups = values.pop("blueprint"), values.pop("groups")
    for name, value in values.items():
        setattr(contest, name, msgspec.to_builtins(value) if isinstance(value, msgspec.Struct) else value)
    contest.save()
    _write_groups(contest, groups)
    contest.quotas.all().delete()
    Quota.objects.bulk_create(
        Quota(contest=contest, topic_id=topic, count=count) for topic, count in blueprint.items() if count
    )


def _write_groups(contest: Contest, groups: Mapping[str, Mapping[str, str]]) -> None:
    """Those that stay keep the generation of their code."""
    contest.groups.exclude(code__in=groups).delete()
    Group.objects.bulk_create(
        [Group(contest=contest, code=code, name=dict(name)) for code, name in groups.items()],
        update_conflicts=True, unique_fields=["contest", "code"], update_fields=["name"],
    )  # fmt: skip


def _told(contest: Contest) -> dict[str, Any]:
    rules = contest.rules()
    return {**snapshot(contest, _FIELDS), "blueprint": dict(rules.blueprint), "groups": sorted(rules.groups)}


def _note(contest: Contest, verb: str, *, by: User | None, before: Mapping[str, Any]) -> None:
    record(actor=by, verb=verb, thing=contest, unit=contest.owner_id, before=before, after=_told(contest))
