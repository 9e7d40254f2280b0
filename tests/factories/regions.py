from __future__ import annotations

from functools import cache

from django.contrib.auth.hashers import make_password

from cyberweek.accounts.models import User
from cyberweek.regions.models import Post, Region, Unit

from . import numbers

PASSWORD = "a long enough password"
_numbers = numbers()


def make_region(
    code: str, *, parent: Region | None = None, level: str = "province", zh: str = "", en: str = ""
) -> Region:
    if there := Region.objects.filter(code=code).first():
        return there
    name = {"zh-Hans": zh or f"地区{code}", "en": en or f"Region {code}"}
    region = Region.objects.create(code=code, parent=parent, level=level, name=name)
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


@cache
def hashed(password: str) -> str:
    return make_password(password)


def make_user(username: str = "", *, password: str = PASSWORD, **fields) -> User:
    username = username or f"user{next(_numbers)}"
    name = fields.pop("name", username.title())
    return User.objects.create(username=username.lower(), name=name, password=hashed(password), **fields)


def make_post(person: User, unit: Unit, *roles: str) -> Post:
    return Post.objects.create(person=person, unit=unit, roles=list(roles) or ["coordinator"])
