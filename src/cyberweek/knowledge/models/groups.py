from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cyberweek.kernel.models import LocalizedField
from cyberweek.knowledge.core.release import CODE
from cyberweek.knowledge.core.terms import MAX_NAME

from .contests import Contest


class Group(models.Model):
    """A school or company of a contest. Its code is derived from `generation`, never stored (`core.groups`)."""

    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="groups", verbose_name=_("contest"))
    code = models.SlugField(_("short name"), max_length=MAX_NAME, db_index=False)
    name = LocalizedField(_("name"), max_length=MAX_NAME)
    generation = models.PositiveIntegerField(_("generation of its code"), default=1)
    withdrawn = models.BooleanField(_("takes nobody in any more"), default=False)

    class Meta:
        ordering = ["contest", "code"]
        verbose_name = _("group")
        constraints = [
            models.UniqueConstraint(fields=["contest", "code"], name="group_code_once"),
            models.CheckConstraint(condition=Q(code__regex=CODE.replace(r"\Z", "$")), name="group_code_is_plain"),
        ]

    def __str__(self) -> str:
        return str(self.name)
