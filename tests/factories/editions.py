from __future__ import annotations

import datetime as dt

from cyberweek.editions.models import Edition, ThemeDay
from cyberweek.regions.models import Unit

NAMES = [
    ("开幕日", "Opening"),
    ("校园日", "Campus Day"),
    ("电信日", "Telecom Day"),
    ("法治日", "Rule of Law Day"),
    ("金融日", "Finance Day"),
    ("青少年日", "Youth Day"),
    ("个人信息保护日", "Personal Information Day"),
]


def make_edition(
    *, owner: Unit, slug: str = "2019-national", starts: dt.date = dt.date(2019, 9, 16), **fields
) -> Edition:
    """An edition of seven theme days."""
    fields.setdefault("title", {"zh-Hans": "2019年国家网络安全宣传周", "en": "China Cybersecurity Week 2019"})
    fields.setdefault(
        "theme", {"zh-Hans": "网络安全为人民，网络安全靠人民", "en": "Cybersecurity for the people, by the people"}
    )
    fields.setdefault("scope", owner.region)
    fields.setdefault("host", owner.region)
    fields.setdefault("stage", "running")
    edition = Edition.objects.create(
        slug=slug, year=starts.year, starts=starts, ends=starts + dt.timedelta(days=6), owner=owner, **fields
    )
    ThemeDay.objects.bulk_create(
        ThemeDay(edition=edition, number=i + 1, date=starts + dt.timedelta(days=i), name={"zh-Hans": zh, "en": en})
        for i, (zh, en) in enumerate(NAMES)
    )
    return edition
