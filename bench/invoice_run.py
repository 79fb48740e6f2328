"""How long does a month's run take, 20,000 entries to 2,000 invoices, and does an agent who books meanwhile notice?

Each invoice is of a customer of its own with an approval of its own. While the run drafts and issues, an agent in another
process books by hand under the same approvals, one entry after the other; the slowest of them is what he notices.
"""

import multiprocessing
import uuid
from dataclasses import replace
from datetime import timedelta
from itertools import count

from bench.database import BENCH, own_database, owner_executes, use
from bench.measuring import Lines, arguments, seconds, shown
from bench.tickets import MONTH, agents, customers
from billing import invoicing, timing
from billing.models import Approval, BilledEntry, Invoice, TimeEntry
from billing.unbilled import unbilled
from config.demo import book, clock, engagements
from support.actors import Actor
from support.models import LegalEntity, User

EACH = 10  # entries of an invoice
PEOPLE = 40  # who worked them
MINUTES, STEP, A_DAY = 15, 20, 25  # of an entry, from one to the next, and how many a person has in a day
LIMIT, SLOWEST = 300, 1.0  # seconds: of a run of 2,000 invoices, and of one booking
SKETCH = replace(engagements.SKETCHES[4], says="nothing yet", cap=2400, estimate=1200)
NOW = MONTH.ends("UTC") - timedelta(minutes=30)


def fill(invoices: int) -> LegalEntity:
    """So many approvals, each with the customer's own yes in August, and the time of September through the guards."""
    engaging = sum(sketch.engages for sketch in book.CUSTOMERS)
    contracts, desk = customers("invoices", times=-(-invoices // engaging))
    agents(PEOPLE + len(book.STAFF) + 1)  # the last of them books beside the run
    start = MONTH.starts("UTC") - timedelta(days=3)
    card = engagements.card(start)
    for place, contract in enumerate([each for each in contracts if each.engagement_service][:invoices]):
        engagements.rate(contract, card, start)
        engagement = engagements.play(SKETCH, contract, desk.agents[0], desk.agents[0], start)
        engagements.answer(
            engagement.offers.get(),
            replace(SKETCH, says="yes"),
            start + timedelta(hours=5),
            f"10.{place // 250}.{place % 250}.9",
        )
    clock.set_to(NOW)
    TimeEntry.objects.bulk_create(_worked(invoices), batch_size=500)
    owner_executes("VACUUM ANALYZE")
    return contracts[0].legal_entity


def _worked(invoices: int):
    people = list(User.objects.filter(email__startswith="agent-").order_by("pk")[:PEOPLE])
    first = MONTH.starts("UTC") + timedelta(hours=8)
    for place, approval in enumerate(Approval.objects.select_related("offer").order_by("pk")[:invoices]):
        for number in range(place * EACH, (place + 1) * EACH):
            day, slot = divmod(number // PEOPLE, A_DAY)
            begins = first + timedelta(days=day, minutes=slot * STEP)
            yield _entry(approval, people[number % PEOPLE], begins)


def _entry(approval: Approval, person: User, begins) -> TimeEntry:
    entry = TimeEntry(
        person=person,
        engagement_id=approval.engagement_id,
        offer=approval.offer,
        approval=approval,
        piece=uuid.uuid4(),
        text="Routing of one site",
        started_at=begins,
        stopped_at=begins + timedelta(minutes=MINUTES),
        raw_minutes=MINUTES,
        billed_minutes=MINUTES,
        basis="15 minutes, approved",
    )
    entry.actor = BENCH
    return entry


def books(database: str, started, stop, took) -> None:
    """Another process: an agent who books, entry after entry, under one approval after the other."""
    use(database)
    clock.set_to(NOW)
    person = User.objects.filter(email__startswith="agent-").order_by("-pk")[0]
    approvals = list(Approval.objects.select_related("engagement").order_by("pk"))
    first, found = MONTH.starts("UTC") + timedelta(hours=6), []
    for number in count():
        if stop.is_set():
            break
        begins = first + timedelta(minutes=number)
        found.append(
            seconds(lambda n=number, begins=begins: _books(approvals[n % len(approvals)], person, begins))
        )
        if number == 20:
            started.set()
    took.put(found)


def _books(approval: Approval, person: User, begins) -> None:
    timing.book(
        approval.engagement,
        approval=approval,
        person=person,
        started_at=begins,
        stopped_at=begins + timedelta(minutes=1),
        text="A call",
        by=Actor.of(person),
        at=NOW,
    )


def run_beside(name: str, entity: LegalEntity) -> tuple[float, list[float]]:
    """What the run took, and each booking beside it."""
    context = multiprocessing.get_context("spawn")
    started, stop, took = context.Event(), context.Event(), context.Queue()
    agent = context.Process(target=books, args=(name, started, stop, took), daemon=True)
    agent.start()
    started.wait(60)
    clock.set_to(NOW)
    ran = seconds(lambda: invoicing.run(entity, MONTH.first, by=BENCH, at=NOW))
    stop.set()
    found = took.get(timeout=60)
    agent.join()
    return ran, found


def main() -> None:
    size = arguments(__doc__, invoices=2000)
    said = Lines("invoice_run")
    with own_database() as name:
        entity = fill(size.invoices)
        entries = TimeEntry.objects.count()
        ran, booked = run_beside(name, entity)
        issued, billed = Invoice.objects.issued().count(), BilledEntry.objects.count()
        left = unbilled(entity, MONTH.first).count()
        everything = TimeEntry.objects.approved().count()
    said.fact(
        f"{entries:,} entries to {issued:,} invoices in {shown(ran)}; {len(booked):,} bookings beside it, half of them within "
        f"{shown(sorted(booked)[len(booked) // 2])}; {left:,} of them wait for the next run"
    )
    if issued < size.invoices or billed + left != everything:
        raise SystemExit(
            f"{billed:,} of {everything:,} entries are billed and {left:,} wait: that is not all of them."
        )
    said.at_most(1, "run, of 5 minutes for 2,000 invoices", ran / (LIMIT * size.invoices / 2000))
    said.at_most(1, "slowest booking, of one second", max(booked) / SLOWEST)
    said.end()


if __name__ == "__main__":
    main()
