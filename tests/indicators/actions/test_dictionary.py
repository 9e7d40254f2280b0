"""The dictionary is data, and its meanings stay once there are figures."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from cyberweek.indicators import actions
from cyberweek.indicators.enums import Adding, Count
from cyberweek.indicators.models import Indicator, Population, Wording
from cyberweek.kernel.core.localized import LocalizedText
from tests.factories.editions import make_edition
from tests.factories.indicators import NOW, load, send
from tests.factories.programme import make_activity
from tests.factories.regions import make_region

pytestmark = pytest.mark.django_db


def test_the_shipped_dictionary_is_whole_in_both_languages(cast):
    dictionary = load(cast.edition)
    assert len(dictionary) >= 25
    for one in dictionary.values():
        one.full_clean()
        assert set(one.name) == set(one.definition) == {"zh-Hans", "en"}
    assert Wording.objects.count() == len(dictionary)


def test_loading_twice_changes_nothing(cast):
    load(cast.edition)
    assert actions.load_dictionary(edition=cast.edition, by=None, now=NOW) == 0


def test_the_census_adds_up_to_its_own_total(db):
    import csv
    from importlib.resources import files

    text = files("cyberweek.indicators.data").joinpath("populations.csv").read_text()
    people = {row["region"]: int(row["people"]) for row in csv.DictReader(text.splitlines())}
    nation = people.pop("CN")
    provinces = {code: n for code, n in people.items() if code.endswith("0000")}
    assert len(provinces) == 31
    assert nation - sum(provinces.values()) == 2_000_000  # the services are counted by themselves
    for province in ("120000", "350000"):
        parts = [n for code, n in people.items() if code[:2] == province[:2] and code != province]
        assert sum(parts) == people[province]
    assert len(people) == 31 + 16 + 9


def test_populations_are_loaded_for_the_regions_that_are_there(cast):
    assert actions.load_populations() == 3
    assert actions.load_populations() == 0
    assert Population.objects.get(region=cast.province).people == 74_610_235


def test_a_new_wording_is_kept_beside_the_old(cast):
    one = load(cast.edition)["attendance"]
    text = LocalizedText({"zh-Hans": "到场人次", "en": "Visits"})
    actions.redefine_indicator(indicator=one, fields={"name": text}, by=cast.national, now=NOW + dt.timedelta(days=1))
    names = [str(row.name["en"]) for row in Wording.objects.filter(indicator=one).order_by("number")]
    assert names == ["Attendance", "Visits"]
    actions.redefine_indicator(indicator=one, fields={"order": 5}, by=cast.national, now=NOW)
    assert Wording.objects.filter(indicator=one).count() == 2


@pytest.mark.parametrize("fields", [{"count": Count.PEOPLE}, {"adding": Adding.MAX}])
def test_once_there_are_figures_the_meaning_stays_whoever_asks(cast, fields):
    dictionary = load(cast.edition)
    actions.redefine_indicator(indicator=dictionary["attendance"], fields=fields, by=None, now=NOW)
    send(make_activity(edition=cast.edition, lead=cast.county_unit), {"materials": 1}, dictionary)
    with pytest.raises(actions.MeaningKept):
        actions.redefine_indicator(indicator=dictionary["materials"], fields=fields, by=None, now=NOW)
    with pytest.raises(IntegrityError, match="has figures"), transaction.atomic():
        Indicator.objects.filter(pk=dictionary["materials"].pk).update(**fields)


def test_only_people_are_counted_each_once(cast):
    with pytest.raises(IntegrityError, match="union_of_people"), transaction.atomic():
        Indicator.objects.filter(pk=load(cast.edition)["attendance"].pk).update(adding=Adding.UNION)


def test_another_edition_takes_over_what_it_does_not_have(cast):
    load(cast.edition)
    make_region("350100", parent=cast.elsewhere, level="city")
    later = make_edition(owner=cast.national_unit, slug="2020-national", starts=dt.date(2020, 9, 14))
    assert actions.copy_dictionary(source=cast.edition, target=later, by=None, now=NOW) >= 25
    assert actions.copy_dictionary(source=cast.edition, target=later, by=None, now=NOW) == 0
