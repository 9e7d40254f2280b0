from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from cyberweek.kernel.models import LocalizedField


class Topic(models.Model):
    """What an item is about. Topics are data: a bank may have other ones than the ten that ship."""

    code = models.SlugField(_("code"), max_length=40, primary_key=True)
    name = LocalizedField(_("name"), max_length=60)
    hue = models.PositiveSmallIntegerField(_("hue"))  # 1 to 7, one of the days' hues; only where topics stand together
    order = models.PositiveSmallIntegerField(_("order"))

    class Meta:
        ordering = ["order", "code"]
        verbose_name = _("topic")
        constraints = [
            models.CheckConstraint(condition=models.Q(hue__range=(1, 7)), name="topic_hue_is_one_of_seven"),
        ]

    def __str__(self) -> str:
        return str(self.name)
