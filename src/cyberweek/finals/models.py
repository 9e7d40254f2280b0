from __future__ import annotations

import datetime as dt

import msgspec
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cyberweek.editions.models import Edition
from cyberweek.kernel.models import LocalizedField
from cyberweek.knowledge.core.release import CODE
from cyberweek.knowledge.models import Contest
from cyberweek.regions.models import Unit

from .core import events
from .core.rules import MAX_NAME, MAX_TEAMS, Rules
from .enums import FinalState


class Final(models.Model):
    """A stage final. `pack` holds rules, teams and items as they were at the opening; the database keeps it as it is."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="finals", verbose_name=_("edition"))
    slug = models.SlugField(_("short name in addresses"), max_length=50)
    title = LocalizedField(_("title"), max_length=80)
    owner = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="finals", verbose_name=_("organiser"))
    contest = models.ForeignKey(
        Contest, null=True, blank=True, on_delete=models.PROTECT, related_name="finals", verbose_name=_("items of")
    )
    starts = models.DateTimeField(_("starts"))
    rules = models.JSONField(_("rules"))
    state = models.CharField(_("state"), max_length=10, choices=FinalState, default=FinalState.DRAFT)
    pack = models.BinaryField(_("pack"), null=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)

    class Meta:
        ordering = ["edition", "starts", "slug"]
        verbose_name = _("stage final")
        constraints = [
            models.UniqueConstraint(fields=["edition", "slug"], name="final_slug_once"),
            models.CheckConstraint(condition=Q(slug__regex=CODE.replace(r"\Z", "$")), name="final_slug_is_plain"),
            models.CheckConstraint(condition=Q(state__in=FinalState.values), name="final_state_known"),
            models.CheckConstraint(
                condition=Q(state=FinalState.DRAFT) | Q(pack__isnull=False), name="final_open_has_a_pack"
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def local_starts(self) -> dt.datetime:
        return self.starts.astimezone(self.edition.tz)

    def ruled(self) -> Rules:
        """Its rules as a value."""
        return msgspec.convert(self.rules, Rules)


class Team(models.Model):
    """A team of a final. Whoever has its code can play for it; the phone that joined last is the one that counts."""

    final = models.ForeignKey(Final, on_delete=models.CASCADE, related_name="teams")
    seat = models.PositiveSmallIntegerField(_("seat"))
    name = models.CharField(_("name"), max_length=MAX_NAME)
    code = models.CharField(_("code"), max_length=8, unique=True)
    device = models.UUIDField(null=True, editable=False)
    round_trips = ArrayField(models.PositiveIntegerField(), default=list, editable=False)  # milliseconds, newest last
    echoed = models.BigIntegerField(default=0, editable=False)  # when the nonce of the newest sample was sent
    seen = models.BigIntegerField(default=0, editable=False)  # when its phone last spoke, milliseconds

    class Meta:
        ordering = ["final", "seat"]
        verbose_name = _("team")
        constraints = [
            models.UniqueConstraint(fields=["final", "seat"], name="final_team_seat_once"),
            models.UniqueConstraint(fields=["final", "name"], name="final_team_name_once"),
            models.CheckConstraint(condition=Q(seat__range=(1, MAX_TEAMS)), name="final_team_seat"),
        ]

    def __str__(self) -> str:
        return self.name


class FinalEvent(models.Model):
    """What happened in a final. Rows are added and never changed: a trigger refuses it (migration 0001)."""

    final = models.ForeignKey(Final, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10)
    at = models.BigIntegerField()
    data = models.JSONField(default=dict)
    token = models.UUIDField()  # of the press that made it: pressing twice makes one event
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["final", "number"]
        verbose_name = _("event of a final")
        constraints = [
            models.UniqueConstraint(fields=["final", "number"], name="final_event_number_once"),
            models.UniqueConstraint(fields=["final", "token"], name="final_event_token_once"),
            models.CheckConstraint(condition=Q(kind__in=events.KINDS), name="final_event_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"

    def value(self) -> events.Event:
        return msgspec.convert(
            {"number": self.number, "kind": self.kind, "at": self.at, "data": self.data}, events.Event
        )
