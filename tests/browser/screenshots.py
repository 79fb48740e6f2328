"""`make screenshots`: signs in to the demo and writes every main page to var/screenshots, two widths, light and dark."""

import os
import sys
from pathlib import Path

import django

WIDTHS = {"desktop": (1280, 900), "phone": (390, 844)}
THEMES = ["light", "dark"]
# What is typed and pressed before the picture is taken, where the page only comes of that.
TYPED = {
    "calendar-preview": (
        {"fri": "09:00-12:00, 13:00-16:00", "closed-0-first": "2026-12-09", "closed-0-title": "Stocktaking"},
        "Preview",
    )
}


def replayed():
    """The demo's month under another definition, counted once."""
    from django.utils import timezone

    from support import versions
    from support.desk import replay_runs
    from support.models import ReplayRun, Ticket, User

    if run := ReplayRun.objects.exclude(result=None).first():
        return run
    month = Ticket.objects.earliest("opened_at").opened_at.date().replace(day=1)
    manager, service = User.objects.get(name="Max"), versions.latest("enghouse-standard")
    run = replay_runs.ask(service, month, month, None, by=manager, at=timezone.now())
    replay_runs.perform(run.pk)
    return ReplayRun.objects.get(pk=run.pk)


def looked_at():
    """A file of the book that a manager has looked at and not confirmed."""
    from django.utils import timezone

    from billing.book import uploads
    from billing.models import BookImport
    from support.models import User

    if run := BookImport.objects.first():
        return run
    rows = (
        b"code,name,time_zone\nlitware,Litware,Europe/Paris\nproseware,Proseware,Europe/Lodnon\n"
        b"northwind,Northwind plc,Europe/London\n"
    )
    manager = User.objects.get(name="Max")
    return uploads.ask("customers", "customers.csv", rows, by=manager, at=timezone.now())


def on_paper(offer):
    """A purchase order to an undecided offer, recorded by Ana: she reads why it is not she who confirms, Max confirms."""
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.utils import timezone

    from billing import written
    from support.actors import Actor
    from support.models import Contact, User

    if not offer.written.exists():
        customer, at = offer.engagement.ticket.customer, timezone.now()
        contact = Contact.objects.filter(customer=customer, active=True, approves_up_to__gt=0).first()
        written.record(
            offer,
            contact=contact,
            way="order",
            signed_name=contact.name,
            reference="PO 4711",
            says=f"We order the work of offer {offer.reference} as you described it.",
            dated_on=timezone.localdate(at),
            original=SimpleUploadedFile("purchase-order-4711.pdf", b"%PDF-1.7 4711", "application/pdf"),
            shown_sha256=bytes(offer.sha256).hex(),
            by=Actor.of(User.objects.get(name="Ana")),
            at=at,
        )
    return f"/engagements/{offer.engagement.reference}/"


def on_its_way():
    """A ticket whose work is out of scope, and what is to be written to its customer as it closes."""
    from django.utils import timezone

    from billing import scope, ways
    from billing.models import ScopeDecision
    from support.actors import Actor
    from support.models import Ticket, User

    ready = next((each for each in ScopeDecision.objects.all() if ways.next_step(each)), None)
    if ready is None:
        at, by = timezone.now(), Actor.of(User.objects.get(name="Ana"))
        service = "contract__support_service__code__startswith"
        ticket = Ticket.objects.undone().filter(**{service: "enghouse"}).latest("opened_at")
        agreed = {"agreed_with": ticket.customer.name, "agreed_at": at, "consulted": "Max"}
        said = {"scope": "out", "item": "network", "outcome": "own-it", "reason": "Their firewall drops it."}
        ready = scope.decide(ticket, **said, **agreed, by=by, at=at)
    return f"/tickets/{ready.ticket.number}/way/"


