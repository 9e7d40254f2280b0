"""What the live server of the browser tests starts with: places, an edition in its fourth day, organisers, contests.

Run in a process of its own (`python -m tests.e2e.seed`) with DATABASE_URL set, so that no test's database is touched.
The process stays and is the worker beside the server, whenever a test wants it: a fresh one would cost as much as a walk.
"""

from __future__ import annotations

import datetime as dt
import json
import sys

import django
from django.core.management import call_command

PASSWORD = "a long enough password"
DAY = dt.timedelta(days=1)
REGIONS = [
    ("CN", None, "nation", "中华人民共和国", "China"),
    ("120000", "CN", "province", "天津市", "Tianjin"),
    ("120101", "120000", "county", "和平区", "Heping"),
    ("350000", "CN", "province", "福建省", "Fujian"),
    ("350100", "350000", "city", "福州市", "Fuzhou"),
    ("350102", "350100", "county", "鼓楼区", "Gulou"),
    ("350200", "350000", "city", "厦门市", "Xiamen"),
    ("350203", "350200", "county", "思明区", "Siming"),
]
# slug, title, opens and closes in days from now, fields of Rules that differ
CONTESTS = [
    ("week", ("全国网络安全知识竞赛", "National cybersecurity knowledge contest"), -3, 4, {}),
    ("tardy", ("来晚一步", "Closed before it arrived"), -3, 4, {}),
    ("once", ("一次定分", "One try a day"), -3, 4, {"attempts_per_day": 1}),
    ("later", ("闭幕竞赛", "Closing contest"), 2, 4, {}),
    ("run", ("连闯关", "Endless run"), -3, 4, {"form": "endless", "points": 1}),
    ("mend", ("改到全对", "Until all is right"), -3, 4, {"form": "until-right"}),
    (
        "school",
        ("校园内部赛", "School contest"),
        -3,
        4,
        {
            "closed": True,
            "team_minimum": 1,
            "groups": {
                "class-1": {"zh-Hans": "一班", "en": "Class 1"},
                "class-2": {"zh-Hans": "二班", "en": "Class 2"},
            },
        },
    ),
    ("past", ("预热赛", "Warm-up contest"), -4, -2, {}),
]


def seed() -> dict[str, object]:
    from django.test import Client
    from django.utils import timezone

    from tests.factories.accounts import sign_in
    from tests.factories.editions import make_edition
    from tests.factories.programme import make_activity
    from tests.factories.regions import make_post, make_region, make_unit, make_user

    from .seed_plan import seed_plans

    call_command("collectstatic", interactive=False, verbosity=0)
    places = {}
    for code, parent, level, zh, en in REGIONS:
        places[code] = make_region(code, parent=places.get(parent), level=level, zh=zh, en=en)
    office = make_unit("cac", region=places["CN"], name={"zh-Hans": "国家网信办", "en": "National cyberspace office"})
    tianjin = make_unit("cac-tianjin", region=places["120000"], parent=office)
    sessions = {}
    for name, unit in (("national", office), ("tianjin", tianjin)):
        person = make_user(name, password=PASSWORD)
        make_post(person, unit, "coordinator")
        sessions[name] = sign_in(Client(), person).session.session_key
    now = timezone.now()
    today = now.astimezone(dt.timezone(dt.timedelta(hours=8))).date()
    edition = make_edition(owner=office, starts=today - 3 * DAY, host=places["120000"], is_current=True)
    call_command("loaditems", verbosity=0)
    _open_contests(edition, office, now)
    for region, title in (
        ("120101", ("社区夜校", "Evening school")),
        ("350100", ("榕树下的网安课", "A class under the banyan")),
    ):
        make_activity(
            edition=edition, lead=tianjin, region=places[region], title=dict(zip(("zh-Hans", "en"), title, strict=True)),
            starts=now - dt.timedelta(hours=1), ends=now + DAY,
        )  # fmt: skip
    plans = seed_plans(office, places, password=PASSWORD, now=now)
    return {"edition": edition.slug, "sessions": sessions, "plans": plans}


def _open_contests(edition, owner, now) -> None:
    from cyberweek.knowledge.actions import create_contest, publish_release
    from cyberweek.knowledge.core.contests import Rules
    from cyberweek.knowledge.queries import topics

    usual = {"minutes": 10, "attempts_per_day": 50, "points": 5, "grace_seconds": 30, "practice": True}
    blueprint = {topic.code: 2 for topic in topics()}
    for slug, (zh, en), opens, closes, others in CONTESTS:
        rules = Rules(
            opens=now + opens * DAY, closes=now + closes * DAY, zone="Asia/Shanghai", blueprint=blueprint,
            **{**usual, **others},
        )  # fmt: skip
        title = {"zh-Hans": zh, "en": en}
        contest = create_contest(edition=edition, owner=owner, slug=slug, title=title, rules=rules, by=None)
        publish_release(contest=contest, by=None, now=now)


def main() -> None:
    """Tells on one line what there is now; then does what waits in the queues whenever a line comes in."""
    told, sys.stdout = sys.stdout, sys.stderr
    print(json.dumps(seed()), file=told, flush=True)
    for _asked in sys.stdin:
        call_command("procrastinate", "worker", "--one-shot")
        print("done", file=told, flush=True)


if __name__ == "__main__":
    django.setup()
    main()
