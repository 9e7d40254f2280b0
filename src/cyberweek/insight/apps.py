from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from cyberweek.kernel.navigation import Entry, register


class InsightConfig(AppConfig):
    name = "cyberweek.insight"

    def ready(self) -> None:
        register("public", Entry(40, "insight:wall", _("Wall")))
