from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from cyberweek.kernel.navigation import Entry, register


class DrawsConfig(AppConfig):
    name = "cyberweek.draws"

    def ready(self) -> None:
        from .queries import has_draws  # noqa: PLC0415 -- models are not loaded before

        register("contest-desk", Entry(30, "draws:desk-list", _("Prize draws")))
        register(
            "contest-public",
            Entry(30, "draws:list", _("Prize draws"), fits=lambda _request, contest: has_draws(contest)),
        )
