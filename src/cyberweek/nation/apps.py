from django.apps import AppConfig


class NationConfig(AppConfig):
    name = "cyberweek.nation"
