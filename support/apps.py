from django.apps import AppConfig


class Support(AppConfig):
    name = "support"
    verbose_name = "Support"
