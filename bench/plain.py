"""The plain page that the queue is compared with: session, user and one list of fifty tickets in a template of five columns."""

from django.contrib.auth.decorators import login_required
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.template import Context, Engine
from django.test import override_settings
from django.urls import path

from support.models import Ticket

MIDDLEWARE = [  # as startproject writes it
    "bench.plain.plain_addresses",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
PAGE = Engine().from_string(
    """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Tickets</title></head><body>
<h1>Tickets</h1><p>{{ user.name }}</p><table>
<thead><tr><th>Ticket</th><th>Customer</th><th>Opened</th><th>Due</th><th>Owner</th></tr></thead><tbody>
{% for ticket in tickets %}<tr>
<td><a href="/tickets/{{ ticket.number }}/">{{ ticket.number }} {{ ticket.title }}</a></td>
<td>{{ ticket.customer.name }}</td>
<td>{{ ticket.opened_at|date:"D j M, H:i" }}</td>
<td>{{ ticket.next_due_at|date:"D j M, H:i" }}</td>
<td>{{ ticket.owner.name|default:"Nobody" }}</td>
</tr>{% endfor %}
</tbody></table></body></html>"""
)


def plain_addresses(get_response):
    def middleware(request):
        request.urlconf = "bench.plain"
        return get_response(request)

    return middleware


@login_required
def tickets(request):
    found = Ticket.objects.undone().select_related("customer", "owner").most_urgent_first()[:50]
    return HttpResponse(PAGE.render(Context({"user": request.user, "tickets": found})))


urlpatterns = [path("tickets/", tickets)]


def application() -> WSGIHandler:
    with override_settings(MIDDLEWARE=MIDDLEWARE):
        return WSGIHandler()
