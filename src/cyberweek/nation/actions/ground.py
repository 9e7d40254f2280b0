"""What a simulated nation stands on: its units, a person in each, and its editions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cyberweek.accounts.actions import enrol_with_known_secret
from cyberweek.accounts.models import User
from cyberweek.editions.actions import DayEntry, open_edition
from cyberweek.editions.enums import OrganiserRole
from cyberweek.editions.models import Edition
from cyberweek.indicators.models import Population
from cyberweek.kernel.core.localized import LocalizedText
from cyberweek.nation.core.offices import PREFIX, ROOT, SAMPLES, Office, Place, offices, person_name
from cyberweek.regions.enums import Level, Provenance, Role
from cyberweek.regions.models import Post, Region, Unit

from .copying import analyze, copy_rows, text_of

PASSWORD: Final = "a week for everyone"  # noqa: S105 -- of sample accounts, published
AUTHENTICATOR_KEY: Final = b"sample accounts only".hex()
_NO_SIGN_IN: Final = "!"  # a password that nobody has
_LEFT_OUT: Final = (
    "71",
    "81",
    "82",
)  # provinces by their first two digits: without prefectures and counties in the list
_DAYS: Final = (
    ("开幕日", "Opening Day"), ("校园日", "Campus Day"), ("电信日", "Telecommunications Day"), ("法治日", "Rule of Law Day"),
    ("金融日", "Finance Day"), ("青少年日", "Youth Day"), ("个人信息保护日", "Personal Information Protection Day"),
)  # fmt: skip


def place_units(*, count: int, seed: int) -> list[Unit]:
    """The nation's units, ordered as they were made: those of another simulated edition, and as many more as lack."""
    known = {unit.code for unit in _units()}
    wanted = [one for one in offices(_places(), count=count, seed=seed) if one.code not in known]
    wanted = wanted[: max(0, count - len(known))]
    if not wanted:
        return _units()
    for level in Level.values:  # a trigger derives each unit's ancestry from the unit above: that has to be there
        above = dict(Unit.objects.filter(code__startswith=PREFIX).values_list("code", "pk"))
        for alone in (True, False):  # an office before the departments beside it
            rows = [one for one in wanted if one.level == level and (one.above not in _same(wanted, level)) == alone]
            if not alone:
                above |= dict(Unit.objects.filter(code__startswith=PREFIX, level=level).values_list("code", "pk"))
            copy_rows(
                Unit,
                ("code", "name", "level", "sector", "region_id", "parent_id", "ancestry", "provenance"),
                (
                    (one.code, text_of(one.name), one.level, one.sector, one.region, above.get(one.above), [],
                     Provenance.ILLUSTRATIVE)
                    for one in rows
                ),
            )  # fmt: skip
    analyze(Unit)
    units = _units()
    _staff([unit for unit in units if unit.code not in known])
    return units


def _same(wanted: Sequence[Office], level: str) -> set[str]:
    return {one.code for one in wanted if one.level == level}


def _units() -> list[Unit]:
    return list(Unit.objects.filter(code__startswith=PREFIX).select_related("region").order_by("pk"))


def _places() -> list[Place]:
    rows = Region.objects.filter(ancestry__contains=["CN"]).order_by("code")
    return [
        Place(row.pk, row.level, row.parent_id or "", row.name.get("zh-Hans", ""), row.name.get("en", ""))
        for row in rows
        if not row.pk.startswith(_LEFT_OUT)
    ]


def _staff(units: Sequence[Unit]) -> None:
    """A person for each unit, who cannot sign in, coordinates it and is accountable."""
    copy_rows(
        User,
        ("username", "name", "email", "password", "is_active", "is_keeper", "has_first_password"),
        ((one.code, person_name(n), "", _NO_SIGN_IN, True, False, False) for n, one in enumerate(units)),
    )
    people = dict(User.objects.filter(username__startswith=PREFIX).values_list("username", "pk"))
    copy_rows(
        Post, ("person_id", "unit_id", "roles"), ((people[one.code], one.pk, [Role.COORDINATOR.value]) for one in units)
    )
    for one in units:
        one.accountable_id = people[one.code]
    Unit.objects.bulk_update(units, ["accountable"], batch_size=1000)
    analyze(User, Post)


def open_sample_accounts() -> list[str]:
    """Let the coordinators of one unit of each level sign in with the published password; gives their user names."""
    names = [PREFIX + code.lower() for code in SAMPLES]
    for person in User.objects.filter(username__in=names):
        person.set_password(PASSWORD)
        person.save(update_fields=["password"])
        enrol_with_known_secret(user=person, key=AUTHENTICATOR_KEY)
    return names


def open_nation_edition(*, slug: str, year: int, starts: dt.date, stage: str) -> Edition:
    """An edition of the simulated nation, with its theme days."""
    root = Unit.objects.get(code=ROOT)
    leads = {one.sector: one for one in Unit.objects.filter(parent=root, level=Level.NATION)}
    lead_of = (None, "education", "telecom", "government", "finance", "community", None)
    edition = Edition(
        slug=slug, year=year, starts=starts, ends=starts + dt.timedelta(days=6), scope_id="CN", host_id="350100",
        title=LocalizedText({"zh-Hans": f"{year}年模拟全国宣传周", "en": f"Simulated national Week of {year}"}),
        theme=LocalizedText({"zh-Hans": "网络安全为人民，网络安全靠人民", "en": "For the people, by the people"}),
        owner=root, stage=stage, provenance=Provenance.ILLUSTRATIVE, sources="manage loadnation",
    )  # fmt: skip
    days = [
        DayEntry(
            number=n, date=starts + dt.timedelta(days=n - 1), name=LocalizedText({"zh-Hans": zh, "en": en}),
            lead=leads.get(lead_of[n - 1] or ""), provenance=Provenance.ILLUSTRATIVE,
        )
        for n, (zh, en) in enumerate(_DAYS, start=1)
    ]  # fmt: skip
    return open_edition(edition=edition, days=days, organisers=[(root, OrganiserRole.LEAD)], by=None)


def people_of(units: Sequence[Unit]) -> NDArray[np.float64]:
    """For each unit how many live in its province: what draws activities to it."""
    known = dict(Population.objects.order_by("year").values_list("region", "people"))
    whole = float(known.get("CN", 1)) / 31
    provinces = [one.region.ancestry[1] if len(one.region.ancestry) > 1 else "CN" for one in units]
    counts = {code: provinces.count(code) for code in set(provinces)}
    return np.array(
        [(known.get(code, whole) if code != "CN" else whole) / counts[code] for code in provinces], dtype=float
    )
