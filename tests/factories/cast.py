"""The fixed cast: organisers of the nation, a province, a city and a county, and a stranger from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from cyberweek.accounts.models import User
from cyberweek.editions.models import Edition
from cyberweek.regions.models import Post, Region, Unit

from .editions import make_edition
from .regions import PASSWORD, hashed, make_unit


@dataclass
class Cast:
    """National office > Hebei's > Shijiazhuang's > Chang'an's; the stranger coordinates an office in Fujian."""

    nation: Region
    province: Region
    city: Region
    county: Region
    elsewhere: Region
    national_unit: Unit
    provincial_unit: Unit
    city_unit: Unit
    county_unit: Unit
    stranger_unit: Unit
    national: User
    provincial: User
    city_organiser: User
    county_organiser: User
    stranger: User
    edition: Edition


REGIONS = [
    ("CN", None, "nation", "中国", "China"),
    ("130000", "CN", "province", "河北省", "Hebei"),
    ("130100", "130000", "city", "石家庄市", "Shijiazhuang"),
    ("130102", "130100", "county", "长安区", "Chang'an"),
    ("350000", "CN", "province", "福建省", "Fujian"),
]
UNITS = [
    ("cac", "CN"),
    ("cac-hebei", "130000"),
    ("cac-shijiazhuang", "130100"),
    ("cac-changan", "130102"),
    ("cac-fujian", "350000"),
]
PEOPLE = ["national", "provincial", "city", "county", "stranger"]  # the coordinators of UNITS


@pytest.fixture
def cast(db) -> Cast:
    """In a dozen queries, for half of all tests begin with it."""
    Region.objects.bulk_create(
        [
            Region(code=code, parent_id=above, level=level, name={"zh-Hans": zh, "en": en})
            for code, above, level, zh, en in REGIONS
        ],
        ignore_conflicts=True,  # a test may have made its nation before
    )
    regions = Region.objects.in_bulk()
    units: dict[str, Unit] = {}
    for code, place in UNITS:  # one after another: each but the first stands under one before
        region = regions[place]
        units[place] = make_unit(code, region=region, parent=units.get(region.parent_id))
    people = User.objects.bulk_create(
        User(username=name, name=name.title(), password=hashed(PASSWORD)) for name in PEOPLE
    )
    Post.objects.bulk_create(
        Post(person=person, unit=unit, roles=["coordinator"])
        for person, unit in zip(people, units.values(), strict=True)
    )
    return Cast(
        *(regions[code] for code, *_ in REGIONS), *units.values(), *people,
        make_edition(owner=units["CN"], is_current=True),
    )  # fmt: skip
