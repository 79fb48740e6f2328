"""The demo's book: who works at the desk, and a customer on each support service."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from billing.formats import PROFILES
from billing.models import FinanceTarget
from support import versions
from support.actors import Actor
from support.models import Contact, Contract, ContractLine, Customer, LegalEntity, Product, User, UserKind
from support.roles import Role

DEMO = Actor.system("demo")
PASSWORD = "countersign-demo"  # noqa: S105  printed by the demo; a simulation asks for no second factor

STAFF = [  # name, role, zone
    ("Ana", Role.AGENT, "Europe/London"),
    ("Noor", Role.AGENT, "America/New_York"),
    ("Jun", Role.AGENT, "America/Denver"),
    ("Max", Role.MANAGER, "Europe/London"),
    ("Fin", Role.FINANCE, "Europe/London"),
]
TAX_FREE = {  # what each finance program calls a line without tax
    "xero": "= Tax Exempt (0%)",
    "sage": "= T0",
    "sage-accounting": "= Zero rated 0.00%",
}


@dataclass(frozen=True)
class Sketch:
    """A customer of the demo, and the contract under which he is served."""

    name: str
    code: str
    service: str
    zone: str
    csp: str
    product: str
    deployment: str
    contact: str
    approver: str
    engages: bool = False


CUSTOMERS = [
    Sketch("Northwind", "northwind", "exponential-e-ucc", "Europe/London", "other", "Hosted voice", "cloud", "Robin Hale", "Sam Porter", True),
    Sketch("Contoso", "contoso", "microsoft-o365-dedicated", "America/New_York", "direct", "Office 365 Dedicated", "cloud", "Alex Reed", "Dana Cole", True),
    Sketch("Fabrikam", "fabrikam", "egroup-csp-advantage", "America/Chicago", "indirect", "Microsoft 365", "cloud", "Kit Lowe", "Morgan Fry", True),
    Sketch("Tailspin Toys", "tailspin", "enghouse-standard", "Europe/London", "none", "Contact centre", "on_premises", "Lee Marsh", "Jo Finch"),
    Sketch("Wide World", "wide-world", "enghouse-premium", "Europe/London", "none", "Contact centre", "cloud", "Pat Quill", "Chris Dunn", True),
]  # fmt: skip


def people(at: datetime) -> dict[str, User]:
    """The desk, by name; each signs in with name@countersign.example and the demo's password."""
    found = {}
    for name, role, zone in STAFF:
        user = User.objects.create_user(
            f"{name.lower()}@countersign.example",
            PASSWORD,
            by=DEMO,
            at=at,
            name=name,
            kind=UserKind.STAFF,
            time_zone=zone,
        )
        user.give_roles([role], by=DEMO, at=at)
        found[name] = user
    return found


def entity(at: datetime) -> LegalEntity:
    """The legal entity of the first migration, with the demo's name and zone."""
    company = LegalEntity.objects.order_by("id").first()
    company.name, company.time_zone, company.currency = "Countersign Demo Ltd", "America/New_York", "USD"
    company.address, company.tax_number = "1 Harbour Street\nPortland", "00-0000000"
    company.bank_text = "Example Bank, Portland\nAccount 0000 0000, routing 000000000"
    company.by(DEMO, at).save()
    return company


def finance(company: LegalEntity, at: datetime) -> None:
    """What the company's finance programs want, for every format: so that its month can go to each of them."""
    known = set(FinanceTarget.objects.filter(legal_entity=company).values_list("profile", flat=True))
    for profile in [name for name in PROFILES if name not in known]:
        target = FinanceTarget(legal_entity=company, profile=profile, account_code="4000")
        target.tax_names = TAX_FREE.get(profile, "")
        target.item_name = "Extended support" if profile == "quickbooks" else ""
        target.tax_columns = profile != "quickbooks"  # the file of the United States
        target.by(DEMO, at).save()


def customer(sketch: Sketch, company: LegalEntity, manager: User, at: datetime) -> Contract:
    """A customer with two people, one of whom may approve, and the contract that covers his product."""
    who = Customer(
        name=sketch.name,
        code=sketch.code,
        legal_entity=company,
        success_manager=manager,
        finance_name=sketch.name,
        account_reference=sketch.code.upper()[:8],
        time_zone=sketch.zone,
    )
    who.by(DEMO, at).save()
    _contact(who, sketch.contact, at, nominated_for_outages=True, nominated_for_maintenance=True)
    _contact(who, sketch.approver, at, approves_up_to=10_000, billing=True, nominated_for_reviews=True)
    product, _made = Product.objects.filter(name=sketch.product).first(), None
    if product is None:
        product = Product(name=sketch.product, code=sketch.product.lower().replace(" ", "-"))
        product.by(DEMO, at).save()
    contract = Contract(
        number=f"C-{sketch.code}",
        holder=who,
        bill_to=who,
        legal_entity=company,
        starts_on=at.astimezone(ZoneInfo(sketch.zone)).date().replace(month=1, day=1),
        csp=sketch.csp,
        currency=company.currency,
        support_service=versions.latest(sketch.service),
        engagement_service=versions.latest("calltower-ese") if sketch.engages else None,
    )
    contract.by(DEMO, at).save()
    ContractLine(contract=contract, product=product, deployment=sketch.deployment).by(DEMO, at).save()
    return contract


def _contact(who: Customer, name: str, at: datetime, **fields) -> Contact:
    """A person of the customer with a user of his own: he reads his reviews and approves offers."""
    first, _space, _last = name.partition(" ")
    email = f"{first.lower()}@{who.code}.example"
    user = User.objects.create_user(
        email, PASSWORD, by=DEMO, at=at, name=name, kind=UserKind.CUSTOMER, time_zone=who.time_zone
    )
    user.give_roles([Role.CUSTOMER], by=DEMO, at=at)
    contact = Contact(customer=who, name=name, email=email, user=user, time_zone=who.time_zone, **fields)
    contact.by(DEMO, at).save()
    return contact
