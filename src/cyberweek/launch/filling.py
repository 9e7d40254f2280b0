"""Fills the demo's database. Imported once Django has its settings."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from cyberweek.accounts.actions import create_organiser, enrol_with_known_secret
from cyberweek.editions.actions import rehearse_edition
from cyberweek.editions.queries import current_edition, editions_published
from cyberweek.finals.actions import open_sample_final
from cyberweek.honours.actions import open_sample_call
from cyberweek.indicators.actions import open_sample_reports
from cyberweek.knowledge.actions import open_sample_contest
from cyberweek.planning.actions import open_sample_plan
from cyberweek.readiness.actions import make_forecast, open_sample_readiness
from cyberweek.readiness.queries import last_forecast
from cyberweek.regions.actions import appoint
from cyberweek.regions.models import Unit
from cyberweek.summaries.actions import open_sample_summaries

from .samples import ACCOUNTS, AUTHENTICATOR_KEY, DAY_OF_REHEARSAL, NATIONAL, PASSWORD
from .serve import address


def fill() -> None:
    """Migrate; load what is not there yet; move the edition so that today is its fourth day."""
    call_command("migrate", verbosity=0)
    if not editions_published().filter(slug=NATIONAL).exists():
        call_command("loadregions", verbosity=0)
        call_command("loadedition", NATIONAL, verbosity=0)
        call_command("loadedition", "2022-fujian", verbosity=0)
        call_command("loaditems", verbosity=0)
        _open_accounts()
    now = timezone.now()
    edition = editions_published().get(slug=NATIONAL)
    if current_edition() == edition:
        rehearse_edition(edition=edition, day=DAY_OF_REHEARSAL, by=None, now=now)
    edition.refresh_from_db()
    open_sample_plan(edition=edition, by=None, now=now)
    open_sample_readiness(edition=edition, by=None, now=now)
    open_sample_contest(edition=edition, by=None, now=now)
    open_sample_final(edition=edition, by=None, now=now)
    open_sample_call(edition=edition, by=None, now=now)
    open_sample_reports(edition=edition, now=now)
    open_sample_summaries(edition=edition, base=address().rstrip("/"), now=now)
    if last_forecast(edition) is None:
        make_forecast(edition=edition, now=now)
    connection.close()


def _open_accounts() -> None:
    """The sample organisers; their second factor is shown at sign-in while DEMO is on."""
    for sample in ACCOUNTS:
        person = create_organiser(
            username=sample.username, name=sample.name, password=PASSWORD, by=None, is_keeper=sample.keeper
        )
        enrol_with_known_secret(user=person, key=AUTHENTICATOR_KEY)
        appoint(person=person, unit=Unit.objects.get(code=sample.unit), roles=list(sample.roles), by=None)
