from django.apps import AppConfig


class PassportConfig(AppConfig):
    name = "cyberweek.passport"
