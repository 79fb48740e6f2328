"""verify_approvals: the chain of evidence, link by link (invariant 45)."""

import contextlib

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from billing import tracing
from billing.models import EvidenceLink


class Command(BaseCommand):
    help = "Verify the chain of approvals against their rows; exit 1 when it is broken. --export writes it for elsewhere."

    def add_arguments(self, parser):
        parser.add_argument(
            "--export",
            metavar="FILE",
            help="write every link to a CSV that billing/chain.py verifies alone; - is the standard output",
        )

    def handle(self, *args, export=None, **options):
        if export:
            self._export(export)
        say = self.stderr if export == "-" else self.stdout
        with connection.cursor() as cursor:
            cursor.execute("SELECT legal_entity_id, seq, kind, subject_id, what FROM evidence_broken()")
            broken = cursor.fetchall()
        for entity, seq, kind, subject, what in broken:
            say.write(f"✗ company {entity}, link {seq} ({kind} {subject}): {what}")
        if broken:
            raise CommandError(f"The chain of approvals is broken in {len(broken)} places.")
        heads = list(self._heads())
        if not heads:
            say.write("Nothing was approved or declined yet: the chain has no link.")
        for entity, seq, hash in heads:
            say.write(f"✓ company {entity}: {seq} links, the last one {bytes(hash).hex()}")

    def _heads(self):
        newest = EvidenceLink.objects.order_by("legal_entity", "-seq").distinct("legal_entity")
        return newest.values_list("legal_entity", "seq", "hash")

    def _export(self, file):
        links = EvidenceLink.objects.order_by("legal_entity", "seq").values_list(
            "legal_entity", "text", "hash"
        )
        try:
            with (
                contextlib.nullcontext(self.stdout) if file == "-" else open(file, "w", newline="") as written
            ):
                written.writelines(tracing.rows(links))
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}.") from error
