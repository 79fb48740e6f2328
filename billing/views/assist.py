"""The desk's page of the help in a customer's own case with Microsoft, and what is done there."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing import assist_notes, assist_pack, assist_shown, assisting
from billing.forms import assist as forms
from billing.models import AssistNote, AssistPack
from billing.models.engagements import UNDONE
from billing.views.engagements import found
from billing.views.verbs import carried_out
from support import saying
from support.once import once
from support.refusal import Refused

TOLD = {
    "case": (forms.AssistCaseForm, assist_notes.tell_case),
    "request": (forms.AssistRequestForm, assist_notes.ask_for_more),
    "call": (forms.AssistCallForm, assist_notes.schedule),
}


@require_safe
def assist_page(request, reference):
    return _show(request, found(request, reference))


@require_POST
@once
def assist_make(request, reference):
    """With `look` the page comes back with the document as it would be, and nothing is made."""
    engagement = found(request, reference)
    form = forms.AssistMakeForm(request.POST, engagement=engagement, requests=_requests(engagement))
    if "look" in request.POST:
        return _looked(request, engagement, form)

    def make(said, by, at):
        files, answers = list(said["files"]), said.get("answers")
        assisting.make(engagement, form.case(), files=files, answers=answers, by=by, at=at)

    if carried_out(request, form, make):
        messages.success(request, _("The pack is made. Nobody outside sees it before you hand it over."))
        return redirect("billing:assist-page", reference)
    return _show(request, engagement, status=422, make=form)


def _looked(request, engagement, form):
    if not form.is_valid():
        return _show(request, engagement, status=422, make=form)
    files = list(form.cleaned_data["files"])
    try:
        assist_pack.must_fit(files)
    except Refused as refused:
        form.add_error(refused.field, refused.sentence)
        return _show(request, engagement, status=422, make=form)
    preview = assist_pack.shown(engagement, form.case(), files, timezone.now())
    return _show(request, engagement, preview=preview, make=form)


@require_POST
@once
def assist_send(request, reference, number):
    pack = _pack(request, reference, number)
    form = forms.AssistSendForm(request.POST, engagement=pack.engagement, auto_id=f"send_{number}_%s")
    if carried_out(request, form, lambda said, by, at: assisting.send(pack, **said, by=by, at=at)):
        return redirect("billing:assist-page", reference)
    return _show(request, pack.engagement, status=422, row=number, send=form)


@require_POST
@once
def assist_hand(request, reference, number):
    pack = _pack(request, reference, number)
    form = forms.AssistHandForm(request.POST, engagement=pack.engagement, auto_id=f"hand_{number}_%s")
    if carried_out(request, form, lambda said, by, at: assisting.hand(pack, **said, by=by, at=at)):
        return redirect("billing:assist-page", reference)
    return _show(request, pack.engagement, status=422, row=number, hand=form)


@require_POST
@once
def assist_note(request, reference, kind):
    """What the customer told by phone or mail, written down for him."""
    engagement = found(request, reference)
    if kind not in TOLD:
        raise Http404
    form_class, note = TOLD[kind]
    form = form_class(request.POST)
    if carried_out(request, form, lambda said, by, at: note(engagement, **said, by=by, at=at)):
        return redirect("billing:assist-page", reference)
    return _show(request, engagement, status=422, **{kind: form})


@require_POST
@once
def assist_answer(request, reference, number):
    asked = _note(request, reference, number, AssistNote.Kind.REQUEST)
    form = forms.AssistAnswerForm(request.POST, auto_id=f"answer_{number}_%s")
    if carried_out(request, form, lambda said, by, at: assist_notes.answer(asked, **said, by=by, at=at)):
        return redirect("billing:assist-page", reference)
    return _show(request, asked.engagement, status=422, row=number, answer=form)


@require_POST
@once
def assist_conclude(request, reference, number):
    call = _note(request, reference, number, AssistNote.Kind.CALL)
    form = forms.AssistOutcomeForm(request.POST, auto_id=f"conclude_{number}_%s")
    if carried_out(request, form, lambda said, by, at: assist_notes.conclude(call, **said, by=by, at=at)):
        return redirect("billing:assist-page", reference)
    return _show(request, call.engagement, status=422, row=number, conclude=form)


def _pack(request, reference, number) -> AssistPack:
    engagement = found(request, reference)
    pack = get_object_or_404(AssistPack, engagement=engagement, number=number)
    pack.engagement = engagement
    return pack


def _note(request, reference, number, kind) -> AssistNote:
    engagement = found(request, reference)
    note = get_object_or_404(AssistNote, engagement=engagement, number=number, kind=kind)
    note.engagement = engagement
    return note


def _requests(engagement):
    return engagement.assist_notes.filter(kind=AssistNote.Kind.REQUEST).order_by("-number")


def _show(request, engagement, /, status=200, row=None, preview="", **bound):
    """`bound` are forms that came back with errors, of the pack or note `row` where each has its own.

    Raises Refused, with what was wrong, where the page has no place for it any more.
    """
    now, case = timezone.now(), assist_shown.case(engagement, timezone.now())
    placed = []

    def of_row(name, number, form_class, **options):
        if name in bound and row == number:
            placed.append(name)
            return bound[name], True
        return form_class(auto_id=f"{name}_{number}_%s", **options), False

    begin = {"text": _("Here is what you need to open your case with Microsoft.")}
    to = {"engagement": engagement, "people": list(engagement.customer.contacts.filter(active=True))}
    ours = {"people": list(forms.DESK) if case.calls else []}
    packs = [
        (
            shown,
            of_row("send", shown.pack.number, forms.AssistSendForm, initial=begin, **to),
            of_row("hand", shown.pack.number, forms.AssistHandForm, **to),
        )
        for shown in assist_shown.packs(engagement.assist_packs.all(), now)
    ]
    asked = [(each, of_row("answer", each.note.number, forms.AssistAnswerForm)) for each in case.requests]
    calls = [
        (
            each,
            of_row("conclude", each.note.number, forms.AssistOutcomeForm, **ours)
            if each.is_open or row == each.note.number
            else None,
        )
        for each in case.calls
    ]
    if row is not None and not placed:
        [form] = bound.values()
        raise Refused(next(iter(form.errors.values()))[0])
    may_make = engagement.state in UNDONE and engagement.approvals.exists()
    context = {
        "engagement": engagement,
        "ticket": engagement.ticket,
        "why": assisting.why_not_ours(engagement),
        "packs": packs,
        "case": case,
        "requests": asked,
        "calls": calls,
        "may_make": may_make,
        "forms": _forms(engagement, now) | bound,
        "bound": dict.fromkeys(bound, True),
        "preview": preview,
        "zone": saying.zone_name(timezone.get_current_timezone()),
    }
    return render(request, "billing/assist_page.html", context, status=status)


def _forms(engagement, now) -> dict:
    today = {"on": timezone.localdate(now)}
    return {
        "make": forms.AssistMakeForm(
            engagement=engagement,
            requests=_requests(engagement),
            initial=assist_shown.first_words(engagement),
        ),
        "case": forms.AssistCaseForm(initial=today),
        "request": forms.AssistRequestForm(initial=today),
        "call": forms.AssistCallForm(),
    }
