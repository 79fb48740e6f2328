"""Policy replay for managers: ask, follow, cancel, read."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from support import saying
from support.desk import replay_runs
from support.explaining.words import KINDS
from support.forms.replays import ReplayForm
from support.models import ReplayRun
from support.once import once
from support.refusal import Refused

LISTED = 20  # the newest
BECOMES = {  # a clock's verdict on this page
    "met": _("met"),
    "missed": _("missed"),
    "running": _("still running"),
    "unjudged": _("not judged"),
    "none": _("not promised"),
}


@require_safe
def replay_list(request):
    return _list(request, ReplayForm())


@require_POST
@once
def replay_ask(request):
    form = ReplayForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            run = replay_runs.ask(
                said["service"],
                said["first"],
                said["last"],
                said["customer"],
                by=request.user,
                at=timezone.now(),
            )
        except Refused as refused:
            form.add_error(refused.field or None, refused.sentence)
        else:
            return redirect("support:replay-page", run.pk)
    return _list(request, form, status=422)


@require_safe
def replay_page(request, run):
    """While it is at work, the part that says how far it is fetches itself."""
    row = get_object_or_404(ReplayRun.objects.select_related("service", "customer", "asked_by"), pk=run)
    template = "support/_replay.html" if request.htmx else "support/replay_page.html"
    response = render(
        request, template, {"run": row, "asked": saying.here(row.asked_at, timezone.now()), **_told(row)}
    )
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_POST
@once
def replay_remove(request, run):
    replay_runs.remove(get_object_or_404(ReplayRun, pk=run))
    return redirect("support:replay-list")


def _list(request, form, status=200):
    now = timezone.now()
    rows = ReplayRun.objects.select_related("service", "customer", "asked_by").defer(
        "result", "service__data", "service__source"
    )
    shown = [(row, saying.here(row.asked_at, now)) for row in rows[:LISTED]]
    return render(request, "support/replay_list.html", {"form": form, "rows": shown}, status=status)


def _told(run: ReplayRun) -> dict:
    """The result with its words: clocks, objectives and flips by the names that pages use."""
    if run.result is None:
        return {}
    names = {kind.value: name for kind, name in KINDS.items()}
    return {
        "clocks": [
            (names[kind], sides["now"], sides["then"]) for kind, sides in run.result["clocks"].items()
        ],
        "objectives": [(names[measure], *rest) for measure, *rest in run.result["objectives"]],
        "flipped": [
            {
                **flip,
                "kind": names[flip["kind"]],
                "was_said": BECOMES[flip["was"]],
                "said": BECOMES[flip["becomes"]],
            }
            for flip in run.result["flipped"]
        ],
        "more": run.result["flips"] - len(run.result["flipped"]),
    }
