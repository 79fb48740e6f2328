"""The pages that belong to no app: where one lands, whether it is healthy, and what went wrong."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
def home(request):
    return redirect("support:profile")


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
