from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from cyberweek.kernel.navigation import Entry, Section, register


class DeskConfig(AppConfig):
    name = "cyberweek.desk"

    def ready(self) -> None:
        register("desk", Entry(10, "desk:edition", _("Overview"), icon="overview"))
        register("desk", Entry(50, "desk:my-unit", _("My unit"), icon="flag", section=Section.KEEP, with_edition=False))
        register(
            "desk", Entry(90, "desk:audit", _("Audit trail"), icon="history", section=Section.KEEP, with_edition=False)
        )
