"""The public is known by a passport: a random id, a nickname, a region, an age band, a sector. Nothing more.

A winner may leave more, for one purpose and until one date: `Claim` says who may, `Contact` holds it, encrypted.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cyberweek.editions.models import Edition
from cyberweek.kernel.models import LocalizedField
from cyberweek.passport.enums import Band, Forgotten
from cyberweek.regions.enums import Sector
from cyberweek.regions.models import Region, Unit


class Participant(models.Model):
    """One passport. The arena adds these rows when it issues one; only `jobs` changes them: what is due is forgotten.

    `network` and `device` are keyed hashes of where it was taken (arena/networks.py), for the rules against cheating.
    """

    id = models.UUIDField(primary_key=True)
    nickname = models.CharField(_("nickname"), max_length=20, blank=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    band = models.CharField(_("age"), max_length=10, choices=Band)
    sector = models.CharField(_("sector"), max_length=12, choices=Sector)
    created = models.DateTimeField(db_default=Now(), editable=False)
    network = models.BinaryField(null=True, editable=False)
    device = models.BinaryField(null=True, editable=False)

    class Meta:
        verbose_name = _("participant")
        indexes = [
            models.Index(fields=["created"], name="participant_by_day"),
            models.Index(fields=["network"], name="participant_network", condition=models.Q(network__isnull=False)),
            models.Index(fields=["device"], name="participant_device", condition=models.Q(device__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.nickname or "—"


class UsedChallenge(models.Model):
    """A proof of work that was paid in: the arena adds it with the passport, and the key refuses it a second time."""

    nonce = models.BinaryField(primary_key=True, max_length=16)
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "passport_challenge_used"

    def __str__(self) -> str:
        return bytes(self.nonce).hex()


class NetworkDay(models.Model):
    """How many passports one network block got on one day (UTC). `network` is hashed with a key of that day alone."""

    pk = models.CompositePrimaryKey("day", "network")
    day = models.DateField()
    network = models.BinaryField(max_length=16)
    issued = models.IntegerField()

    class Meta:
        db_table = "passport_network_day"

    def __str__(self) -> str:
        return f"{self.day}: {self.issued}"


class Forgetting(models.Model):
    """The receipt of a deletion that was due: when, what, of how many."""

    at = models.DateTimeField()
    what = models.CharField(max_length=12, choices=Forgotten)
    count = models.IntegerField()

    class Meta:
        ordering = ["-at", "what"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.what}: {self.count}"


class Claim(models.Model):
    """Somebody has won something: their passport may leave a contact for it until `closes`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+", verbose_name=_("edition"))
    contest = models.SlugField(max_length=50)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("organiser"))
    participant = models.UUIDField()
    award = models.CharField(max_length=80)  # what was won, by a name of the caller's: one claim for each
    purpose = LocalizedField(_("what it is for"), max_length=200)
    invited = models.DateTimeField()
    closes = models.DateTimeField(_("contact wanted until"))
    delete_on = models.DateField(_("contact deleted on"))
    claimed = models.DateTimeField(null=True)
    forgotten = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-invited", "id"]
        verbose_name = _("claim")
        indexes = [models.Index(fields=["contest", "-invited"], name="claim_of_contest")]
        constraints = [
            models.UniqueConstraint(fields=["participant", "contest", "award"], name="claim_once"),
            models.CheckConstraint(condition=models.Q(closes__gt=models.F("invited")), name="claim_closes_later"),
        ]

    def __str__(self) -> str:
        return str(self.purpose)

    def lapsed(self, now: dt.datetime) -> bool:
        """Nothing was left while there was time. A contact that is deleted later does not undo that it was left."""
        return self.claimed is None and now >= self.closes


class Contact(models.Model):
    """What a winner left, sealed: only `actions.open_contact` reads it, and says so in the audit trail."""

    claim = models.OneToOneField(Claim, on_delete=models.CASCADE, related_name="contact", primary_key=True)
    sealed = models.BinaryField()
    confirmed = models.BooleanField(_("name confirmed"), default=False)

    class Meta:
        verbose_name = _("contact")

    def __str__(self) -> str:
        return str(self.claim_id)
