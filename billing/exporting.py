"""Invoices on their way to finance: a month's issued invoices as one file, kept byte for byte."""

import csv
import hashlib
import io
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from billing.formats import PROFILES, cells
from billing.models import ExportBatch, ExportedInvoice, Invoice, InvoiceLine
from billing.rules import ask, verb
from support.actors import Actor
from support.models import LegalEntity
from support.refusal import Refused


@dataclass(frozen=True, slots=True)
class Exported:
    """The batch, and whether it is an old one: the month's invoices had all been exported before."""

    batch: ExportBatch
    again: bool


@verb
def export(entity: LegalEntity, month: date, profile: str, *, by: Actor, at: datetime) -> Exported:
    """The invoices of work done in this month that no file of this format holds yet; when all are, the newest file again.

    `month` is that of the work in the legal entity's zone, whatever an invoice's date. Refused, with a list, when a
    customer has no name for finance; when there is nothing; for a format that is not known.
    """
    if profile not in PROFILES:
        known = ", ".join(sorted(PROFILES))
        raise Refused(
            _("No format is called %(name)s. There are: %(known)s.") % {"name": profile, "known": known}
        )
    month = month.replace(day=1)
    ask("SELECT 1 FROM pg_advisory_xact_lock(hashtext(%s))", f"export of {entity.pk} {month:%Y-%m} {profile}")
    issued = Invoice.objects.issued().filter(legal_entity=entity, month=month)
    fresh = issued.exclude(exported__profile=profile)
    if not fresh.exists():
        return _again(entity, month, profile)
    _must_have_names(fresh)
    return Exported(_batch(entity, month, profile, fresh, by), again=False)


def entities_of(month: date) -> list[LegalEntity]:
    """The companies that have issued invoices for this month."""
    issued = Invoice.objects.issued().filter(month=month.replace(day=1))
    return list(LegalEntity.objects.filter(pk__in=issued.values("legal_entity")).order_by("name"))


def nothing(month: date, drafts: int) -> Refused:
    """The sentence for a month without issued invoices."""
    sentence = _("There is nothing to export for %(month)s: no invoice is issued.")
    if drafts:
        sentence += " " + _("Drafts that wait to be issued: %(drafts)d.")
    return Refused(sentence % {"month": date_format(month, "F Y"), "drafts": drafts})


def drafts_of(month: date) -> int:
    return Invoice.objects.drafts().filter(month=month.replace(day=1)).count()


def lines_of(invoices: QuerySet[Invoice]) -> QuerySet[InvoiceLine]:
    """All that a format needs of these invoices, in the order of the file, by one query."""
    return (
        InvoiceLine.objects.filter(invoice__in=invoices)
        .select_related(
            "invoice__bill_to",
            "invoice__credits",
            "approval__offer__engagement",
            "approval__engagement__ticket",
        )
        .order_by("invoice__issued_at", "invoice__pk", "position")
    )


def strayed() -> list[tuple]:
    """Batches whose file does not say what the lines of their invoices say, apart from what was the customer's on that day."""
    return [
        (f"{batch}", batch.pk) for batch in ExportBatch.objects.order_by("pk").iterator() if _strays(batch)
    ]


def _strays(batch: ExportBatch) -> bool:
    if (form := PROFILES.get(batch.profile)) is None:
        return True
    try:
        return _lasting(bytes(batch.content), form) != _lasting(
            form.write(lines_of(batch.invoices.all())), form
        )
    except (
        ValueError,
        csv.Error,
        AttributeError,
        ObjectDoesNotExist,
    ):  # no table of text, or what a line names is gone
        return True


def _lasting(content: bytes, form) -> list[list[str]]:
    rows = csv.reader(io.StringIO(content.decode(), newline=""))
    return [[cell for at, cell in enumerate(row) if at not in form.OF_ITS_DAY] for row in rows]


def _again(entity: LegalEntity, month: date, profile: str) -> Exported:
    batch = ExportBatch.objects.filter(legal_entity=entity, month=month, profile=profile).first()
    if batch is None:
        raise nothing(month, drafts_of(month))
    return Exported(batch, again=True)


def _must_have_names(invoices: QuerySet[Invoice]) -> None:
    customers = {invoice.bill_to for invoice in invoices.select_related("bill_to")}
    blank = sorted(one.name for one in customers if not one.finance_name.strip())
    if blank:
        raise Refused(
            _("Nothing was exported. These customers have no name for finance: %(names)s.")
            % {"names": ", ".join(blank)}
        )
    names = {name for one in customers for name in (one.finance_name, one.account_reference)}
    if formulas := sorted(name for name in names if cells.starts_a_formula(name)):
        raise Refused(
            _("Nothing was exported. Finance programs would read these names as formulas: %(names)s.")
            % {"names": ", ".join(formulas)}
        )


def _batch(
    entity: LegalEntity, month: date, profile: str, invoices: QuerySet[Invoice], by: Actor
) -> ExportBatch:
    invoices = list(invoices)
    lines = list(lines_of(invoices))
    content = PROFILES[profile].write(lines)
    net = sum((line.net for line in lines), Decimal(0))
    gross = sum((line.net + line.tax for line in lines), Decimal(0))
    _must_add_up(content, profile, len(lines), net, gross)
    batch = ExportBatch(
        legal_entity=entity,
        profile=profile,
        month=month,
        content=content,
        sha256=hashlib.sha256(content).digest(),
        rows=len(lines),
        net=net,
        gross=gross,
    )
    batch.actor = by
    batch.save(force_insert=True)
    ExportedInvoice.objects.bulk_create(
        ExportedInvoice(batch=batch, invoice=invoice, profile=profile) for invoice in invoices
    )
    return batch


def _must_add_up(content: bytes, profile: str, rows: int, net: Decimal, gross: Decimal) -> None:
    """The file is read back before it counts: as many rows, the same sums."""
    form = PROFILES[profile]
    read = list(csv.reader(io.StringIO(content.decode(), newline="")))[1:]
    sums = [sum((Decimal(row[column]) for row in read), Decimal(0)) for column in (form.NET, form.GROSS)]
    if [len(read), *sums] != [rows, net, gross]:
        raise RuntimeError(f"the {profile} file says {len(read)} rows and {sums}, not {rows}, {net}, {gross}")
