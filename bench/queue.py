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
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.database import copy_of, own_database, use
from bench.measuring import Lines, Turns, arguments, seconds, shown
from bench.plain import application as plain_page
from bench.tickets import agents, customers, multiply, play, spread
from config.wsgi import application as product
from support.models import Clock, Ticket, User, Wait

ADDRESS = "/tickets/"
OPEN = 20  # one ticket of so many is at work
AGENTS = 200
STORIES = 12  # for each customer, played through the verbs: of the month, and again of its last hours
PARTS = (Ticket, Clock, Wait)
ROUNDS = 25
REQUESTS = 5  # in each round, after one that warms up
QUERIES = 8


class Visitor:
    """A signed-in agent, who asks an application for the page of one database."""

    def __init__(self, user: User) -> None:
        self._client = Client()
        self._client.force_login(user)

    def asks(self, application: WSGIHandler, name: str, keep: int = 600) -> Callable[[], float]:
        """Seconds a request, over a connection that lasts for `keep` seconds."""

        def turn() -> float:
            use(name)
            with connections_kept(keep):
                self._get(application)
                return seconds(lambda: [self._get(application) for _ in range(REQUESTS)]) / REQUESTS

        return turn

    def queries(self, application: WSGIHandler, name: str) -> int:
        use(name)
        self._get(application)
        with CaptureQueriesContext(connection) as sent:
            self._get(application)
        return len(sent)

    def _get(self, application: WSGIHandler) -> None:
        environ = self._client._base_environ(PATH_INFO=ADDRESS, SERVER_NAME="localhost")
        said = []
        response = application(environ, lambda status, _headers: said.append(status))
        body = b"".join(response)
        response.close()
        assert (said, body.count(b"<tr")) == (["200 OK"], 51)


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
        works = {name: visitor.asks(product, database) for name, database in names.items()}
        works["plain"] = visitor.asks(plain, names["most"], keep=0)
        works["plain kept"] = visitor.asks(plain, names["most"])
        turns = Turns(ROUNDS, works)
        queries = visitor.queries(product, names["most"]), visitor.queries(plain, names["most"])
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
