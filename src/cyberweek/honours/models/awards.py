from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cyberweek.honours.enums import AwardLevel
from cyberweek.kernel.models import LocalizedField

from .calls import Call
from .entries import Entry


class Award(models.Model):
    """An entry's award, first proposed for objection, then given."""

    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, related_name="award")
    level = models.CharField(_("award"), max_length=8, choices=AwardLevel)
    citation = LocalizedField(_("citation"), max_length=400, long=True, blank=True)

    class Meta:
        ordering = ["entry__call", "id"]

    def __str__(self) -> str:
        return f"{self.get_level_display()}: {self.entry}"


class Objection(models.Model):
    """Somebody doubts a proposed award while objections are open; somebody else decides, with a reason."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="objections")
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="objections", verbose_name=_("case"))
    text = models.TextField(_("objection"), max_length=2000)
    source = models.CharField(
        _("from whom"),
        max_length=160,
        blank=True,
        help_text=_("Where you pass it on for somebody: who, and how it came."),
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    upheld = models.BooleanField(null=True)  # null: not decided
    decision = models.TextField(_("decision"), max_length=2000, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("objection")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(upheld__isnull=True) | (models.Q(decided_at__isnull=False) & ~models.Q(decision="")),
                name="objection_decided_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]
