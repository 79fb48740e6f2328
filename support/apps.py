from django.apps import AppConfig


class Support(AppConfig):
    name = "support"
    verbose_name = "Support"

    def ready(self):
        from support import alarms, arming
        from support.desk import waking, warning

        alarms.register(arming.WARNING, warning.tell)
        alarms.register(warning.LATE, warning.tell)
        alarms.register(waking.WAKE, waking.tell)
