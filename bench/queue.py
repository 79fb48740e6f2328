"""What does a page of the queue cost, and does it grow with the tickets that there are?

Asked as a web server asks, signed in, over one connection that is kept; a tab for each view, fifty lines with their clocks.
Against a plain page of Django's: three queries, fifty lines of five columns, in startproject's settings, which connect for
every request. What it takes over a connection that is kept is said beside it.
"""

from collections.abc import Callable
from contextlib import ExitStack, contextmanager
from datetime import timedelta

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection

from bench.database import copy_of, own_database, use
from bench.measuring import Lines, Turns, arguments, shown
from bench.plain import application as plain_page
from bench.tickets import agents, customers, multiply, play, spread
from bench.visitor import Visitor
from config.wsgi import application as product
from support.models import Clock, Ticket, User, Wait

ADDRESS = "/tickets/"
OPEN = 20  # one ticket of so many is at work
AGENTS = 200
STORIES = 12  # for each customer, played through the verbs: of the month, and again of its last hours
PARTS = (Ticket, Clock, Wait)
ROUNDS = 25
QUERIES = 8


def asks(visitor: Visitor, application: WSGIHandler, name: str, keep: int = 600) -> Callable[[], float]:
    """Seconds a request to a database, over a connection that lasts for `keep` seconds."""

    def turn() -> float:
        use(name)
        with connections_kept(keep):
            assert visitor.get(ADDRESS, application).count("<tr") == 51
            return visitor.seconds(ADDRESS, application)

    return turn


@contextmanager
def connections_kept(age: int):
    was, connection.settings_dict["CONN_MAX_AGE"] = connection.settings_dict["CONN_MAX_AGE"], age
    try:
        yield
    finally:
        connection.settings_dict["CONN_MAX_AGE"] = was


def templates() -> tuple[list[int], list[int], User]:
    """Tickets that are done, tickets at work, and somebody who looks at them."""
    contracts, desk = customers("queue")
    play(contracts, desk, STORIES)
    play(contracts, desk, STORIES, last=timedelta(hours=8))
    agents(AGENTS)
    played = {
        state: Ticket.objects.filter(done_at__isnull=state == "open").order_by("pk")
        for state in ("done", "open")
    }
    done, undone = (list(played[state].values_list("pk", flat=True)) for state in ("done", "open"))
    return done, undone, desk.agents[0]


def fill(name: str, done: list[int], undone: list[int], tickets: int) -> None:
    """The database in use, until it has so many tickets more, of which one in OPEN is at work."""
    multiply(done, tickets - tickets // OPEN, PARTS)
    multiply(undone, tickets // OPEN, PARTS)
    spread()


def main() -> None:
    size = arguments(__doc__, few=10_000, most=1_000_000)
    size.few = max(size.few, 2_000)  # fifty of them are open
    with own_database() as base, ExitStack() as copies:
        done, undone, agent = templates()
        visitor = Visitor(agent)
        names = {}
        for name in ("few", "most"):
            use(base)
            names[name] = copies.enter_context(copy_of(base))
            fill(names[name], done, undone, getattr(size, name))
        plain = plain_page()
        works = {name: asks(visitor, product, database) for name, database in names.items()}
        works["plain"] = asks(visitor, plain, names["most"], keep=0)
        works["plain kept"] = asks(visitor, plain, names["most"])
        turns = Turns(ROUNDS, works)
        queries = visitor.queries(ADDRESS), visitor.queries(ADDRESS, plain)
    judge(size, turns, *queries)


def judge(size, turns: Turns, ours: int, plain: int) -> None:
    lines = Lines("queue")
    few, most = (f"{getattr(size, name):,} tickets" for name in ("few", "most"))
    lines.fact(
        f"a page of {few}: {shown(turns.median('few'))}, of {most}: {shown(turns.median('most'))}; a plain page, {plain} "
        f"queries: {shown(turns.median('plain'))}, connection kept: {shown(turns.median('plain kept'))}"
    )
    lines.at_most(QUERIES, "queries", ours)
    lines.at_most(1.2, f"{most} by {few}", turns.ratio("most", "few"))
    lines.at_least(1, f"requests/s by a plain page's, among {most}", turns.ratio("plain", "most"))
    lines.fact(
        f"the same, the plain page's connection kept: {turns.ratio('plain kept', 'most'):.3g} (not judged)"
    )
    lines.end()


if __name__ == "__main__":
    main()
