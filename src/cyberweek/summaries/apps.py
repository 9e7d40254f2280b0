from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cyberweek.kernel.navigation import Entry, Section, register


class SummariesConfig(AppConfig):
    name = "cyberweek.summaries"

    def ready(self) -> None:
        register(
            "desk",
            Entry(
                46, "summaries:home", pgettext_lazy("report of a unit", "Summary"), icon="file", section=Section.RESULTS
            ),
        )
        register("public", Entry(70, "summaries:public-list", _("Summaries")))
