from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from cyberweek.kernel.navigation import Entry, Section, register


class RegionsConfig(AppConfig):
    name = "cyberweek.regions"

    def ready(self) -> None:
        register(
            "desk",
            Entry(60, "regions:unit-list", _("Units and posts"), icon="tree", section=Section.KEEP, with_edition=False),
        )
