from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class Config(AppConfig):
    name = "config"
    default = True

    def ready(self):
        from config import checks  # noqa: F401  registers the system checks


class Admin(AdminConfig):
    default_site = "config.site.Site"
    default = False
