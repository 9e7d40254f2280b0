from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from cyberweek.kernel.navigation import Entry, Section, register


class FinalsConfig(AppConfig):
    name = "cyberweek.finals"

    def ready(self) -> None:
        register(
            "desk",
            Entry(
                order=43,
                route="finals:desk-final-list",
                label=_("Stage finals"),
                icon="bell",
                section=Section.TAKE_PART,
            ),
        )
