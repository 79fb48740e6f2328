"""migrate, as the owner; the role that serves and its default privileges come before the first table."""

from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import connections

from config.database import roles


class Command(migrate.Command):
    def execute(self, *args, **options):
        """The checks before it ask the database too, which in a new server has no role yet that could answer."""
        with connections[options["database"]].as_owner():
            roles.set_up(options["database"])
            return super().execute(*args, **options)

    def handle(self, *args, **options):
        super().handle(*args, **options)
        if not (options["plan"] or options["check_unapplied"] or options["app_label"]):
            call_command("createcachetable", database=options["database"], verbosity=0)
            call_command("sync_roles", verbosity=0)
