"""Activities of an edition, the units that take part in them, and each step of their moderation."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cyberweek.editions.enums import OrganiserRole
from cyberweek.editions.models import Edition, ThemeDay, validate_zone
from cyberweek.kernel.models import LocalizedField
from cyberweek.programme.enums import Format, Kind, Status
from cyberweek.regions.enums import Provenance
from cyberweek.regions.models import Region, Unit


class Activity(models.Model):
    """Something held by a unit at a time and a place, or online. Start and end are instants; `zone` says how to show them."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="activities")
    code = models.CharField(_("number"), max_length=12)
    title = LocalizedField(_("title"), max_length=120)
    summary = LocalizedField(_("what it is"), max_length=1500, long=True, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    lead = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="activities", verbose_name=_("lead organiser")
    )
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="activities", verbose_name=_("region"))
    venue = LocalizedField(_("venue"), max_length=120, blank=True)
    address = LocalizedField(_("address"), max_length=200, blank=True)
    starts = models.DateTimeField(_("starts"))
    ends = models.DateTimeField(_("ends"))
    zone = models.CharField(_("time zone"), max_length=40, default="Asia/Shanghai", validators=[validate_zone])
    theme_day = models.ForeignKey(
        ThemeDay,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="activities",
        verbose_name=_("theme day"),
    )
    audience = LocalizedField(_("for whom"), max_length=120, blank=True)
    format = models.CharField(_("format"), max_length=10, choices=Format, default=Format.ON_SITE)
    capacity = models.PositiveIntegerField(_("capacity"), null=True, blank=True)
    contact_name = models.CharField(_("contact person"), max_length=80, blank=True)
    contact = models.CharField(_("telephone or e-mail"), max_length=120, blank=True)
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.DRAFT)
    status_since = models.DateTimeField(db_default=Now())
    provenance = models.CharField(max_length=12, choices=Provenance, default=Provenance.OWN)
    created = models.DateTimeField(db_default=Now(), editable=False)
    changed = models.DateTimeField(db_default=Now(), editable=False)  # any edit, step or move: calendars ask for it

    class Meta:
        ordering = ["starts", "code"]
        verbose_name = _("activity")
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="activity_code_once"),
            models.CheckConstraint(condition=models.Q(ends__gt=models.F("starts")), name="activity_ends_after_start"),
        ]
        indexes = [
            models.Index(fields=["edition", "status", "starts"], name="activity_on"),
            models.Index(fields=["edition", "region"], name="activity_where"),
            # What overviews and summaries count by, of tens of thousands: answered without the rows.
            models.Index(
                fields=["edition", "status", "region"],
                include=["id", "kind", "lead", "theme_day"],
                name="activity_counted",
            ),
            models.Index(fields=["edition", "-status_since", "-id"], name="activity_latest"),
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def local_starts(self) -> dt.datetime:
        return self.starts.astimezone(ZoneInfo(self.zone))

    @property
    def local_ends(self) -> dt.datetime:
        return self.ends.astimezone(ZoneInfo(self.zone))


class Partner(models.Model):
    """A unit that takes part in an activity beside its lead."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="partners")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=10, choices=OrganiserRole)

    class Meta:
        ordering = ["activity", "role", "id"]
        constraints = [models.UniqueConstraint(fields=["activity", "unit", "role"], name="partner_once")]

    def __str__(self) -> str:
        return str(self.unit)


class Step(models.Model):
    """One step of an activity's moderation: who, when, why."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="steps")
    status = models.CharField(max_length=10, choices=Status)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(db_default=Now(), editable=False)
    reason = LocalizedField(max_length=500, long=True, blank=True)  # in the language in which it was written

    class Meta:
        ordering = ["activity", "id"]

    def __str__(self) -> str:
        return f"{self.activity_id} {self.status}"


class Upload(models.Model):
    """A table that somebody looks through before it is imported. Kept for a day at most (see `actions.keep_upload`)."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name
