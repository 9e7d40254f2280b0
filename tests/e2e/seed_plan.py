"""Two editions some days before their opening, one for each language: a national plan that has gone down, and its people.

In each a province answers to the national office and two cities answer to the province. What the plan asks of the
province is there as tasks; one of its warm-up activities is over and waits for its report.
"""

from __future__ import annotations

import datetime as dt

DAY = dt.timedelta(days=1)
TO_OPENING = 12 * DAY
LOCALES = ("zh", "en")
PEOPLE = (("lin", "林悦", "Lin Yue", "cac-fujian"), ("chen", "陈舟", "Chen Zhou", "cac-fuzhou"))
# code, title, begins and is due in days from the opening
ARRANGEMENTS = (
    ("A01", ("制定本地工作方案", "Write the local work plan"), -30, -13),
    ("A02", ("张贴宣传海报", "Put up the posters"), -20, -7),
    ("A03", ("组织安全演练", "Hold a safety drill"), -20, -3),
)


def seed_plans(office, places, *, password: str, now: dt.datetime) -> dict[str, dict[str, object]]:
    """For each language the slug of its edition and the secrets of its people's authenticators."""
    from tests.factories.regions import make_unit

    fujian = make_unit(
        "cac-fujian", region=places["350000"], parent=office, name={"zh-Hans": "福建省网信办", "en": "Fujian office"}
    )
    for code, region, zh, en in (
        ("cac-fuzhou", "350100", "福州市网信办", "Fuzhou office"),
        ("cac-xiamen", "350200", "厦门市网信办", "Xiamen office"),
    ):
        make_unit(code, region=places[region], parent=fujian, name={"zh-Hans": zh, "en": en})
    return {locale: _edition(locale, office, fujian, places, password=password, now=now) for locale in LOCALES}


def _edition(locale: str, office, fujian, places, *, password: str, now: dt.datetime) -> dict[str, object]:
    from cyberweek.indicators.actions.dictionary import load_dictionary
    from cyberweek.indicators.actions.reports import open_reports_due
    from cyberweek.planning.actions.issuing import begin_issue, run_issue
    from cyberweek.regions.models import Unit
    from tests.factories.accounts import make_device
    from tests.factories.editions import make_edition
    from tests.factories.planning import make_arrangement, make_plan
    from tests.factories.programme import make_activity
    from tests.factories.regions import make_post, make_user

    units = {unit.code: unit for unit in Unit.objects.all()}
    keys = {}
    for name, zh, en, unit in PEOPLE:
        person = make_user(f"{name}-{locale}", password=password, name=zh if locale == "zh" else en)
        make_post(person, units[unit], "coordinator")
        keys[name] = make_device(person).key
    today = now.astimezone(dt.timezone(dt.timedelta(hours=8))).date()
    edition = make_edition(
        owner=office, slug=f"plan-{locale}", starts=today + TO_OPENING, host=places["120000"], stage="preparing",
        title={"zh-Hans": "国家网络安全宣传周（筹备中）", "en": "Cybersecurity Week, in preparation"},
    )  # fmt: skip
    plan = make_plan(edition=edition, unit=office)
    before = None
    for code, (zh, en), begins, due in ARRANGEMENTS:
        before = make_arrangement(
            plan=plan, code=code, title={"zh-Hans": zh, "en": en}, begins=begins, due=due,
            after=[before] if before else [],
        )  # fmt: skip
    run_issue(begin_issue(plan=plan, by=None, now=now).pk)
    load_dictionary(edition=edition, by=None, now=now)
    make_activity(
        edition=edition, lead=fujian, title={"zh-Hans": "预热讲座", "en": "Warm-up talk"},
        starts=now - 2 * DAY, ends=now - 2 * DAY + dt.timedelta(hours=2),
    )  # fmt: skip
    open_reports_due(now=now)
    return {"edition": edition.slug, "keys": keys}
