from django.apps import AppConfig


class Escalations(AppConfig):
    name = "escalations"
    verbose_name = "Escalations"

    def ready(self):
        from escalations import management, report_paper, rota
        from support import alarms, versions
        from support.mail import enclosures

        alarms.register("escalations.management", management.tell)
        enclosures.register("report", report_paper.for_mail)
        versions.follow(rota.load)
