from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from cyberweek.kernel.navigation import Entry, Section, register


class ReadinessConfig(AppConfig):
    name = "cyberweek.readiness"

    def ready(self) -> None:
        register("desk", Entry(14, "readiness:forecast-list", _("Readiness"), icon="tick", section=Section.PREPARE))
