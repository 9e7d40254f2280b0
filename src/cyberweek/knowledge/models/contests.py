from __future__ import annotations

import datetime as dt
from typing import cast
from zoneinfo import ZoneInfo

import msgspec
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cyberweek.editions.models import Edition, validate_zone
from cyberweek.kernel.models import LocalizedField
from cyberweek.knowledge.core import contests as limits
from cyberweek.knowledge.core import release
from cyberweek.knowledge.enums import ContestState, Form, Phase
from cyberweek.regions.models import Unit

from .topics import Topic


class Contest(models.Model):
    """A knowledge contest: its rules and, in its quotas, its blueprint. What is played is always a release of it."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="contests", verbose_name=_("edition"))
    slug = models.SlugField(_("short name in addresses"), max_length=50, unique=True)  # the arena's name for it
    title = LocalizedField(_("title"), max_length=80)
    owner = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="contests", verbose_name=_("organiser"))
    opens = models.DateTimeField(_("opens"))
    closes = models.DateTimeField(_("closes"))
    zone = models.CharField(_("time zone"), max_length=40, default="Asia/Shanghai", validators=[validate_zone])
    minutes = models.PositiveSmallIntegerField(_("minutes for a paper"), default=10)
    attempts_per_day = models.PositiveSmallIntegerField(_("attempts a day"), default=3)
    points = models.PositiveSmallIntegerField(_("points for an item"), default=5)
    grace_seconds = models.PositiveSmallIntegerField(_("grace after the deadline, in seconds"), default=30)
    practice = models.BooleanField(_("practice first"), default=True)
    form = models.CharField(_("form"), max_length=11, choices=Form, default=Form.PAPER)
    attempts_in_all = models.PositiveSmallIntegerField(_("attempts in all"), null=True, blank=True)
    closed = models.BooleanField(_("closed: by code only"), default=False)
    team_minimum = models.PositiveSmallIntegerField(_("members that a ranked team needs"), null=True, blank=True)
    draw = models.JSONField(_("prize draw"), null=True, blank=True)  # release.Draw
    stage = models.JSONField(_("promotion"), null=True, blank=True)  # release.Stage
    objections_until = models.DateTimeField(_("objections until"), null=True, blank=True)
    admitted = models.JSONField(_("promoted participants"), null=True, blank=True)  # ids, once they are published
    objection_days = models.PositiveSmallIntegerField(_("days for an objection"), default=7)
    state = models.CharField(_("state"), max_length=10, choices=ContestState, default=ContestState.DRAFT)

    class Meta:
        ordering = ["edition", "opens", "slug"]
        verbose_name = _("contest")
        constraints = [
            models.CheckConstraint(
                condition=Q(slug__regex=release.CODE.replace(r"\Z", "$")), name="contest_slug_is_plain"
            ),
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="contest_closes_after_opening"),
            models.CheckConstraint(condition=Q(minutes__range=(1, limits.MAX_MINUTES)), name="contest_minutes"),
            models.CheckConstraint(
                condition=Q(attempts_per_day__range=(1, limits.MAX_ATTEMPTS)), name="contest_attempts"
            ),
            models.CheckConstraint(condition=Q(points__range=(1, limits.MAX_POINTS)), name="contest_points"),
            models.CheckConstraint(condition=Q(grace_seconds__range=(0, limits.MAX_GRACE)), name="contest_grace"),
            models.CheckConstraint(condition=Q(form__in=Form.values), name="contest_form_known"),
            models.CheckConstraint(
                condition=Q(attempts_in_all__isnull=True) | Q(attempts_in_all__gte=F("attempts_per_day")),
                name="contest_attempts_in_all",
            ),
            models.CheckConstraint(
                condition=Q(admitted__isnull=True) | Q(stage__isnull=False), name="contest_admits_to_a_stage"
            ),
            models.CheckConstraint(condition=Q(objection_days__range=(1, 60)), name="contest_objection_days"),
            models.CheckConstraint(condition=Q(state__in=ContestState.values), name="contest_state_known"),
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def local_opens(self) -> dt.datetime:
        return self.opens.astimezone(ZoneInfo(self.zone))

    @property
    def local_closes(self) -> dt.datetime:
        return self.closes.astimezone(ZoneInfo(self.zone))

    def phase(self, now: dt.datetime) -> Phase:
        """Where `now` falls in its opening hours."""
        return Phase.BEFORE if now < self.opens else Phase.OPEN if now < self.closes else Phase.OVER

    def rules(self) -> limits.Rules:
        """Its rules as one value: a query for the blueprint and one for the groups, unless they are prefetched."""
        return limits.Rules(
            opens=self.opens,
            closes=self.closes,
            zone=self.zone,
            minutes=self.minutes,
            attempts_per_day=self.attempts_per_day,
            points=self.points,
            grace_seconds=self.grace_seconds,
            practice=self.practice,
            blueprint={quota.topic_id: quota.count for quota in self.quotas.all()},
            form=cast("release.Form", self.form),
            attempts_in_all=self.attempts_in_all,
            groups={group.code: dict(group.name) for group in self.groups.all()},
            closed=self.closed,
            team_minimum=self.team_minimum,
            draw=msgspec.convert(self.draw, release.Draw) if self.draw else None,
            stage=msgspec.convert(self.stage, release.Stage) if self.stage else None,
            objections_until=self.objections_until,
        )

    def has_opened(self, now: dt.datetime) -> bool:
        """True when papers may have been written: it is published and its opening is past."""
        return self.state == ContestState.PUBLISHED and now >= self.opens


class Quota(models.Model):
    """One line of a contest's blueprint: how many items of a topic stand on a paper."""

    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="quotas")
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="+", verbose_name=_("topic"))
    count = models.PositiveSmallIntegerField(_("items"))

    class Meta:
        ordering = ["contest", "topic__order", "topic"]
        verbose_name = _("line of the blueprint")
        constraints = [
            models.UniqueConstraint(fields=["contest", "topic"], name="quota_topic_once"),
            models.CheckConstraint(condition=Q(count__gte=1), name="quota_asks_something"),
        ]

    def __str__(self) -> str:
        return f"{self.topic_id} × {self.count}"
