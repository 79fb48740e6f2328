"""run_invoices: drafts a month's invoices, and issues them when told to."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.formats import date_format

from billing import invoicing
from billing.management.months import entity_named, month_named
from support.actors import Actor
from support.models import LegalEntity
from support.refusal import Refused


class Command(BaseCommand):
    help = "Draft the invoices of work done in a month; with --issue they get their numbers. It may be repeated at will."

    def add_arguments(self, parser):
        parser.add_argument("--month", required=True, metavar="YYYY-MM")
        parser.add_argument("--entity", help="one company, by name or number series; all of them without it")
        parser.add_argument("--issue", action="store_true")

    def handle(self, *args, month, entity, issue, **options):
        month, by, now = month_named(month), Actor.system("run_invoices"), timezone.now()
        act = invoicing.run if issue else invoicing.draft
        written = 0
        for company in [entity_named(entity)] if entity else LegalEntity.objects.order_by("name"):
            try:
                invoices = act(company, month, by=by, at=now)
            except Refused as refused:
                raise CommandError(f"{company}: {refused.sentence}") from refused
            written += len(invoices)
            for invoice in invoices:
                self.stdout.write(
                    f"{invoice.reference} {invoice.bill_to}: {invoice.total} {invoice.currency}"
                )
        if not written:
            self.stdout.write(
                f"Nothing to {'issue' if issue else 'draft'} for {date_format(month, 'F Y')}: "
                "no approved time of that month waits to be invoiced."
            )
