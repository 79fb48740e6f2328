"""django-helpdesk at work, run by the interpreter of the peers: a line of JSON asks for a task, a line of JSON answers.

A plain project as its documentation sets it up, on the same PostgreSQL, asked through its WSGI application.
"""

import json
import random
import sys
import time
import warnings
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from importlib.metadata import version

import django
from django.conf import settings
from django.urls import include, path

urlpatterns: list = []  # filled when the project is set up
BATCH = 5_000
AGENT = "ana"


def start(database: dict) -> dict:
    """The project on this database, which it fills with its tables."""
    contrib = ("auth", "contenttypes", "sessions", "messages", "staticfiles", "sites", "humanize", "admin")
    middleware = (
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    )
    processors = ("request", "debug")
    settings.configure(
        SECRET_KEY="x" * 50,
        ALLOWED_HOSTS=["localhost"],
        ROOT_URLCONF=__name__,
        DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", **database}},
        INSTALLED_APPS=[*(f"django.contrib.{name}" for name in contrib), "rest_framework", "helpdesk"],
        MIDDLEWARE=middleware,
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        *(f"django.template.context_processors.{name}" for name in processors),
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
        USE_TZ=True,
        SITE_ID=1,
        STATIC_URL="/static/",
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        HELPDESK_TEAMS_MODE_ENABLED=False,
    )
    django.setup()
    urlpatterns.append(path("", include("helpdesk.urls")))
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    return {"version": version("django-helpdesk")}


def fill(tickets: int, agents: int, open_one_in: int, words: list, seed: str) -> dict:
    """So many tickets with three follow-ups each, opened over the last thirty days; answers the newest open one's id."""
    from django.contrib.auth.models import User
    from django.db import connection
    from django.utils import timezone
    from helpdesk.models import FollowUp, Queue, Ticket

    draw, now = random.Random(seed), timezone.now()
    desk = [User.objects.create(username=AGENT, email="ana@desk.example", is_staff=True, is_superuser=True)]
    desk += [User.objects.create(username=f"agent-{n}", is_staff=True) for n in range(1, agents)]
    queues = [Queue.objects.create(title=f"Queue {n}", slug=f"queue-{n}") for n in range(5)]
    for first in range(0, tickets, BATCH):
        made = []
        for number in range(first, min(first + BATCH, tickets)):
            title, text = draw.choice(words)
            done, opened = number % open_one_in > 0, now - timedelta(minutes=draw.randrange(30 * 24 * 60))
            made.append(
                Ticket(
                    title=title,
                    description=text,
                    queue=draw.choice(queues),
                    created=opened,
                    modified=now,
                    due_date=opened + timedelta(hours=8),
                    submitter_email=f"contact-{draw.randrange(500)}@customer-{draw.randrange(100)}.example",
                    assigned_to=draw.choice(desk),
                    status=Ticket.CLOSED_STATUS if done else Ticket.OPEN_STATUS,
                    priority=draw.randrange(1, 6),
                )
            )
        Ticket.objects.bulk_create(made)
        FollowUp.objects.bulk_create(
            FollowUp(ticket=ticket, date=ticket.created + timedelta(hours=n), title="Comment", comment=text)
            for ticket in made
            for n in range(3)
        )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return {"ticket": Ticket.objects.filter(status=Ticket.OPEN_STATUS).latest("id").pk}


class Visitor:
    """A signed-in agent with full access."""

    def __init__(self) -> None:
        from django.contrib.auth.models import User
        from django.core.handlers.wsgi import WSGIHandler
        from django.test import Client

        self._application, self._client = WSGIHandler(), Client()
        self.user = User.objects.get(username=AGENT)
        self._client.force_login(self.user)

    def get(self, address: str) -> None:
        where, _mark, query = address.partition("?")
        environ = self._client._base_environ(PATH_INFO=where, QUERY_STRING=query, SERVER_NAME="localhost")
        said = []
        response = self._application(environ, lambda status, _headers: said.append(status))
        b"".join(response)
        response.close()
        assert said == ["200 OK"], f"{address}: {said}"


@cache
def visitor() -> Visitor:
    return Visitor()


def ask(addresses: list, keep: int) -> dict:
    """Seconds of these requests, one after the other, when they were made before, over a connection that lasts so long."""
    from django.db import connection

    def work() -> None:
        for address in addresses:
            visitor().get(address)

    connection.close()
    connection.settings_dict["CONN_MAX_AGE"] = keep
    try:
        return {"seconds": second_time(work)}
    finally:
        connection.settings_dict["CONN_MAX_AGE"] = 600  # for searches, which are asked without a page


def second_time(work: Callable[[], object]) -> float:
    work()
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def queries(addresses: list) -> dict:
    """How many queries these requests send."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as sent:
        for address in addresses:
            visitor().get(address)
    return {"queries": len(sent)}


def search(words: str) -> dict:
    """Seconds of its search over all tickets: how many it finds, and the first fifty of them."""
    from helpdesk.query import get_query_class
    from helpdesk.user import HelpdeskUser

    def work() -> tuple:
        found = get_query_class()(HelpdeskUser(visitor().user), query_params=asked(words, [])).get()
        return found.count(), list(found.order_by("created")[:50])

    return {"seconds": second_time(work)}


def rows(statuses: list) -> dict:
    """The address at which the table of the list page fetches its rows."""
    from helpdesk.query import query_to_base64

    return {
        "address": f"/datatables_ticket_list/{query_to_base64(asked('', statuses))}?start=0&length=50&draw=1"
    }


def asked(words: str, statuses: list) -> dict:
    """As the list page asks for its rows."""
    filtering = {"status__in": statuses} if statuses else {}
    facts = {"filtering": filtering, "filtering_null": {}, "sorting": "created", "sortreverse": False}
    return {**facts, "search_string": words}


TASKS = {"start": start, "fill": fill, "ask": ask, "queries": queries, "rows": rows, "search": search}


def main() -> None:
    warnings.simplefilter("ignore")  # its dashboard compares with instants without a zone
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(TASKS[asked.pop("task")](**asked)), flush=True)


if __name__ == "__main__":
    main()
