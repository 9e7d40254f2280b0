from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from cyberweek.knowledge.enums import PlaceReason
from cyberweek.passport.models import Participant

from .contests import Contest


class Promoted(models.Model):
    """A line of the promotion list of a stage as it was published last: somebody promoted, or in reserve."""

    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="promoted", verbose_name=_("contest"))
    position = models.PositiveIntegerField(_("position"))
    participant = models.ForeignKey(Participant, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    reason = models.CharField(_("how"), max_length=10, choices=PlaceReason)
    tied = models.BooleanField(_("decided by the earlier paper"), default=False)
    region = models.CharField(_("region of the quota"), max_length=32, blank=True)
    score = models.IntegerField(_("points"))
    seconds = models.IntegerField(_("seconds"))

    class Meta:
        ordering = ["contest", "position"]
        verbose_name = _("line of a promotion list")
        constraints = [
            models.UniqueConstraint(fields=["contest", "position"], name="promoted_position_once"),
            models.UniqueConstraint(fields=["contest", "participant"], name="promoted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.contest_id} {self.position}"


class Declined(models.Model):
    """Somebody who will not play the stage, and why; the rule is applied to those who are left."""

    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="declined", verbose_name=_("contest"))
    participant = models.ForeignKey(Participant, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    reason = models.CharField(_("reason"), max_length=200)
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["contest", "at"]
        verbose_name = _("place given up")
        constraints = [models.UniqueConstraint(fields=["contest", "participant"], name="declined_once")]

    def __str__(self) -> str:
        return f"{self.contest_id} {self.participant_id}"
