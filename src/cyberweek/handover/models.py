"""What was handed over, what was received, and who is believed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cyberweek.editions.models import Edition
from cyberweek.regions.models import Unit


class Archive(models.Model):
    """An archive of an edition, made by a job; empty until it is there. The bytes stay as they were signed."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    asked = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64, blank=True)  # SHA-256 of the manifest
    content = models.BinaryField(default=b"")
    size = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("archive")
        constraints = [
            # One is made at a time: a second press finds the first.
            models.UniqueConstraint(
                fields=["edition"], condition=models.Q(made=None), name="archive_one_in_the_making"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition} {self.digest[:12]}"


class ContactOffer(models.Model):
    """A person agrees that the next host may ask them; withdrawn by deleting it."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+", verbose_name=_("unit"))
    contact = models.CharField(_("telephone or e-mail"), max_length=120)
    about = models.CharField(_("what one may ask you about"), max_length=200)
    agreed = models.DateField()

    class Meta:
        ordering = ["edition", "unit", "id"]
        constraints = [models.UniqueConstraint(fields=["edition", "person"], name="contact_offer_once")]

    def __str__(self) -> str:
        return self.contact


class KnownHost(models.Model):
    """A key whose fingerprint a keeper has compared with what its host says."""

    key = models.CharField(max_length=60, unique=True)
    name = models.CharField(_("whose key it is"), max_length=120)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        verbose_name = _("known host")

    def __str__(self) -> str:
        return self.name


class Reception(models.Model):
    """An archive that was brought, and the edition that was made of it. The same archive is received once."""

    digest = models.CharField(max_length=64, unique=True)
    key = models.CharField(max_length=60)
    source = models.CharField(max_length=64)  # the edition's short name at the last host's
    content = models.BinaryField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    edition = models.OneToOneField(Edition, null=True, on_delete=models.PROTECT, related_name="+")
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    taken = models.DateTimeField(null=True)
    left_out = models.JSONField(default=list)  # codes of units for which none was chosen

    class Meta:
        ordering = ["-id"]
        verbose_name = _("received archive")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(edition=None, taken=None) | models.Q(edition__isnull=False, taken__isnull=False),
                name="reception_taken_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.digest[:12]}"


class Heritage(models.Model):
    """What came with a received archive for reading and comparing: one row a file, as it stood there."""

    reception = models.ForeignKey(Reception, on_delete=models.CASCADE, related_name="heritage")
    kind = models.CharField(max_length=12)  # contacts, items, history, lessons, risks, cases, tasks
    rows = models.JSONField()

    class Meta:
        ordering = ["reception", "kind"]
        constraints = [models.UniqueConstraint(fields=["reception", "kind"], name="heritage_once")]

    def __str__(self) -> str:
        return f"{self.reception_id} {self.kind}"
