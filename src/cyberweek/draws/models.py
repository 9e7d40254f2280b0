from __future__ import annotations

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cyberweek.draws.core.draws import MAX_PRIZES, MAX_PUBLIC_TEXT, Commit
from cyberweek.draws.enums import Stage
from cyberweek.kernel.models import LocalizedField
from cyberweek.knowledge.models import Contest


class Draw(models.Model):
    """A prize draw among the papers of a contest, or of one of its days. Its steps stand in the ledger; see `core`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="draws")
    prize = LocalizedField(_("prize"), max_length=80)
    day = models.DateField(_("day"), null=True, blank=True)  # the contest's local day; none: the whole contest
    prizes = models.PositiveIntegerField(_("prizes"))
    reserve = models.PositiveIntegerField(_("reserve"), default=0)
    least = models.PositiveIntegerField(_("points needed"))
    source = models.CharField(_("public number"), max_length=MAX_PUBLIC_TEXT)
    known_at = models.DateTimeField(_("known at"))
    seed_sha256 = models.CharField(max_length=64)
    committed_at = models.DateTimeField()
    frozen_at = models.DateTimeField(null=True)
    entries = models.TextField(default="")  # ids, a line each, as they were frozen
    count = models.PositiveIntegerField(default=0)
    revealed_at = models.DateTimeField(null=True)
    seed = models.CharField(max_length=64, default="")
    public = models.CharField(max_length=MAX_PUBLIC_TEXT, default="")
    winners = models.JSONField(default=list)  # ids: the prizes, then the reserve

    class Meta:
        ordering = ["contest", "-known_at", "id"]
        verbose_name = _("prize draw")
        constraints = [
            models.CheckConstraint(condition=Q(prizes__range=(1, MAX_PRIZES)), name="draw_has_prizes"),
            models.CheckConstraint(
                condition=Q(revealed_at__isnull=True) | Q(frozen_at__isnull=False), name="draw_frozen_before_revealed"
            ),
        ]

    def __str__(self) -> str:
        return str(self.prize)

    @property
    def commitment(self) -> Commit:
        """The first step as the ledger has it."""
        return Commit(
            prizes=self.prizes,
            reserve=self.reserve,
            day=self.day.isoformat() if self.day else "",
            least=self.least,
            seed_sha256=self.seed_sha256,
            source=self.source,
            known_at=self.known_at.astimezone(dt.UTC),
        )

    @property
    def award(self) -> str:
        """What its winners' claims are called."""
        return f"draw:{self.pk}"

    @property
    def all_in_at(self) -> dt.datetime:
        """From when on no paper that takes part can come in any more."""
        return all_in_at(self.contest, self.day)

    def stage(self, now: dt.datetime) -> Stage:
        if self.revealed_at:
            return Stage.REVEALED
        if self.frozen_at:
            return Stage.FROZEN
        return Stage.COMMITTED if now < self.known_at else Stage.MISSED


def all_in_at(contest: Contest, day: dt.date | None) -> dt.datetime:
    """When the last paper of that day (of the contest) may have come in: started late, handed in at the end of grace."""
    grace = dt.timedelta(seconds=contest.grace_seconds)
    if day is None:
        return contest.closes + grace
    midnight = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), ZoneInfo(contest.zone))
    return min(contest.closes, midnight + dt.timedelta(minutes=contest.minutes)) + grace
