"""An issued invoice of two hours, for a payer with a billing contact, as the tests of its paper and its mail want it."""

import io
from datetime import date

from pypdf import PdfReader

from billing import invoicing
from billing.models import Invoice
from tests.billing.billing_cases import World, at, entry, world
from tests.factories import TESTS, ContactFactory

OCTOBER = date(2026, 10, 1)


def worked(**fields) -> World:
    """240 minutes approved at 20 % tax, two hours of them worked; the seller says how to pay."""
    w = world(rate={"tax_code": "VAT20", "tax_rate": "20.000"}, **fields)
    entity = w.entity
    entity.address, entity.tax_number, entity.bank_text = "12 Dock Street\nLeeds", "GB 123", "IBAN GB00 EXMP"
    entity.by(TESTS).save()
    entry(w, at(11), at(12), text="Captured calls <b>twice</b>").save()
    entry(w, at(13), at(14), piece="00000000-0000-0000-0000-00000000000b", text="New hunt groups").save()
    return w


def payer_of(w: World):
    return w.contract.bill_to


def billing_contact(w: World, **fields):
    return ContactFactory(customer=payer_of(w), **{"billing": True, **fields})


def issued(w: World) -> Invoice:
    [invoice] = invoicing.run(w.entity, OCTOBER, by=TESTS, at=at(18))
    return invoice


def text_of(content: bytes) -> str:
    """What a reader that is not the maker finds in a PDF, on one line."""
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())
