from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from cyberweek.kernel.navigation import Entry, register


class ForensicsConfig(AppConfig):
    name = "cyberweek.forensics"

    def ready(self) -> None:
        from cyberweek.knowledge.rules import has_rulings  # noqa: PLC0415 -- models are not loaded before

        def fits(request: Any, contest: Any) -> bool:  # on the desk, where nobody is anonymous
            return has_rulings(request.user, contest)

        register("contest-desk", Entry(26, "forensics:list", _("Signs of cheating"), fits=fits))
        register("results-public", Entry(10, "forensics:rules", _("How results are checked")))
