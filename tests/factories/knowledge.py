from __future__ import annotations

import datetime as dt

import msgspec

from cyberweek.editions.models import Edition
from cyberweek.knowledge.actions import create_contest, create_item, publish_release
from cyberweek.knowledge.core import contests, release
from cyberweek.knowledge.models import Contest, Item, Topic
from cyberweek.regions.models import Unit

from . import numbers

NOW = dt.datetime(2019, 9, 19, 6, 0, tzinfo=dt.UTC)
_numbers = numbers()


def make_topic(code: str = "phishing", *, hue: int = 1) -> Topic:
    topic, _ = Topic.objects.get_or_create(
        code=code, defaults={"name": {"zh-Hans": f"主题{code}", "en": f"Topic {code}"}, "hue": hue, "order": 1}
    )
    return topic


def content(code: str = "", *, topic: str = "phishing", kind: str = "single", **fields) -> release.Item:
    """An item with nothing wrong: four options, of which a is right (a and b of several)."""
    letters = ("true", "false") if kind == "true-false" else ("a", "b", "c", "d")
    told = {
        "id": code or f"{topic}-{next(_numbers)}",
        "topic": topic,
        "kind": kind,
        "stem": {"zh-Hans": "收到陌生链接怎么办？", "en": "What to do with a link from a stranger?"},
        "options": [{"id": one, "text": {"zh-Hans": f"做法{one}", "en": f"Way {one}"}} for one in letters],
        "key": list(letters[: 2 if kind == "multiple" else 1]),
        "explanation": {"zh-Hans": "自己从官方入口进去。", "en": "Go through the entrance you know."},
        "reference": {"kind": "guide", "title": {"zh-Hans": "通行做法", "en": "Common practice"}},
    }
    return msgspec.convert(told | fields, release.Item)


def make_item(*, owner: Unit, code: str = "", topic: str = "phishing", state: str = "ready", **fields) -> Item:
    make_topic(topic)
    said = content(code, topic=topic, **fields)
    return create_item(owner=owner, content=said, state=state, by=None, now=NOW)


def rules(edition: Edition, **changes) -> contests.Rules:
    """Open during the whole edition, two items of phishing."""
    opens = dt.datetime.combine(edition.starts, dt.time(), edition.tz)
    closes = dt.datetime.combine(edition.ends + dt.timedelta(days=1), dt.time(), edition.tz)
    told = contests.Rules(
        opens=opens, closes=closes, zone=edition.zone, minutes=10, attempts_per_day=3, points=5, grace_seconds=30,
        practice=False, blueprint={"phishing": 2},
    )  # fmt: skip
    return told._replace(**changes)


def make_contest(*, edition: Edition, owner: Unit, slug: str = "", published: bool = False, **changes) -> Contest:
    """A contest with as many ready items as its blueprint asks."""
    wanted = rules(edition, **changes)
    for topic, asked in wanted.blueprint.items():
        have = Item.objects.filter(topic=topic, state="ready", owner__in=owner.ancestry).count()
        for _ in range(max(0, asked - have)):
            make_item(owner=owner, topic=topic)
    contest = create_contest(
        edition=edition, owner=owner, slug=slug or f"contest-{next(_numbers)}",
        title={"zh-Hans": "知识竞赛", "en": "Knowledge contest"}, rules=wanted, by=None,
    )  # fmt: skip
    if published:
        publish_release(contest=contest, by=None, now=NOW)
        contest.refresh_from_db()
    return contest
