from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cyberweek.forensics.enums import FlagState, Rule
from cyberweek.knowledge.models import Contest

MAX_WORDS = 500


class Inspection(models.Model):
    """One look at all papers of a contest, up to a batch of the ledger."""

    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="inspections")
    at = models.DateTimeField()
    batch = models.BigIntegerField()
    papers = models.BigIntegerField()
    pairs = models.BigIntegerField()  # of participants that were compared
    windows = models.BigIntegerField()  # minutes of networks that were looked at

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("inspection")

    def __str__(self) -> str:
        return f"{self.contest_id} @{self.batch}"


class Flag(models.Model):
    """What a rule found: a question to a reviewer, with its evidence. It excludes nobody."""

    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="flags")
    rule = models.CharField(_("rule"), max_length=8, choices=Rule)
    subject = models.CharField(max_length=160)  # names it within its rule, so that it is found again
    participants = models.JSONField()
    chance = models.FloatField(null=True)
    evidence = models.JSONField()
    found = models.DateTimeField()
    state = models.CharField(_("state"), max_length=10, choices=FlagState, default=FlagState.OPEN)
    words = models.CharField(_("why it is dismissed"), max_length=MAX_WORDS, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    dismissed = models.DateTimeField(null=True)

    class Meta:
        ordering = ["contest", "state", "rule", "chance", "-found", "pk"]
        verbose_name = _("flag")
        constraints = [
            models.UniqueConstraint(fields=["contest", "rule", "subject"], name="flag_once"),
            models.CheckConstraint(
                condition=Q(state=FlagState.OPEN, by=None, dismissed=None)
                | Q(state=FlagState.DISMISSED, by__isnull=False, dismissed__isnull=False) & ~Q(words=""),
                name="flag_open_or_dismissed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_rule_display()} {self.pk}"

    @property
    def one_in(self) -> int | None:
        """How seldom it happens by chance, where the rule can say so: once in so many times."""
        return None if self.chance is None else round(1 / max(self.chance, 1e-15))