def pages() -> list[tuple[str, str, str]]:
    """Who looks, the picture's name, the path; found in the demo's database."""
    from billing import links
    from billing.models import Engagement, ExportBatch, Invitation, Invoice, Offer
    from support import versions
    from support.models import Clock, Customer, InboundMail, Ticket, User
    from tests.browser.late import with_late_work
    from tests.browser.surcharged import with_surcharges
    from tests.browser.upward import upward

    ticket = Ticket.objects.filter(state="open").order_by("-last_seq").first() or Ticket.objects.first()
    waiting = Ticket.objects.filter(state="waiting").first() or ticket
    done = Ticket.objects.filter(state="closed").order_by("-last_seq").first() or ticket
    explained = (
        Clock.objects.ticking().filter(kind="fix").select_related("ticket").order_by("-due_at").first()
    )
    in_hours = (
        Clock.objects.ticking().filter(kind="fix", detail__target__base="business").first() or explained
    )
    levels = versions.definition(in_hours.ticket.service).priorities
    another = next(step.code for step in levels if step.code != in_hours.ticket.priority)
    escalated = Ticket.objects.filter(escalations__isnull=False).order_by("-last_seq").first() or ticket
    levelled = Ticket.objects.filter(level_moves__isnull=False).order_by("-last_seq").first() or ticket
    customer = Customer.objects.get(code="northwind")
    own = Ticket.objects.filter(customer=customer, state="open").order_by("-last_seq").first() or ticket
    approved, declined = (
        Engagement.objects.filter(offers__approval__isnull=False).order_by("id").first(),
        Engagement.objects.filter(offers__end__why="declined").first(),
    )
    assisted = Engagement.objects.filter(assist_packs__isnull=False).first().reference
    seen = Invitation.objects.filter(offer__engagement=approved).first()
    asked = Invitation.objects.filter(offer__in=Offer.objects.undecided()).first()
    month, invoice = approved.requested_at, Invoice.objects.issued().first()
    return [
        ("", "sign-in", "/accounts/login/"),
        ("", "sign-in-code", "/accounts/login/code/"),
        ("ana", "queue", "/tickets/"),
        ("ana", "queue-all", "/tickets/?state=all"),
        ("ana", "queue-nothing", "/tickets/?q=nothing+like+it"),
        ("ana", "ticket", ticket.get_absolute_url()),
        ("ana", "ticket-waiting", waiting.get_absolute_url()),
        ("ana", "ticket-why", f"{explained.ticket.get_absolute_url()}?why={explained.key}"),
        ("ana", "ticket-closed", done.get_absolute_url()),
        (
            "ana",
            "another-priority",
            f"{in_hours.ticket.get_absolute_url()}priority/preview/?priority={another}&agreed=on",
        ),
        (
            "ana",
            "other-hours",
            f"{in_hours.ticket.get_absolute_url()}effort/preview/?effort=24x7&reason=Robin+asked+for+it.",
        ),
        ("max", "replay", "/replay/"),
        ("max", "replay-done", f"/replay/{replayed().pk}/"),
        ("ana", "mail-to-look-at", f"/inbound/{InboundMail.objects.filter(state='stub').first().pk}/"),
        ("ana", "calls", "/calls/"),
        ("ana", "mail", "/inbound/?state=all"),
        ("max", "gdap", "/gdap/"),
        ("max", "staff", "/staff/"),
        ("max", "staff-person", f"/staff/{User.objects.get(name='Ana').pk}/"),
        ("max", "objectives", f"/objectives/?month={month:%Y-%m}"),
        ("ana", "raise-customer", "/tickets/new/"),
        ("ana", "raise", f"/tickets/new/?customer={customer.code}"),
        (
            "ana",
            "deadlines",
            "/deadlines/?level=exponential-e-ucc%3ANormal&at=2026-10-12T16:00&deployment=cloud&wait_from=2026-10-13T09:00&wait_to=2026-10-13T12:00&wait_for=customer",
        ),
        ("max", "book-file", f"/book/{looked_at().pk}/"),
        ("max", "book", "/book/"),
        ("max", "calendars", "/calendars/"),
        ("max", "calendar", "/calendars/uk-business/"),
        ("max", "calendar-edit", "/calendars/uk-business/edit/"),
        ("max", "calendar-preview", "/calendars/uk-business/edit/"),
        ("max", "calendar-tickets", "/calendars/uk-business/tickets/"),
        ("ana", "profile", "/profile/"),
        ("ana", "not-found", "/tickets/SR-000000/"),
        ("ana", "engagements", "/engagements/"),
        ("ana", "engagement-approved", f"/engagements/{approved.reference}/"),
        ("ana", "engagement-declined", f"/engagements/{declined.reference}/"),
        ("ana", "engagement-offered", f"/engagements/{asked.offer.engagement.reference}/"),
        ("ana", "assist", f"/engagements/{assisted}/assist/"),
        ("ana", "assist-empty", f"/engagements/{approved.reference}/assist/"),
        ("dana@contoso.example", "own-assist", f"/my/engagements/{assisted}/assist/"),
        ("ana", "written-by-me", on_paper(asked.offer)),
        ("max", "written-to-confirm", on_paper(asked.offer)),
        ("ana", "way", on_its_way()),
        ("ana", "scope", f"/tickets/{ticket.number}/scope/"),
        ("ana", "engagement-request", f"/tickets/{asked.offer.engagement.ticket.number}/engagement/"),
        ("ana", "ladder", f"{escalated.get_absolute_url()}#escalation"),
        ("ana", "escalations", "/escalations/"),
        ("ana", "level", f"/tickets/{levelled.number}/level/"),
        *upward(month),
        (escalated.raised_by.email, "own-ladder", f"/my/tickets/{escalated.number}/#escalation"),
        ("fin", "invoices", "/invoices/"),
        ("fin", "finance", "/finance/"),
        ("fin", "invoices-of-month", f"/invoices/{invoice.legal_entity.number_series}/{month:%Y-%m}/"),
        ("ana", "week", f"/time/?week={month:%Y-%m}-08"),
        ("max", "time-review", "/time/review/"),
        ("fin", "late-work", with_late_work()),
        ("fin", "invoice", f"/invoices/{invoice.reference}/"),
        ("fin", "line-trace", f"/invoices/{invoice.reference}/lines/1/"),
        ("fin", "export", f"/exports/{ExportBatch.objects.earliest('pk').pk}/"),
        ("max", "reviews", "/reviews/"),
        ("max", "review", f"/reviews/{customer.code}/{month:%Y-%m}/"),
        ("sam@northwind.example", "own-tickets", "/my/tickets/?state=all"),
        ("sam@northwind.example", "own-ticket", f"/my/tickets/{own.number}/"),
        ("sam@northwind.example", "own-engagement", f"/my/engagements/{approved.reference}/"),
        ("sam@northwind.example", "own-invoices", "/my/invoices/"),
        ("sam@northwind.example", "review-of-ours", f"/reviews/{customer.code}/{month:%Y-%m}/"),
        ("", "offer-approved", links.path(links.token_of(seen.nonce))),
        ("", "offer-undecided", links.path(links.token_of(asked.nonce))),
        ("", "offer-surcharged", with_surcharges(asked.offer.engagement)),
        (
            "max",
            "admin-card",
            f"/admin/billing/ratecard/{asked.offer.engagement.contract.rate.card_id}/change/",
        ),
        ("", "offer-code", f"{links.path(links.token_of(asked.nonce))}?sent"),
        ("max", "admin", "/admin/"),
        ("max", "admin-customers", "/admin/support/customer/"),
        ("max", "admin-customer", f"/admin/support/customer/{customer.pk}/change/"),
        ("max", "admin-approvals", "/admin/billing/approval/"),
        ("max", "admin-contracts", "/admin/support/contract/"),
    ]


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs in this thread
    django.setup()
    from playwright.sync_api import sync_playwright

    from config.env import VAR
    from tests.browser import chromium
    from tests.browser.site import site

    if chromium.path() is None:
        sys.exit(chromium.MISSING)
    only, folder = sys.argv[1:], VAR / "screenshots"
    wanted = [row for row in pages() if not only or row[1] in only]
    folder.mkdir(parents=True, exist_ok=True)
    with site() as base, sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        wide = [
            name
            for who in dict.fromkeys(row[0] for row in wanted)
            for name in shoot(browser, base, who, [row[1:] for row in wanted if row[0] == who], folder)
        ]
        browser.close()
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")
    if wide:
        sys.exit(f"These scroll sideways: {', '.join(dict.fromkeys(wide))}")


def shoot(browser, base: str, who: str, wanted: list[tuple[str, str]], folder: Path) -> list[str]:
    """Pictures of the pages as this person sees them; answers those that are wider than the screen."""
    from config.demo.book import PASSWORD
    from tests.browser.site import sign_in

    context, wide = browser.new_context(), []
    page = context.new_page()
    if who:
        sign_in(page, base, who if "@" in who else f"{who}@countersign.example", PASSWORD)
    for name, path in wanted:
        print(f"{name} {path}", file=sys.stderr)
        for width, (x, y) in WIDTHS.items():
            for theme in THEMES:
                page.set_viewport_size({"width": x, "height": y})
                page.emulate_media(color_scheme=theme)
                page.goto(base + path)
                if name in TYPED:
                    send(page, *TYPED[name])
                if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                    wide.append(f"{name} ({width})")
                page.screenshot(path=folder / f"{name}-{width}-{theme}.png", full_page=True)
    context.close()
    return wide


def send(page, fields: dict[str, str], button: str) -> None:
    for name, value in fields.items():
        page.fill(f"[name={name}]", value)
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=True).click()


if __name__ == "__main__":
    main()
