"""trace: what a line of an invoice rests on, from the entries to who said yes and how."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from billing import tracing, wording
from billing.money import Money
from support.refusal import Refused


class Command(BaseCommand):
    help = "Show what a line of an invoice rests on. --bundle writes the evidence as a ZIP that is checked with Python alone."

    def add_arguments(self, parser):
        parser.add_argument("line", help="the invoice’s number and the line, like INV-2026-000003/1")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
        parser.add_argument("--bundle", metavar="FILE", help="write the evidence there")

    def handle(self, *args, line, bundle=None, **options):
        try:
            found = tracing.trace(tracing.line_named(line))
        except Refused as refused:
            raise CommandError(refused.sentence) from refused
        if bundle:
            self._write(found, bundle)
        if options["json"]:
            self.stdout.write(json.dumps(tracing.told(found), ensure_ascii=False))
        else:
            self._print(found)

    def _write(self, found, file):
        try:
            Path(file).write_bytes(tracing.bundle(found))
        except Refused as refused:
            raise CommandError(refused.sentence) from refused
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}.") from error
        self.stderr.write(f"The evidence of {found.reference} is in {file}: unpack it and run check.py.")

    def _print(self, found):
        line, offer = found.line, found.offer
        net = Money(line.net, line.invoice.currency)
        say = self.stdout.write
        say(f"{found.reference}  {line.description}")
        what = f"{line.get_surcharge_display()}, " if line.surcharge else ""
        counted = f"{line.counted} billed minute{'s' * (line.counted != 1)}, " if line.counted else ""
        say(f"  {what}{counted}{net}")
        if found.delivery:
            said = found.delivery
            say(f"  delivered {said.delivered_at:%Y-%m-%d %H:%M} UTC, said {said.actor_name}: {said.text}")
        for each in found.counted:
            counts = Money(each.net, line.invoice.currency)
            say(f"  counts towards it: {each.invoice.reference}/{each.position}, {counts}")
        for each in found.before:
            say(
                f"  asked before: {each.invoice.reference}/{each.position}, {Money(each.net, line.invoice.currency)}"
            )
        for entry in found.entries:
            zone = line.invoice.legal_entity.time_zone
            say(
                f"  entry {entry.pk}: {wording.when(entry.started_at, zone)}, {entry.person.name}: {entry.text}"
            )
            say(f"    {entry.raw_minutes} min worked, {entry.billed_minutes} billed: {entry.basis}")
        say(
            f"  approval {found.approval.reference}, in force from {found.approval.decided_at:%Y-%m-%d %H:%M} UTC"
        )
        if end := getattr(found.approval, "end", None):
            say(f"    {end.get_why_display().lower()} {end.ended_at:%Y-%m-%d %H:%M} UTC")
        say(f"    {offer.sentence}")
        say(f"    offer, {len(bytes(offer.document))} bytes, SHA-256 {bytes(offer.sha256).hex()}")
        for one in found.signatures:
            how = f"{one.get_how_display()}, {one.contact_email}"
            say(
                f"    signed by {one.typed_name} ({one.contact_name}) {one.signed_at:%Y-%m-%d %H:%M} UTC: {how}"
            )
            if said := one.written:
                number = f" {said.reference}" if said.reference else ""
                say(f"      {said.get_way_display()}{number}, {said.dated_on:%Y-%m-%d}: {said.says}")
                say(f"      recorded by {said.actor_name} {said.recorded_at:%Y-%m-%d %H:%M} UTC", ending="")
                say(f", confirmed by {said.check_made.actor_name}")
                say(f"      original {said.original.name}, SHA-256 {said.original_sha256}")
        for link in found.links:
            say(f"  link {link.seq} of the chain ({link.kind}): {bytes(link.hash).hex()}")
