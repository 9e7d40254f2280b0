from django.apps import AppConfig
from django.utils.translation import get_language

from .core.localized import LocalizedText


class KernelConfig(AppConfig):
    name = "cyberweek.kernel"

    def ready(self) -> None:
        LocalizedText.active = staticmethod(lambda: get_language() or "en")
