from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from cyberweek.kernel.navigation import Entry, register


class ForensicsConfig(AppConfig):
    name = "cyberweek.forensics"

    def ready(self) -> None:
        register("contest-desk", Entry(20, "forensics:list", _("Signs of cheating")))
