"""Finance's pages: a month's time, its drafts, what was issued, and the files for the finance program."""

from datetime import date
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing import collecting, exporting, invoice_mail, invoicing, months, previewing, timing
from billing.forms.invoices import ReopenForm
from billing.models import ExportBatch, Invoice, LateWork, Month
from billing.money import Money
from billing.views.verbs import carried_out
from support.actors import Actor
from support.models import LegalEntity
from support.once import once

EARLIEST = date(2000, 1, 1)  # no books are older


@require_safe
def month_list(request):
    """Every month that has time, for each company, the newest first."""
    rows = Month.objects.select_related("legal_entity").order_by("-month", "legal_entity__name")
    return render(request, "billing/month_list.html", {"months": rows[:120]})


def found(series: str, month: str) -> tuple[LegalEntity, date]:
    entity = get_object_or_404(LegalEntity, number_series=series)
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        first = date.max
    if not EARLIEST <= first <= timezone.now().astimezone(ZoneInfo(entity.time_zone)).date():
        raise Http404(_("%(month)s is not a month of these books: write it as 2026-10.") % {"month": month})
    return entity, first


@require_safe
def month_page(request, series, month):
    return _page(request, *found(series, month))


def _page(request, entity, month, status=200, **bound):
    now = timezone.now()
    invoices = Invoice.objects.filter(legal_entity=entity, month=month).select_related(
        "bill_to", "legal_entity", "credits"
    )
    planned = invoicing.preview(entity, month)
    drafts = list(invoices.drafts().prefetch_related("lines").order_by("bill_to__name"))
    issued = list(collecting.with_standing(invoices.issued()).order_by("number"))
    exported = exporting.live_formats(entity, month)
    mailed = invoice_mail.newest(issued)
    unsent = [each for each in issued if each.pk not in mailed]
    payers = [each.bill_to for each in (*planned, *drafts, *unsent)]
    late = LateWork.objects.waiting().filter(engagement__contract__legal_entity=entity)
    context = {
        "entity": entity,
        "month": month,
        "slug": f"{month:%Y-%m}",
        "closed": months.is_closed(entity, month),
        "warnings": previewing.warnings(entity, month, planned),
        "planned": [
            (
                each,
                sum(line.minutes for line in each.lines),
                [(line.description, line.counted, str(line.net)) for line in each.lines],
            )
            for each in planned
        ],
        "drafts": [
            (
                each,
                _money(each.total, each),
                [(line.description, line.counted, _money(line.net, each)) for line in each.lines.all()],
            )
            for each in drafts
        ],
        "issued": [
            (
                each,
                _money(each.total, each),
                collecting.said(each, now),
                mailed.get(each.pk),
                ", ".join(exported[each.pk]),
            )
            for each in issued
        ],
        "out_of_reach": [
            invoice_mail.lacks_a_contact(customer) for customer in invoice_mail.out_of_reach(payers)
        ],
        "formats": exporting.offered(entity, month, len(issued), exported) if issued else [],
        "batches": ExportBatch.objects.filter(legal_entity=entity, month=month)
        .select_related("void")
        .prefetch_related("files")
        .order_by("-pk"),
        "late": late.select_related("person", "engagement").order_by("started_at")[:100],
        "reopen": ReopenForm(),
        **bound,
    }
    return render(request, "billing/month_page.html", context, status=status)


def _money(amount, invoice) -> str:
    return str(Money(amount, invoice.currency))


@require_POST
@once
def month_draft(request, series, month):
    entity, first = found(series, month)
    drafts = invoicing.draft(entity, first, by=Actor.of(request.user), at=timezone.now())
    if drafts:
        messages.success(request, _("Drafted: %(count)s.") % {"count": len(drafts)})
    else:
        messages.info(request, _("There is no approved time in this month that is on no invoice yet."))
    return redirect("billing:month-page", series, month)


@require_POST
@once
def month_issue(request, series, month):
    """Draft anew and issue: what was corrected since the last draft counts."""
    entity, first = found(series, month)
    issued = invoicing.run(entity, first, by=Actor.of(request.user), at=timezone.now())
    messages.success(
        request,
        _("Issued: %(numbers)s.") % {"numbers": ", ".join(each.reference for each in issued) or _("none")},
    )
    return redirect("billing:month-page", series, month)


@require_POST
@once
def month_close(request, series, month):
    entity, first = found(series, month)
    months.close(entity, first, by=Actor.of(request.user), at=timezone.now())
    return redirect("billing:month-page", series, month)


@require_POST
@once
def month_reopen(request, series, month):
    entity, first = found(series, month)
    form = ReopenForm(request.POST)
    if carried_out(request, form, lambda said, by, at: months.reopen(entity, first, **said, by=by, at=at)):
        return redirect("billing:month-page", series, month)
    return _page(request, entity, first, status=422, reopen=form)


@require_POST
@once
def late_take(request, series, month, late):
    """Book late work now that its month is open again."""
    entity, _first = found(series, month)
    kept = get_object_or_404(LateWork.objects.waiting(), engagement__contract__legal_entity=entity, pk=late)
    timing.take_in(kept, by=Actor.of(request.user), at=timezone.now())
    messages.success(request, _("Booked: it stands among the approved time of its month."))
    return redirect("billing:month-page", series, month)
