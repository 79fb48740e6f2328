"""How fast are the desk's pages beside those of django-helpdesk, each with a hundred thousand tickets of the same kind?

The real django-helpdesk on the same PostgreSQL, each asked through its WSGI application, signed in, in turns. It is set up as its
documentation says, and so connects for every request; what it takes over a connection that is kept, as ours is, is said beside
it. Its list is its page and the fifty rows that the page fetches; its counts stand on its dashboard, ours are the tabs of the
queue. A search is over all tickets, whatever their state, without the page that shows it.
"""

from collections.abc import Callable
from datetime import timedelta

from bench.database import BENCH, NOON, empty_database, own_database, use
from bench.measuring import Lines, Turns, arguments, seconds, shown
from bench.peer import Peer
from bench.tickets import agents, customers, multiply, play, spread
from bench.visitor import Visitor
from config.demo import clock
from config.demo.tickets import TROUBLES
from support.desk import finding, queue
from support.models import Contact, Ticket, User

TICKETS = 100_000  # at any scale: what is measured is how it grows
OPEN = 20  # one ticket of so many is at work
AGENTS = 200
TIMES = 20  # each of the demo's customers
ROUNDS = 7
QUERIES = 12
QUEUE = "/tickets/"
SEARCHES = {  # ours and theirs
    "words": ("old message", "old message"),
    "a phone number": ("020 7946 0042", "020 7946 0042"),
    "a domain": ("northwind-7.example", "customer-7.example"),
}


def filled() -> tuple[User, Ticket]:
    """The agent who looks, and an open ticket with a short timeline."""
    contracts, desk = customers("helpdesk", TIMES)
    at = clock.set_to(NOON)
    for place, contact in enumerate(Contact.objects.order_by("pk")):
        contact.phone = f"+44 20 7946 {place:04}"
        contact.by(BENCH, at).save()
    play(contracts, desk, 1)
    play(contracts, desk, 1, last=timedelta(hours=8))
    agents(AGENTS)
    undone = list(Ticket.objects.undone().order_by("pk").values_list("pk", flat=True))
    done = list(Ticket.objects.exclude(pk__in=undone).order_by("pk").values_list("pk", flat=True))
    multiply(done, TICKETS - TICKETS // OPEN)
    multiply(undone, TICKETS // OPEN)
    spread()
    return desk.agents[0], Ticket.objects.undone().filter(last_seq=4).order_by("-pk").first()


class Helpdesk:
    """The peer with as many tickets, agents and words."""

    def __init__(self, peer: Peer, database: dict) -> None:
        self._peer = peer
        self.version = peer.ask("start", database=database)["version"]
        words = [list(pair) for pairs in TROUBLES.values() for pair in pairs]
        facts = {
            "tickets": TICKETS,
            "agents": AGENTS,
            "open_one_in": OPEN,
            "words": words,
            "seed": "helpdesk",
        }
        ticket = f"/tickets/{peer.ask('fill', **facts)['ticket']}/"
        rows = peer.ask("rows", statuses=[1, 2])["address"]
        self.pages = {"list": ["/tickets/", rows], "ticket": [ticket], "dashboard": ["/dashboard/"]}

    def asks(self, page: str, keep: int = 0) -> Callable[[], float]:
        return lambda: self._peer.ask("ask", addresses=self.pages[page], keep=keep)["seconds"]

    def searches(self, words: str) -> Callable[[], float]:
        return lambda: self._peer.ask("search", words=words)["seconds"]

    def queries(self, page: str) -> int:
        return self._peer.ask("queries", addresses=self.pages[page])["queries"]


def searches(words: str) -> Callable[[], float]:
    found = finding.search(Ticket.objects.all(), words).most_urgent_first().values_list(*queue.TICKET)[:50]
    assert found.all(), f"{words} leads nowhere"

    def turn() -> float:
        list(found.all())  # warms up, as it does for every other work here
        return seconds(lambda: list(found.all()))

    return turn


def main() -> None:
    arguments(__doc__)
    with own_database() as base, Peer("helpdesk_work.py") as peer, empty_database() as database:
        theirs = Helpdesk(peer, database)
        use(base)
        agent, ticket = filled()
        visitor = Visitor(agent)
        addresses = {"list": QUEUE, "ticket": ticket.get_absolute_url()}
        works = {
            name: (lambda address=address: visitor.seconds(address)) for name, address in addresses.items()
        }
        works |= {f"their {page}": theirs.asks(page) for page in theirs.pages}
        works |= {f"their {page} kept": theirs.asks(page, keep=600) for page in ("list", "ticket")}
        for name, (words, their_words) in SEARCHES.items():
            works |= {name: searches(words), f"their {name}": theirs.searches(their_words)}
        turns = Turns(ROUNDS, works)
        queries = {
            name: (visitor.queries(address), theirs.queries(name)) for name, address in addresses.items()
        }
    judge(turns, f"django-helpdesk {theirs.version}", queries)


def judge(turns: Turns, peer: str, queries: dict[str, tuple[int, int]]) -> None:
    lines = Lines("helpdesk")
    for name, (ours, theirs) in queries.items():
        took, their_took, kept = (
            shown(turns.median(each)) for each in (name, f"their {name}", f"their {name} kept")
        )
        lines.fact(
            f"{name}: {took}, {ours} queries; {peer}: {their_took}, its connection kept {kept}, {theirs} queries"
        )
    lines.at_least(15, f"list, times {peer}", turns.ratio("their list", "list"))
    lines.at_most(0.25, f"ticket page by that of {peer}", turns.ratio("ticket", "their ticket"))
    lines.at_most(QUERIES, "queries of the ticket page", queries["ticket"][0])
    lines.fact(f"dashboard of {peer}: {shown(turns.median('their dashboard'))}")
    lines.at_least(
        50, f"queue with its counts, times the dashboard of {peer}", turns.ratio("their dashboard", "list")
    )
    for name in SEARCHES:
        lines.fact(
            f"search for {name}: {shown(turns.median(name))}; {peer}: {shown(turns.median(f'their {name}'))}"
        )
        lines.at_least(50, f"search for {name}, times {peer}", turns.ratio(f"their {name}", name))
    lines.end()


if __name__ == "__main__":
    main()
