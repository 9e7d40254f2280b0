from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from cyberweek.kernel.navigation import Entry, Section, register


class EditionsConfig(AppConfig):
    name = "cyberweek.editions"

    def ready(self) -> None:
        register("desk", Entry(70, "editions:edition-detail", _("This edition"), icon="calendar", section=Section.KEEP))
        register(
            "desk",
            Entry(
                80, "editions:edition-list", _("All editions"), icon="table", section=Section.KEEP, with_edition=False
            ),
        )
