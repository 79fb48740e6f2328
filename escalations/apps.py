from django.apps import AppConfig


class Escalations(AppConfig):
    name = "escalations"
    verbose_name = "Escalations"

    def ready(self):
        from escalations import management
        from support import alarms

        alarms.register("escalations.management", management.tell)
