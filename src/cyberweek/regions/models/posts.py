from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cyberweek.regions.enums import Role

from .units import Unit


class Post(models.Model):
    """Ties a person to a unit with roles; roles reach down to the units under it."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="posts", verbose_name=_("person")
    )
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="posts", verbose_name=_("unit"))
    roles = ArrayField(models.CharField(max_length=12, choices=Role), verbose_name=_("roles"))
    since = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["unit", "person"]
        verbose_name = _("post")
        constraints = [
            models.UniqueConstraint(fields=["person", "unit"], name="post_once"),
            models.CheckConstraint(condition=models.Q(roles__len__gt=0), name="post_has_a_role"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.unit}"

    def role_names(self) -> list[str]:
        """The roles in the words of the active language."""
        return [str(Role(role).label) for role in self.roles]
