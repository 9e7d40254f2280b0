"""A small nation is as a large one: whole, marked, the same by its seed, and never laid over somebody's own edition."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F, Q

from cyberweek.accounts.models import User
from cyberweek.editions.models import Edition
from cyberweek.indicators.models import Figure, Question, Report, Total
from cyberweek.nation.actions import Refused, load_nation, open_sample_accounts
from cyberweek.planning.models import Dependency, Task, TaskEvent
from cyberweek.programme.models import Activity
from cyberweek.readiness.models import Calibration, Forecast, Meeting, Risk
from cyberweek.readiness.queries import past_editions
from cyberweek.regions.enums import Level, Provenance
from cyberweek.regions.models import Region, Unit
from tests.factories.editions import make_edition
from tests.factories.regions import make_unit

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 9, 2, 4, tzinfo=dt.UTC)


@pytest.fixture
def regions() -> None:
    call_command("loadregions", verbosity=0)


def load(slug: str = "nation", years: int = 0, share: float = 0.005) -> dict[str, int]:
    return load_nation(slug=slug, now=NOW, share=share, years=years).counts


@pytest.mark.usefixtures("regions")
def test_a_small_nation_has_all_that_a_large_one_has() -> None:
    counts = load(years=1)
    edition = Edition.objects.get(slug="nation")
    assert counts["units"] == Unit.objects.filter(code__startswith="sim-").count() == 15
    assert set(Unit.objects.values_list("level", flat=True)) == set(Level.values)
    assert Task.objects.filter(edition=edition).count() == 1000
    assert Activity.objects.filter(edition=edition).count() == 300
    assert {"done", "doing", "todo"} <= set(Task.objects.filter(edition=edition).values_list("state", flat=True))
    assert Dependency.objects.filter(task__edition=edition).exists()
    assert Report.objects.filter(edition=edition).count() == counts["reports"] > 100
    assert Total.objects.filter(edition=edition, region="CN").exists()
    assert Forecast.objects.filter(edition=edition).exists()
    assert Risk.objects.filter(edition=edition).exists()
    assert Meeting.objects.filter(edition=edition).exists()
    assert [one.slug for one in past_editions(edition)] == ["nation-2025"]
    assert Calibration.objects.get(edition=edition).report


@pytest.mark.usefixtures("regions")
def test_nothing_of_it_is_taken_for_real() -> None:
    load()
    assert not Edition.objects.exclude(provenance=Provenance.ILLUSTRATIVE).exists()
    assert not Unit.objects.exclude(provenance=Provenance.ILLUSTRATIVE).exists()
    assert not Activity.objects.exclude(provenance=Provenance.ILLUSTRATIVE).exists()
    assert not Figure.objects.exclude(provenance=Provenance.ILLUSTRATIVE).exists()


@pytest.mark.usefixtures("regions")
def test_what_was_reported_agrees_with_how_far_the_tasks_are() -> None:
    load()
    done = Task.objects.filter(state="done", arrangement__isnull=False)
    assert done.exists()
    assert not done.exclude(events__progress=100).exists()
    assert not Task.objects.filter(done_at__gt=NOW + dt.timedelta(days=1)).exists()
    assert not TaskEvent.objects.filter(at__gt=NOW + dt.timedelta(days=1)).exists()


@pytest.mark.usefixtures("regions")
def test_what_is_done_did_not_wait_for_what_is_not() -> None:
    load()
    early = Q(task__state="done") & (~Q(after__state="done") | Q(after__done_at__gt=F("task__done_at")))
    beside = Dependency.objects.filter(task__unit=F("after__unit"))
    assert beside.exists()
    assert not beside.filter(early).exists()


@pytest.mark.usefixtures("regions")
def test_planted_oddities_are_asked_about() -> None:
    load(share=0.02)
    assert set(Question.objects.values_list("doubt", flat=True)) == {"capacity", "mixed-up"}
    assert not Question.objects.exclude(figure__state="questioned").exists()


@pytest.mark.usefixtures("regions")
def test_loaded_again_nothing_is_changed() -> None:
    load()
    before = Task.objects.count(), TaskEvent.objects.count(), Unit.objects.count()
    assert load() == {}
    assert (Task.objects.count(), TaskEvent.objects.count(), Unit.objects.count()) == before


@pytest.mark.usefixtures("regions")
def test_somebodys_own_edition_is_refused() -> None:
    make_edition(slug="ours", owner=make_unit(region=Region.objects.get(pk="CN")))
    with pytest.raises(Refused):
        load(slug="ours")
    assert not Task.objects.exists()


def test_without_the_regions_it_says_what_to_do() -> None:
    with pytest.raises(CommandError, match="loadregions"):
        call_command("loadnation", "nation", verbosity=0)
    assert not Edition.objects.exists()


@pytest.mark.usefixtures("regions")
def test_nobody_of_it_can_sign_in_until_sample_accounts_are_asked_for() -> None:
    load()
    assert not any(person.has_usable_password() for person in User.objects.filter(username__startswith="sim-"))
    names = open_sample_accounts()
    assert len(names) == 4
    assert all(person.check_password("a week for everyone") for person in User.objects.filter(username__in=names))


@pytest.mark.usefixtures("regions")
def test_two_sizes_of_it_live_side_by_side() -> None:
    load()
    load(slug="larger", share=0.008)
    assert Unit.objects.filter(code__startswith="sim-").count() == 24
    assert Task.objects.filter(edition__slug="larger").count() == 1600
