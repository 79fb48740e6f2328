"""What the demo hands over: the month's invoices for finance, as PDF for who pays, and each customer's service review."""

from datetime import datetime
from pathlib import Path

from billing import exporting
from billing import papers as pdfs
from billing.models import ExportBatch
from config.demo import book
from config.demo.month import Month
from config.env import VAR
from escalations.review import render_html
from support.actors import Actor
from support.models import Customer, LegalEntity, User

FOLDER = VAR / "demo"


def write(month: Month, at: datetime) -> list[Path]:
    """`invoices.csv` and a `review-<customer>.html` each, the same again from the same database; PDFs go to the site's pages."""
    pdfs.make_lacking(at)
    FOLDER.mkdir(parents=True, exist_ok=True)
    return [_invoices(month, at), *(_review(sketch.code, month) for sketch in book.CUSTOMERS)]


def _invoices(month: Month, at: datetime) -> Path:
    entity = LegalEntity.objects.get(customers__code=book.CUSTOMERS[0].code)
    by = Actor.of(User.objects.get(email="fin@countersign.example"))
    batches = ExportBatch.objects.filter(legal_entity=entity, month=month.first, profile="generic")
    batch = batches.order_by("pk").first()  # the demo's own, whatever was invoiced since
    if batch is None:
        batch = exporting.export(entity, month.first, "generic", by=by, at=at).batch
    path = FOLDER / "invoices.csv"
    path.write_bytes(b"".join(batch.files.get().content()))
    return path


def _review(code: str, month: Month) -> Path:
    customer = Customer.objects.get(code=code)
    path = FOLDER / f"review-{code}.html"
    path.write_text(render_html(customer, str(month), month.ends(customer.time_zone)))
    return path
