from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cyberweek.kernel.navigation import Entry, Section, register


class KnowledgeConfig(AppConfig):
    name = "cyberweek.knowledge"

    def ready(self) -> None:
        from cyberweek.editions.actions import edition_moved  # noqa: PLC0415 -- models are not loaded before

        from .actions import follow_edition  # noqa: PLC0415 -- models are not loaded before

        edition_moved.connect(follow_edition, dispatch_uid="knowledge.follow_edition")
        register("public", Entry(order=20, route="knowledge:contest-list", label=pgettext_lazy("menu", "Contest")))
        register("public", Entry(order=21, route="knowledge:boards", label=pgettext_lazy("menu", "Boards")))
        register("public", Entry(order=80, route="knowledge:passport", label=_("My passport")))
        register(
            "desk",
            Entry(
                order=40,
                route="knowledge:desk-contest-list",
                label=_("Contests"),
                icon="medal",
                section=Section.TAKE_PART,
            ),
        )
        register(
            "desk",
            Entry(
                order=41,
                route="knowledge:item-list",
                label=_("Item bank"),
                icon="book",
                section=Section.TAKE_PART,
                with_edition=False,
            ),
        )
        self._register_around_a_contest()

    @staticmethod
    def _register_around_a_contest() -> None:
        from . import rules  # noqa: PLC0415 -- models are not loaded before

        for order, route, label, fits in (
            (10, "desk-group-list", _("Groups and their codes"),
             lambda request, one: one.groups.exists() and rules.may_change_contest(request.user, one)),
            (11, "desk-promotion", _("Promotion"), lambda _request, one: bool(one.stage)),
            (15, "desk-item-figures", _("How the items did"),
             lambda request, one: rules.has_rulings(request.user, one)),
            (20, "desk-rulings", _("Exclusions and objections"),
             lambda request, one: rules.has_rulings(request.user, one)),
            (21, "desk-regrade", _("Regrade"), lambda request, one: rules.has_rulings(request.user, one)),
            (40, "desk-claim-list", _("Winners’ contacts"), None),
        ):  # fmt: skip
            register("contest-desk", Entry(order, f"knowledge:{route}", label, fits=fits))
