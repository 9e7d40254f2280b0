import pytest
from django.utils import timezone

from cyberweek.readiness.actions import open_sample_readiness
from cyberweek.readiness.models import Incident, Meeting, Risk, Shift


@pytest.mark.django_db
def test_the_demo_has_something_on_every_page_and_only_once(cast):
    now = timezone.now()
    assert open_sample_readiness(edition=cast.edition, by=None, now=now)
    assert not open_sample_readiness(edition=cast.edition, by=None, now=now)
    assert (Meeting.objects.count(), Risk.objects.count(), Incident.objects.count()) == (2, 5, 2)
    assert not Shift.objects.exclude(provenance="illustrative").exists()
