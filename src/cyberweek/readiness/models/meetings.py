"""Meetings: who is called, what is on the agenda, what each unit reports, what was decided."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cyberweek.editions.models import Edition
from cyberweek.kernel.models import LocalizedField
from cyberweek.planning.models import Task
from cyberweek.readiness.enums import ItemKind, MeetingState, Presence, Reach
from cyberweek.regions.enums import Provenance
from cyberweek.regions.models import Region, Unit


class Meeting(models.Model):
    """A unit calls other units together. It is about one region with all under it, or about one unit with all under it.

    `minutes` is what was approved, whole ({} before), and `digest` its hash: from then on the database refuses every
    change to it and to what it was made of (migration 0003). `revision` grows with every edit by a person.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="meetings", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="meetings", verbose_name=_("called by"))
    title = LocalizedField(_("title"), max_length=120)
    starts = models.DateTimeField(_("starts"))
    place = LocalizedField(pgettext_lazy("meeting", "place"), max_length=120, blank=True)
    region = models.ForeignKey(
        Region, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("about a region")
    )
    branch = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("about a unit")
    )
    reach = models.CharField(_("who reports"), max_length=12, choices=Reach, default=Reach.RIGHT_UNDER)
    reports_due = models.DateTimeField(_("reports wanted by"))
    state = models.CharField(_("state"), max_length=10, choices=MeetingState, default=MeetingState.PLANNED)
    chair = models.CharField(_("chair"), max_length=80, blank=True)
    writer = models.CharField(_("minutes taken by"), max_length=80, blank=True)
    minutes = models.JSONField(default=dict, editable=False)
    digest = models.CharField(max_length=64, blank=True, editable=False)
    approved_at = models.DateTimeField(null=True, editable=False)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    revision = models.PositiveIntegerField(default=1, editable=False)
    provenance = models.CharField(max_length=12, choices=Provenance, default=Provenance.OWN)

    class Meta:
        ordering = ["-starts", "-pk"]
        verbose_name = _("meeting")
        constraints = [
            models.CheckConstraint(
                condition=Q(region__isnull=False, branch__isnull=True) | Q(region__isnull=True, branch__isnull=False),
                name="meeting_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(state=MeetingState.APPROVED, approved_at__isnull=False)
                | (~Q(state=MeetingState.APPROVED) & Q(approved_at__isnull=True)),
                name="meeting_approved_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["edition", "-starts"], name="meeting_of_edition")]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def local_starts(self) -> dt.datetime:
        return self.starts.astimezone(self.edition.tz)

    @property
    def local_due(self) -> dt.datetime:
        return self.reports_due.astimezone(self.edition.tz)


class AgendaItem(models.Model):
    """One thing that a meeting talks about, what it is to decide, and what was said."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=12, choices=ItemKind, default=ItemKind.DISCUSSION)
    title = LocalizedField(pgettext_lazy("agenda", "item"), max_length=120)
    wanted = LocalizedField(_("decision wanted"), max_length=500, blank=True)
    minutes = models.TextField(_("minutes"), blank=True, max_length=8000)  # in the words of who wrote it

    class Meta:
        ordering = ["meeting", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "number"], name="agenda_number_once", deferrable=models.Deferrable.DEFERRED
            )
        ]

    def __str__(self) -> str:
        return str(self.title)


class UnitReport(models.Model):
    """What one unit reports on its preparatory work, on one page. Asked for when the meeting is called; in when `sent`.

    The four texts begin as what the unit's tasks say; `revision` as on a meeting.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="reports", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    done = models.TextField(_("what is done"), blank=True, max_length=1200)
    doing = models.TextField(_("what is under way"), blank=True, max_length=1200)
    troubles = models.TextField(_("what is late or blocked, and why"), blank=True, max_length=1200)
    asks = models.TextField(_("what is asked of others"), blank=True, max_length=1200)
    sent = models.DateTimeField(null=True, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    reminded = models.DateField(null=True, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["meeting", "unit"]
        constraints = [models.UniqueConstraint(fields=["meeting", "unit"], name="unit_report_once")]
        indexes = [models.Index(fields=["sent", "meeting"], name="unit_report_owed")]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.unit_id}"


class Attendee(models.Model):
    """Somebody who was called to a meeting, and whether they came."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendees")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(pgettext_lazy("person", "name"), max_length=80, blank=True)
    presence = models.CharField(max_length=8, choices=Presence, default=Presence.PRESENT)

    class Meta:
        ordering = ["meeting", "pk"]

    def __str__(self) -> str:
        return self.name or str(self.unit)


class Decision(models.Model):
    """What a meeting decided: what, who, until when. It becomes a task of the unit once the minutes are approved."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="decisions")
    item = models.ForeignKey(AgendaItem, null=True, blank=True, on_delete=models.SET_NULL, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    what = LocalizedField(_("what was decided"), max_length=120)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    accountable = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        verbose_name=_("accountable person"),
    )  # fmt: skip
    due = models.DateField(_("until"))
    task = models.OneToOneField(Task, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["meeting", "number"]
        constraints = [models.UniqueConstraint(fields=["meeting", "number"], name="decision_number_once")]

    def __str__(self) -> str:
        return str(self.what)
