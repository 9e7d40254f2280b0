from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "cyberweek.knowledge"
