"""migrate, as the owner; the role that serves and its default privileges come before the first table."""

from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import connections

from config.database import roles


class Command(migrate.Command):
    def handle(self, *args, **options):
        connection = connections[options["database"]]
        with connection.as_owner():
            roles.set_up(options["database"])
            super().handle(*args, **options)
            if not (options["plan"] or options["check_unapplied"] or options["app_label"]):
                call_command("createcachetable", database=options["database"], verbosity=0)
                call_command("sync_roles", verbosity=0)
