"""What is at engineering, in the order of its review, and what is at management."""

from datetime import timedelta

from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from billing.views.stale import renew
from billing.views.verbs import carried_out
from escalations import levels, managing
from escalations.ladder import definition_of
from escalations.level_forms import EngineeringReviewForm
from escalations.management_forms import ManagementCloseForm, ManagementTakeForm, ManagementUpdateForm
from escalations.models import EngineeringReview, LevelMove, ManagementEscalation
from support import saying
from support.actors import Actor
from support.clocks.terms import ClockKind
from support.models import Clock, Ticket
from support.models.clocks import OPEN
from support.models.tickets import UNDONE
from support.once import once
from support.refusal import Refused, Stale
from support.views.tickets import seen, show

PER_PAGE = 25


@require_safe
def engineering_list(request):
    """By business impact, as the last review or the move said; those that management goes along with stand apart by a badge."""
    at = timezone.now()
    reviews = EngineeringReview.objects.filter(move=OuterRef("pk")).order_by("-id")
    found = LevelMove.objects.at_engineering().filter(ticket__in=Ticket.objects.visible_to(request.user))
    found = found.annotate(
        weighs=Coalesce(Subquery(reviews.values("impact")[:1]), "impact"),
        reviewed_at=Subquery(reviews.values("at")[:1]),
        committed=_due(ClockKind.COMMITTED),
    ).select_related("ticket__customer", "ticket__service", "management")
    page = Paginator(found.order_by("weighs", "ticket__rank", "at", "id"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    rows = [_engineering_row(move, at) for move in page]
    facts = {"page": page, "rows": rows, "form": EngineeringReviewForm()}
    return render(request, "escalations/engineering_list.html", facts)


@require_POST
@once
def engineering_review(request, number):
    ticket, form = seen(request, number), EngineeringReviewForm(request.POST)
    if carried_out(request, form, lambda said, by, at: levels.review(ticket, **said, by=by, at=at)):
        return redirect("escalations:engineering-list")
    facts = {"about": ticket, "typed": form}
    return render(request, "escalations/engineering_list.html", facts, status=422)


@require_safe
def management_list(request):
    """The oldest first; who drives each, and when the next update to the customer is due."""
    at, undriven = timezone.now(), request.GET.get("show") == "undriven"
    seen_here = Ticket.objects.visible_to(request.user).filter(state__in=UNDONE)
    found = ManagementEscalation.objects.first_of_each_ticket().filter(ticket__in=seen_here)
    found = (
        (found.undriven() if undriven else found)
        .with_driver()
        .annotate(update_due=_due(ClockKind.UPDATE))
        .select_related("ticket__customer", "ticket__owner")
    )
    page = Paginator(found.order_by("opened_at", "id"), PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        (
            row,
            saying.here(row.opened_at, at),
            saying.here(row.update_due, at) if row.update_due else "",
            bool(row.update_due and row.update_due <= at),
        )
        for row in page
    ]
    return render(
        request, "escalations/management_list.html", {"page": page, "rows": rows, "undriven": undriven}
    )


@require_POST
@once
def management_take(request, number):
    ticket, form = seen(request, number), ManagementTakeForm(request.POST)
    return _act(request, ticket, "manage_take", form, managing.take)


@require_POST
@once
def management_update(request, number):
    ticket, form = seen(request, number), ManagementUpdateForm(request.POST)
    return _act(request, ticket, "manage_update", form, managing.update)


@require_POST
@once
def management_close(request, number):
    ticket, form = seen(request, number), ManagementCloseForm(request.POST)
    return _act(request, ticket, "manage_close", form, managing.close)


def _act(request, ticket, name, form, verb):
    if not form.is_valid():
        return show(request, ticket, status=422, **{name: form})
    try:
        verb(ticket, by=Actor.of(request.user), at=timezone.now(), **form.cleaned_data)
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        if isinstance(refused, Stale):  # what else is said does not say what has come since
            renew(form, newest=managing.newest_of(ticket))
        status = 422 if refused.field in form.fields else 409
        return show(request, ticket, status=status, **{name: form})
    return redirect(f"{ticket.get_absolute_url()}#management")


def _due(kind: ClockKind) -> Subquery:
    """When the open clock of this kind is due on the row's ticket."""
    clocks = Clock.objects.filter(ticket=OuterRef("ticket"), kind=kind, state__in=OPEN)
    return Subquery(clocks.order_by("due_at").values("due_at")[:1])


def _engineering_row(move: LevelMove, at) -> dict:
    engineering = definition_of(move.ticket).engineering
    every = timedelta(minutes=engineering.every.amount) if engineering else timedelta()
    next_at = (move.reviewed_at or move.at) + every
    return {
        "move": move,
        "beside": hasattr(move, "management"),
        "impact": type(move)._meta.get_field("impact").choices[move.weighs - 1][1],
        "since": saying.here(move.at, at),
        "review": saying.here(next_at, at),
        "late": next_at <= at,
        "committed": saying.here(move.committed, at) if move.committed else "",
    }
