"""The dictionary of an edition."""

from __future__ import annotations

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from cyberweek.editions.models import Edition
from cyberweek.indicators.enums import Filler
from cyberweek.indicators.models import Indicator, Total, Wording


def dictionary_of(edition: Edition) -> QuerySet[Indicator]:
    """All indicators of an edition in their order, with `n_figures`: how many count, as its totals know."""
    totals = Total.objects.filter(indicator=OuterRef("pk"), region=edition.scope_id).values("figures")
    return Indicator.objects.filter(edition=edition).annotate(n_figures=Coalesce(Subquery(totals), 0))


def indicator_named(edition: Edition, code: str) -> Indicator | None:
    """The indicator with this code, or None."""
    return Indicator.objects.filter(edition=edition, code=code).first()


def asked_of(edition: Edition, *, activity: bool) -> QuerySet[Indicator]:
    """What a report on an activity, or of a unit, is asked for."""
    filler = Filler.ACTIVITY if activity else Filler.UNIT
    return Indicator.objects.filter(edition=edition, filler=filler, is_active=True)


def wordings_of(indicator: Indicator) -> QuerySet[Wording]:
    """Every name and definition it has had, newest first."""
    return Wording.objects.filter(indicator=indicator).select_related("by").order_by("-number")
