"""Cases with a vendor: the list, one of them, opening one, and a verb for each step."""

from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.views.stale import attempted, renew
from billing.views.verbs import carried_out
from escalations import forms_vendors as forms
from escalations import vendor_pages, vendors
from escalations.foreseeing import foreseen
from escalations.models import CaseState, Party, VendorCase
from support.once import once
from support.refusal import Refused
from support.views.tickets import seen

PER_PAGE = 25
FORMS = {
    "answer": forms.VendorAnswerForm,
    "severity": forms.VendorSeverityForm,
    "ask": forms.VendorAskForm,
    "dispatch": forms.VendorDispatchForm,
    "note": forms.VendorNoteForm,
    "contact": forms.VendorContactForm,
    "escalate": forms.VendorEscalateForm,
    "close": forms.VendorCloseForm,
}


@require_safe
def vendor_list(request):
    said = {name: request.GET.get(name, "").strip()[:100] for name in ("party", "state", "text")}
    said["state"] = said["state"] if said["state"] in CaseState.values else ""
    cases = vendor_pages.found(VendorCase.objects.visible_to(request.user), **said)
    now, said["missed"] = timezone.now(), bool(request.GET.get("missed"))
    if said["missed"]:  # without a state, as the morning page counts them
        cases = cases.missed(now) if said["state"] else cases.slipping(now)
    cases = vendor_pages.most_urgent_first(cases.select_related("ticket__customer"))
    page = Paginator(cases, PER_PAGE).get_page(request.GET.get("page"))
    rows = [vendor_pages.listed(case, case.due_at, now) for case in page]
    facts = {"page": page, "rows": rows, "said": said, "parties": Party.choices, "states": CaseState.choices}
    return render(request, "escalations/vendor_list.html", facts)


@require_http_methods(["GET", "HEAD", "POST"])
def vendor_open(request, number):
    if request.method == "POST":
        return _opened(request, number)
    ticket = seen(request, number)
    return _open_page(request, ticket, _open_form(ticket))


@once
def _opened(request, number):
    ticket = seen(request, number)
    form, opened = _open_form(ticket, request.POST), []
    if carried_out(
        request,
        form,
        lambda said, by, at: opened.append(
            vendors.open_case(ticket, **said, by=by, at=max(at, ticket.changed_at))
        ),
    ):
        return redirect(opened[0])
    ticket.refresh_from_db()
    return _open_page(request, ticket, form, status=422)


def _open_form(ticket, data=None):
    return forms.VendorOpenForm(data, ticket=ticket, barred=vendors.barred(ticket))


def _open_page(request, ticket, form, status=200):
    if not ticket.undone:
        raise Refused(vendors.done_sentence(ticket))
    at, zone = timezone.now(), timezone.get_current_timezone()
    barred = vendors.barred(ticket)
    facts = {
        "ticket": ticket,
        "form": form,
        "barred": barred,
        "foreseen": [] if barred else foreseen(ticket, at, zone),
    }
    return render(request, "escalations/vendor_open.html", facts, status=status)


@require_safe
def vendor_page(request, number, position):
    return _show(request, _case(request, number, position))


@require_POST
@once
def vendor_answer(request, number, position):
    return _told(request, number, position, "answer", vendors.answered)


@require_POST
@once
def vendor_severity(request, number, position):
    return _told(request, number, position, "severity", vendors.change_severity)


@require_POST
@once
def vendor_ask(request, number, position):
    return _told(request, number, position, "ask", vendors.asked)


@require_POST
@once
def vendor_dispatch(request, number, position):
    return _told(request, number, position, "dispatch", vendors.dispatched)


@require_POST
@once
def vendor_note(request, number, position):
    return _told(request, number, position, "note", vendors.noted)


@require_POST
@once
def vendor_contact(request, number, position):
    return _told(request, number, position, "contact", vendors.change_contact)


@require_POST
@once
def vendor_escalate(request, number, position):
    return _told(request, number, position, "escalate", vendors.escalate)


@require_POST
@once
def vendor_close(request, number, position):
    return _told(request, number, position, "close", vendors.close)


def _case(request, number, position) -> VendorCase:
    ticket = seen(request, number)
    case = get_object_or_404(VendorCase.objects.filter(ticket=ticket), position=position)
    case.ticket = ticket
    return case


def _told(request, number, position, name, verb):
    """The case again, with what was noted, or with the form and why not."""
    case = _case(request, number, position)
    if case.closed:
        raise Refused(vendors.closed_sentence(case))
    form = _form(case, name, request.POST)
    status = attempted(request, form, lambda said, by, at: verb(case, **said, by=by, at=at))
    if status == 302:
        return redirect(case)
    case = _case(request, number, position)
    if case.closed:  # meanwhile
        raise Refused(vendors.closed_sentence(case))
    if status == 409:
        renew(form, was=vendors.contact_of(case))
    return _show(request, case, {name: form}, status=status)


def _form(case, name, data=None):
    facts = {"case": case} if name == "severity" else {}
    if name == "contact" and data is None:
        facts["initial"] = {field: getattr(case, field) for field in vendors.CONTACT}
        facts["initial"]["was"] = vendors.contact_of(case)
    return FORMS[name](data, auto_id=f"{name}_%s", **facts)


def _show(request, case, bound=None, status=200):
    prefetch_related_objects([case], "steps", "escalations")
    facts = vendor_pages.facts_of(case, timezone.now(), timezone.get_current_timezone())
    shown = {name: (bound or {}).get(name) or _form(case, name) for name in FORMS} if not case.closed else {}
    facts |= {"case": case, "ticket": case.ticket, "forms": shown, "bound": dict.fromkeys(bound or (), True)}
    facts["offers_escalation"] = facts["may_escalate"] and not (case.closed or facts["barred"])
    return render(request, "escalations/vendor_page.html", facts, status=status)
