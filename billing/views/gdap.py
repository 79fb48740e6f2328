"""The managers' pages of GDAP: every relationship, what it needs next, and the work that waits for one."""

from django.conf import settings
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing import gdap_shown, gdap_words
from billing.forms import gdap as forms
from billing.models import Engagement, GdapAct, GdapRelationship
from support import saying

PER_PAGE = 50


@require_safe
def gdap_list(request):
    return show_list(request)


def show_list(request, status=200, **more):
    now, every = timezone.now(), request.GET.get("state") == "all"
    page = Paginator(gdap_shown.listed(every), PER_PAGE).get_page(request.GET.get("page"))
    last = GdapRelationship.objects.order_by("-synced_at").values_list("synced_at", flat=True).first()
    facts = {
        "every": every,
        "page": page,
        "rows": [gdap_shown.shown(row, now) for row in page],
        "waiting": gdap_shown.waiting(),
        "by_hand": gdap_shown.by_hand(now),
        "reads": bool(settings.GRAPH),
        "last": saying.here(last, now) if last else "",
        "how_to_create": gdap_words.how_to_create(),
        "upload": forms.GdapUploadForm(auto_id="upload_%s", initial={"seen_at": now}),
        "lost": [(act, saying.here(act.acted_at, now)) for act in gdap_shown.lost(now)],
        "create": forms.GdapCreateForm(auto_id="create_%s") if settings.GDAP_WRITE else None,
        **more,
    }
    return render(request, "billing/gdap_list.html", facts, status=status)


@require_safe
def gdap_page(request, number):
    return show_page(request, found(number))


def found(number: int) -> GdapRelationship:
    return get_object_or_404(GdapRelationship.objects.select_related("customer"), pk=number)


def show_page(request, row, status=200, **more):
    now = timezone.now()
    needing = Engagement.objects.undone().filter(ticket__customer=row.customer_id).exclude(gdap_roles=[])
    facts = {
        "shown": gdap_shown.shown(row, now),
        "row": row,
        "steps": gdap_words.next_steps(row),
        "how_to_end": gdap_words.how_to_end() if row.status == "active" else [],
        "invites": row.listed and row.status in ("created", "approvalPending"),
        "lasts": gdap_words.duration(row.duration),
        "ends": saying.here(row.ends_at, now) if row.ends_at else "",
        "lapses": saying.here(row.lapses_at, now) if row.lapses_at else "",
        "engagements": needing.select_related("ticket").order_by("reference") if row.customer_id else [],
        "writes": settings.GDAP_WRITE and row.listed,
        "lock": forms.GdapReasonForm(auto_id="lock_%s"),
        "end": forms.GdapReasonForm(auto_id="end_%s"),
        "delete": forms.GdapReasonForm(auto_id="delete_%s"),
        "extend": forms.GdapExtendForm(auto_id="extend_%s", initial={"on": row.auto_extend}),
        "acts": [
            (act, saying.here(act.acted_at, now))
            for act in GdapAct.objects.filter(relationship_id=row.relationship_id)[:20]
        ],
        **more,
    }
    return render(request, "billing/gdap_page.html", facts, status=status)
