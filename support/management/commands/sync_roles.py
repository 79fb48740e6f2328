"""sync_roles: makes the groups say what support/roles.py says."""

from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.db.models import F

from support.roles import Role
from support.roles_in_records import codenames


def drift() -> dict[str, tuple[set, set]]:
    """Group → (permissions missing, permissions too many); empty when the groups say what the table says."""
    found = {}
    for role in Role:
        held = Permission.objects.filter(group__name=role).values_list(
            F("content_type__app_label"), "codename"
        )
        wanted, held = codenames(role), set(held)
        if wanted != held or not Group.objects.filter(name=role).exists():
            found[role.value] = (wanted - held, held - wanted)
    return found


class Command(BaseCommand):
    help = "Write the groups and their permissions from the table of roles."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when they differ")

    def handle(self, *args, check=False, **options):
        """As the owner: the role that serves may not say what roles may do."""
        if connection.is_owner or connection.in_atomic_block:
            self._handle(check, options["verbosity"])
        else:
            with connection.as_owner():
                self._handle(check, options["verbosity"])

    @transaction.atomic
    def _handle(self, check, verbosity):
        differing = drift()
        if check and differing:
            raise CommandError(
                f"Groups differ from support/roles.py: {', '.join(differing)}. Run sync_roles."
            )
        for name in differing:
            wanted = codenames(Role(name))
            found = Permission.objects.filter(content_type__app_label__in={app for app, _ in wanted})
            group, _ = Group.objects.get_or_create(name=name)
            permissions = [
                p
                for p in found.select_related("content_type")
                if (p.content_type.app_label, p.codename) in wanted
            ]
            if len(permissions) != len(wanted):
                have = {(p.content_type.app_label, p.codename) for p in permissions}
                raise CommandError(f"support/roles.py names unknown permissions: {sorted(wanted - have)}")
            group.permissions.set(permissions)
        if verbosity:
            self.stdout.write(
                f"Wrote {', '.join(differing)}." if differing else "The groups say what the table says."
            )
