from django.apps import AppConfig


class Escalations(AppConfig):
    name = "escalations"
    verbose_name = "Escalations"
