"""The fixed cast: organisers of the nation, a province, a city and a county, and a stranger from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from cyberweek.accounts.models import User
from cyberweek.editions.models import Edition
from cyberweek.regions.models import Region, Unit

from .editions import make_edition
from .regions import make_post, make_region, make_unit, make_user


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


@pytest.fixture
def cast(db) -> Cast:
    nation = make_region("CN", level="nation", zh="中国", en="China")
    province = make_region("130000", parent=nation, zh="河北省", en="Hebei")
    city = make_region("130100", parent=province, level="city", zh="石家庄市", en="Shijiazhuang")
    county = make_region("130102", parent=city, level="county", zh="长安区", en="Chang'an")
    elsewhere = make_region("350000", parent=nation, zh="福建省", en="Fujian")
    national_unit = make_unit("cac", region=nation)
    provincial_unit = make_unit("cac-hebei", region=province, parent=national_unit)
    city_unit = make_unit("cac-shijiazhuang", region=city, parent=provincial_unit)
    county_unit = make_unit("cac-changan", region=county, parent=city_unit)
    stranger_unit = make_unit("cac-fujian", region=elsewhere, parent=national_unit)
    people = {}
    for name, unit in [
        ("national", national_unit),
        ("provincial", provincial_unit),
        ("city", city_unit),
        ("county", county_unit),
        ("stranger", stranger_unit),
    ]:
        people[name] = make_user(name)
        make_post(people[name], unit, "coordinator")
    return Cast(
        nation, province, city, county, elsewhere,
        national_unit, provincial_unit, city_unit, county_unit, stranger_unit,
        people["national"], people["provincial"], people["city"], people["county"], people["stranger"],
        make_edition(owner=national_unit, is_current=True),
    )  # fmt: skip
