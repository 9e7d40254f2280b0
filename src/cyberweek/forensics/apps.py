from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from cyberweek.kernel.navigation import Entry, register


class ForensicsConfig(AppConfig):
    name = "cyberweek.forensics"

    def ready(self) -> None:
        from cyberweek.knowledge.rules import has_rulings  # noqa: PLC0415 -- models are not loaded before

        register(
            "contest-desk",
            Entry(
                26, "forensics:list", _("Signs of cheating"), fits=lambda request, one: has_rulings(request.user, one)
            ),
        )
        register("results-public", Entry(10, "forensics:rules", _("How results are checked")))
