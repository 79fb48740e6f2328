"""An issued report as PDF: one for each customer who is told, in his zone and language, made once and kept as a file."""

import hashlib
from datetime import datetime
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.utils import timezone, translation

from billing.rules import ask
from escalations import report_pages
from escalations.models import ReportPaper, ReportRecipient, ReportVersion
from support import pdf
from support.actors import Actor
from support.models import Customer, File, Mail, Visibility

AT_ONCE = 50  # a minute
LACKING = """
SELECT v.id, w.customer FROM escalations_reportversion v JOIN escalations_incidentreport r ON r.id = v.report_id
CROSS JOIN LATERAL (
    SELECT DISTINCT k.holder_id AS customer FROM escalations_outagecontract o JOIN support_contract k ON k.id = o.contract_id
    WHERE o.outage_id = r.outage_id
    UNION SELECT t.customer_id FROM support_ticket t WHERE t.id = r.ticket_id
) w
WHERE v.state = 'issued' AND NOT EXISTS (SELECT FROM escalations_reportpaper p WHERE p.version_id = v.id AND p.customer_id = w.customer)
ORDER BY v.id, w.customer LIMIT %s
"""


def for_mail(mail: Mail, at: datetime) -> list[File]:
    """What a report's mail takes along; without it the mail waits, and says why."""
    given = ReportRecipient.objects.select_related("contact__customer", "version__report").get(mail=mail)
    return [of(given.version, given.contact.customer, at).file]


def of(version: ReportVersion, customer: Customer, at: datetime) -> ReportPaper:
    """Made if it is not there yet. Raises pdf.NotPossible."""
    return found(version, customer) or _keep(version, customer, render(version, customer), at)


def make_lacking(at: datetime) -> int:
    """Those that no mail asked for, of customers with nobody to mail to: they are on their page all the same."""
    if pdf.lacking():
        return 0
    with connection.cursor() as cursor:
        cursor.execute(LACKING, [AT_ONCE])
        pairs = cursor.fetchall()
    for version, customer in pairs:
        row = ReportVersion.objects.select_related("report__outage", "report__ticket").get(pk=version)
        of(row, Customer.objects.get(pk=customer), at)
    return len(pairs)


def found(version: ReportVersion, customer: Customer) -> ReportPaper | None:
    rows = ReportPaper.objects.filter(version=version, customer=customer)
    return rows.select_related("file").first()


def render(version: ReportVersion, customer: Customer) -> bytes:
    zone = ZoneInfo(customer.time_zone)
    with translation.override(customer.locale), timezone.override(zone):
        facts = report_pages.issued(version, zone)
        context = {**facts, "customer": customer, "company": customer.legal_entity}
        return pdf.render("escalations/report_paper.html", {**context, "dated": version.issued_at})


@transaction.atomic
def _keep(version: ReportVersion, customer: Customer, content: bytes, at: datetime) -> ReportPaper:
    """Of two who made it at once the first one's stays."""
    ask(
        "SELECT 1 FROM pg_advisory_xact_lock(hashtext(%s))",
        f"paper of report {version.pk} for {customer.pk}",
    )
    if paper := found(version, customer):
        return paper
    name = f"{version.report.number}-{version.position}.pdf"
    file = File.objects.take(
        SimpleUploadedFile(name, content, "application/pdf"),
        customer=customer,
        visibility=Visibility.CUSTOMER,
        by=Actor.system("papers"),
        at=at,
    )
    paper = ReportPaper(
        version=version, customer=customer, file=file, sha256=hashlib.sha256(content).digest()
    )
    paper.save(force_insert=True)
    return paper
