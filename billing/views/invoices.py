"""Finance's pages: a month's time, its drafts, what was issued, and the files for the finance program."""

from datetime import date
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing import (
    collecting,
    exporting,
    finances,
    invoice_mail,
    invoicing,
    issuing,
    late_work,
    months,
    previewing,
)
from billing.forms.invoices import ReopenForm
from billing.forms.late import LateDismissForm, LateTakeForm
from billing.models import ExportBatch, Invoice, Month
from billing.money import Money
from billing.views.verbs import carried_out
from support.actors import Actor
from support.models import LegalEntity
from support.once import once
from support.refusal import Refused

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
    return show(request, *found(series, month))


def show(request, entity, month, status=200, **bound):
    """The month's page; `bound` are forms that came back with errors, `late_form` with the id of its piece of late work,
    and `refused`, what was not done."""
    now = timezone.now()
    invoices = Invoice.objects.filter(legal_entity=entity, month=month).select_related(
        "bill_to", "legal_entity", "credits"
    )
    planned = invoicing.preview(entity, month)
    drafts = list(invoices.drafts().prefetch_related("lines").order_by("bill_to__name"))
    old = set(finances.out_of_date(entity)) if drafts else set()
    issued = list(collecting.with_standing(invoices.issued()).order_by("number"))
    exported = exporting.live_formats(entity, month)
    mailed = invoice_mail.newest(issued)
    unsent = [each for each in issued if each.pk not in mailed]
    payers = [each.bill_to for each in (*planned, *drafts, *unsent)]
    context = {
        "entity": entity,
        "month": month,
        "slug": f"{month:%Y-%m}",
        "closed": months.is_closed(entity, month),
        "shown": issuing.fingerprint(drafts, planned),
        "warnings": previewing.warnings(entity, month, planned, drafts),
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
                each.pk in old,
            )
            for each in drafts
        ],
        "out_of_date": any(each.pk in old for each in drafts),
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
        "late": _late(entity, *bound.pop("late_form", (None, None))),
        "dismissed": late_work.dismissed(entity, month),
        "reopen": ReopenForm(),
        **bound,
    }
    return render(request, "billing/month_page.html", context, status=status)


def _late(entity, pk, bound) -> list[tuple]:
    """Late work: whether its month is open, then its forms, to book it otherwise and to dismiss it, each with whether it came back."""

    def of(work, form_class, prefix, **options):
        if work.pk == pk and isinstance(bound, form_class):
            return bound, True
        return form_class(auto_id=f"{prefix}_{work.pk}_%s", **options), False

    rows = late_work.waiting(entity)
    if bound and pk not in [work.pk for work, _is_open in rows]:
        raise Refused(next(iter(bound.errors.values()))[0])  # somebody else was faster
    return [
        (
            work,
            is_open,
            *of(work, LateTakeForm, "late", ways=late_work.ways_of(work)),
            *of(work, LateDismissForm, "dismiss"),
        )
        for work, is_open in rows
    ]


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
    """Issue what the page showed, and say so on it where that is not what is there now."""
    entity, first = found(series, month)
    shown, by = request.POST.get("shown", ""), Actor.of(request.user)
    try:
        issued = issuing.issue(entity, first, shown=shown, by=by, at=timezone.now())
    except Refused as refused:
        return show(request, entity, first, status=409, refused=refused.sentence)
    messages.success(
        request,
        _("Issued: %(numbers)s.") % {"numbers": ", ".join(each.reference for each in issued) or _("none")},
    )
    return redirect("billing:month-page", series, month)


@require_POST
@once
def month_discard(request, series, month):
    entity, first = found(series, month)
    count = invoicing.discard(entity, first, by=Actor.of(request.user), at=timezone.now())
    messages.success(request, _("Discarded: %(count)s.") % {"count": count})
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
    return show(request, entity, first, status=422, reopen=form)
