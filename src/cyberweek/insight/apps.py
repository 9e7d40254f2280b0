from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "cyberweek.insight"
