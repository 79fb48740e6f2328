"""The pages that belong to no app: where one lands, whether it is healthy, and what went wrong."""

import sys

from django.contrib.auth.views import redirect_to_login
from django.db import DatabaseError, InterfaceError, NotSupportedError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config import first_day
from support import roles


@require_safe
def home(request):
    """Staff land on the queue, a customer's person on his own tickets, whoever has no role on his profile.

    Before that comes the first day, on a database that is being set up.
    """
    if first_day.is_near(request):
        return redirect("first-day")
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    pages = ("support:ticket-list", "support:own-list", "support:profile")
    return redirect(next(page for page in pages if roles.may_open(request.user, page)))


@never_cache
@require_safe
def healthz(request):
    """200 when the database answers and every migration is applied, else 503 and which of them is wrong."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return JsonResponse({"healthy": False, "database": "unreachable"}, status=503)
    if waiting:
        return JsonResponse({"healthy": False, "migrations": f"{len(waiting)} not applied"}, status=503)
    return JsonResponse({"healthy": True, "database": "ok", "migrations": "ok"})


def form_expired(request, reason=""):
    return render(request, "403_csrf.html", status=403)


def server_error(request):
    """Where the database did not answer, or is just being migrated, 503 and no query; whatever else went wrong is our mistake.

    A handler and not a middleware: it hears of errors in middleware too, where sessions are read.
    """
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError | NotSupportedError):
        return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "30"})
    return HttpResponse(render_to_string("500.html"), status=500)
