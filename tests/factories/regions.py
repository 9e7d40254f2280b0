from __future__ import annotations

from itertools import count

from cyberweek.accounts.models import User
from cyberweek.regions.models import Post, Region, Unit

_numbers = count(1)


def make_region(
    code: str, *, parent: Region | None = None, level: str = "province", zh: str = "", en: str = ""
) -> Region:
    region, _ = Region.objects.get_or_create(
        code=code,
        defaults={
            "parent": parent,
            "level": level,
            "name": {"zh-Hans": zh or f"地区{code}", "en": en or f"Region {code}"},
        },
    )
    region.refresh_from_db()
    return region


def make_unit(code: str = "", *, region: Region, parent: Unit | None = None, **fields) -> Unit:
    code = code or f"unit-{next(_numbers)}"
    fields.setdefault("name", {"zh-Hans": f"单位{code}", "en": f"Unit {code}"})
    fields.setdefault("level", region.level)
    fields.setdefault("sector", "government")
    unit = Unit.objects.create(code=code, region=region, parent=parent, **fields)
    unit.refresh_from_db()
    return unit


def make_user(username: str = "", *, password: str = "a long enough password", **fields) -> User:
    username = username or f"user{next(_numbers)}"
    return User.objects.create_user(
        username=username, name=fields.pop("name", username.title()), password=password, **fields
    )


def make_post(person: User, unit: Unit, *roles: str) -> Post:
    return Post.objects.create(person=person, unit=unit, roles=list(roles) or ["coordinator"])
