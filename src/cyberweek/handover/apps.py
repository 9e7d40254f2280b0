from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from cyberweek.kernel.navigation import Entry, Section, register


class HandoverConfig(AppConfig):
    name = "cyberweek.handover"

    def ready(self) -> None:
        register("desk", Entry(48, "handover:detail", _("Hand-over"), icon="share", section=Section.RESULTS))
