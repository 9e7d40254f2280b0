from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cyberweek.kernel.navigation import Entry, register


class KnowledgeConfig(AppConfig):
    name = "cyberweek.knowledge"

    def ready(self) -> None:
        from cyberweek.editions.actions import edition_moved  # noqa: PLC0415 -- models are not loaded before

        from .actions import follow_edition  # noqa: PLC0415 -- models are not loaded before

        edition_moved.connect(follow_edition, dispatch_uid="knowledge.follow_edition")
        register("public", Entry(order=20, route="knowledge:contest-list", label=pgettext_lazy("menu", "Contest")))
        register("public", Entry(order=21, route="knowledge:boards", label=pgettext_lazy("menu", "Boards")))
        register("public", Entry(order=80, route="knowledge:passport", label=_("My passport")))
        register("desk", Entry(order=40, route="knowledge:desk-contest-list", label=_("Contests"), icon="medal"))
        register(
            "desk",
            Entry(order=41, route="knowledge:item-list", label=_("Item bank"), icon="book", with_edition=False),
        )
