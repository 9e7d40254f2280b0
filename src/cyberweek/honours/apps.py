from django.apps import AppConfig


class HonoursConfig(AppConfig):
    name = "cyberweek.honours"
