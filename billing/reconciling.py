"""A batch held against its sources: the time that was booked, the lines of its invoices, and what its files say."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from billing import exported
from billing.formats.lines import reference
from billing.models import ExportBatch

# What the entries of each line come to at the offered rate and tax, or what was left of what was signed; a credit undoes those of the line that it names.
SOURCES = f"""
    SELECT {reference("i")}, sum(l.minutes), sum(l.net), sum(l.tax), sum(booked.minutes), sum(priced.net), sum(round(priced.net * o.tax_rate / 100, 2))
    FROM billing_exportedinvoice x JOIN billing_invoice i ON i.id = x.invoice_id JOIN billing_invoiceline l ON l.invoice_id = i.id
        LEFT JOIN billing_approval a ON a.id = l.approval_id LEFT JOIN billing_offer o ON o.id = a.offer_id
        CROSS JOIN LATERAL (SELECT CASE WHEN l.credits_id IS NULL THEN 1 ELSE -1 END AS sign) way
        CROSS JOIN LATERAL (SELECT coalesce(sum(t.billed_minutes), 0) * sign AS counted, count(t.id) * sign AS entries,
                coalesce(sum(t.billed_minutes) FILTER (WHERE l.surcharge = ''), 0) * sign AS minutes
            FROM billing_billedentry b JOIN billing_timeentry t ON t.id = b.entry_id WHERE b.line_id = coalesce(l.credits_id, l.id)) booked
        CROSS JOIN LATERAL (SELECT count(*) AS delivered FROM billing_billeddelivery d WHERE d.line_id = coalesce(l.credits_id, l.id)) f
        CROSS JOIN LATERAL (SELECT sum(m.charged) AS charged FROM billing_billedminimum m WHERE m.line_id = coalesce(l.credits_id, l.id)) topped
        CROSS JOIN LATERAL (SELECT CASE WHEN f.delivered > 0 THEN sign * f.delivered * o.fixed_price WHEN topped.charged IS NOT NULL THEN sign * (o.minimum_charge - topped.charged) ELSE CASE l.surcharge WHEN 'visit' THEN entries * o.visit_price
            ELSE CASE l.net WHEN plain THEN plain ELSE sign * least(sign * plain, left_to_ask(coalesce(l.credits_id, l.id))) END END END AS net
            FROM (SELECT round(counted * CASE l.surcharge WHEN '' THEN o.rate WHEN 'on_site' THEN o.on_site_rate ELSE o.out_of_hours_rate END / 60, 2) AS plain) hourly) priced
    WHERE x.batch_id = %s GROUP BY i.id ORDER BY i.issued_at, i.id
"""  # noqa: S608  names of tables of ours


@dataclass(frozen=True, slots=True)
class Figures:
    """None is what a format does not say."""

    minutes: int | None
    net: Decimal
    tax: Decimal | None

    @property
    def gross(self) -> Decimal | None:
        return None if self.tax is None else self.net + self.tax

    def agrees(self, other: "Figures") -> bool:
        pairs = [(self.minutes, other.minutes), (self.net, other.net), (self.tax, other.tax)]
        return all(one == two for one, two in pairs if one is not None and two is not None)

    def plus(self, other: "Figures") -> "Figures":
        minutes = None if None in (self.minutes, other.minutes) else self.minutes + other.minutes
        tax = None if None in (self.tax, other.tax) else self.tax + other.tax
        return Figures(minutes, self.net + other.net, tax)


NOTHING = Figures(0, Decimal(0), Decimal(0))


@dataclass(frozen=True, slots=True)
class Compared:
    """An invoice, or all of them: what each source says of it."""

    number: str
    entries: Figures
    lines: Figures
    file: Figures

    @property
    def differs(self) -> bool:
        return not (self.entries.agrees(self.lines) and self.lines.agrees(self.file))


def compare(batch: ExportBatch) -> tuple[list[Compared], Compared]:
    """Invoice by invoice, and in all. What only the file names is compared with nothing."""
    said = _said(batch)
    found = list(_sources(batch, said))
    found += [Compared(number, NOTHING, NOTHING, figures) for number, figures in said.items()]
    total = Compared("", NOTHING, NOTHING, NOTHING)
    for one in found:
        total = Compared(
            "", total.entries.plus(one.entries), total.lines.plus(one.lines), total.file.plus(one.file)
        )
    return found, total


def _said(batch: ExportBatch) -> dict[str, Figures]:
    found: dict[str, Figures] = {}
    for row in exported.said(batch):
        figures = Figures(row.minutes, row.net, row.tax)
        found[row.number] = found[row.number].plus(figures) if row.number in found else figures
    return found


def _sources(batch: ExportBatch, said: dict[str, Figures]) -> Iterator[Compared]:
    with connection.cursor() as cursor:
        cursor.execute(SOURCES, [batch.pk])
        for number, minutes, net, tax, booked, priced, taxed in cursor.fetchall():
            entries = Figures(int(booked), priced or Decimal(0), taxed or Decimal(0))
            yield Compared(number, entries, Figures(int(minutes), net, tax), said.pop(number, NOTHING))
