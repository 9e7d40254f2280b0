from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from cyberweek.kernel.navigation import Entry, register


class PublicConfig(AppConfig):
    name = "cyberweek.public"

    def ready(self) -> None:
        register("public", Entry(0, "public:home", _("Home"), exact=True))
