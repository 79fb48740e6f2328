"""The customer's page for an offer: a link, a code, a name. GET shows and changes nothing."""

from functools import wraps

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from billing import answering, codes, document, links, proofs, signers, stating, wording
from billing.forms import engagements as forms
from billing.money import Money
from support.naming import is_said
from support.network import address_of
from support.refusal import Refused


def private(view):
    """Nobody keeps a copy of these pages, and no other site learns their address.

    No cookie authorises anything here, the link and the code do: there is nothing for a forged request to borrow. And
    under no-referrer a browser sends `Origin: null`, which the check for forged requests would refuse.
    """

    @wraps(view)
    def guarded(request, token, **kwargs):
        invitation = links.find(token)
        if invitation is None:
            raise Http404
        response = view(request, invitation, token=token, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex"
        return response

    return csrf_exempt(never_cache(guarded))


@require_safe
@private
def offer_answer(request, invitation, token):
    return _page(request, invitation, token, sent="sent" in request.GET)


@require_POST
@private
def offer_code(request, invitation, token):
    """Mail the code to the address on file, with when this page was first shown."""
    opened = proofs.read_opening(invitation, request.POST.get("opened", ""))
    try:
        codes.send_code(invitation, address=address_of(request) or "", opened_at=opened, at=timezone.now())
    except Refused as refused:
        return _page(request, invitation, token, refused=refused.sentence, status=409)
    return redirect(f"{links.path(token)}?sent")


@require_POST
@private
def offer_prove(request, invitation, token):
    """The figures: right, they open the form that decides."""
    form = forms.AnswerCodeForm(request.POST)
    if form.is_valid():
        try:
            code = codes.prove(invitation, form.cleaned_data["code"])
        except Refused as refused:
            form.add_error("code", refused.sentence)
        else:
            return _page(request, invitation, token, proof=proofs.sign_code(code))
    return _page(request, invitation, token, sent=True, code_form=form, status=422)


@require_POST
@private
def offer_approve(request, invitation, token):
    proof = request.POST.get("proof", "")
    form = forms.AnswerApproveForm(request.POST)
    if not form.is_valid():
        return _page(request, invitation, token, proof=proof, approve_form=form, status=422)

    def sign():
        answering.approve(
            proofs.read_code(invitation, proof),
            typed_name=form.cleaned_data["typed_name"],
            shown_sha256=request.POST.get("shown", ""),
            address=address_of(request),
            agent=request.headers.get("User-Agent", ""),
            at=timezone.now(),
        )

    return _decided(request, invitation, token, sign)


@require_POST
@private
def offer_decline(request, invitation, token):
    proof = request.POST.get("proof", "")
    form = forms.AnswerDeclineForm(request.POST)
    if not form.is_valid():
        return _page(request, invitation, token, proof=proof, decline_form=form, status=422)

    def refuse():
        answering.decline(
            proofs.read_code(invitation, proof),
            reason=form.cleaned_data["reason"],
            address=address_of(request),
            agent=request.headers.get("User-Agent", ""),
            at=timezone.now(),
        )

    return _decided(request, invitation, token, refuse, words=form.cleaned_data["reason"])


def _decided(request, invitation, token, act, words=""):
    """One answer: whoever sends it twice is led to what he said the first time. Refused, his words come back."""
    try:
        act()
    except Refused as refused:
        if _answered_by(invitation):
            return redirect(links.path(token))
        return _page(request, invitation, token, refused=refused.sentence, words=words, status=409)
    return redirect(links.path(token))


def _answered_by(invitation) -> bool:
    offer, contact = invitation.offer, invitation.contact
    end = getattr(offer, "end", None)
    signed = offer.signatures.filter(contact=contact).exists() and not _signs_again(offer, contact)
    return signed or (end is not None and end.contact_id == contact.pk)


def _signs_again(offer, contact) -> bool:
    undecided = getattr(offer, "approval", None) is None and getattr(offer, "end", None) is None
    return undecided and signers.says_again(offer, contact)


def _page(request, invitation, token, *, sent=False, proof="", refused="", words="", status=200, **bound):
    offer, contact, now = invitation.offer, invitation.contact, timezone.now()
    approval, end = getattr(offer, "approval", None), getattr(offer, "end", None)
    undecided = approval is None and end is None
    own = offer.signatures.filter(contact=contact).first()
    completes = undecided and own is not None and signers.confirms(offer, contact)
    more = undecided and own is not None and signers.counts_for_more(offer, contact)
    context = {
        "offer": offer,
        "engagement": offer.engagement,
        "ticket": offer.engagement.ticket,
        "customer": offer.engagement.ticket.customer,
        "contact": contact,
        "token": token,
        "document": document.shown(offer),
        "statement": stating.shown(offer.statement) if offer.statement else "",
        "amount": str(Money(offer.amount, offer.currency)),
        "limit": str(Money(contact.approves_up_to, offer.currency)),
        "address": hidden(contact.email),
        "opened": proofs.sign_opening(invitation, now),
        "shown": bytes(offer.sha256).hex(),
        "approval": approval,
        "end": end,
        "over": undecided and now >= offer.answer_by,
        "gone": not contact.may_answer,
        "own": own and not completes and not more,
        "completes": completes,
        "more": more,
        **(_evidence(offer, contact) if approval else {}),
        "decided": wording.when(approval.decided_at, contact.time_zone) if approval else "",
        "ended": wording.when(end.ended_at, contact.time_zone) if end else "",
        "answer_by": wording.when(offer.answer_by, contact.time_zone),
        "sent": sent or (undecided and codes.is_live(invitation)),
        "proof": proof,
        "refused": refused,
        "words": words if is_said(words) else "",
        "code_form": forms.AnswerCodeForm(),
        "approve_form": forms.AnswerApproveForm(),
        "decline_form": forms.AnswerDeclineForm(auto_id="decline_%s"),
        **bound,
    }
    return render(request, "billing/offer_answer.html", context, status=status)


def _evidence(offer, contact) -> dict[str, list[dict]]:
    """Each signature as the receipt shows it, in the contact's zone, and of each person the last one."""
    signatures = list(offer.signatures.order_by("pk"))
    shown = {one.pk: _signature(one, contact.time_zone) for one in signatures}
    people = [shown[one.pk] for one in signers.last_of_each(signatures)]
    return {"people": people, "signatures": list(shown.values())}


def _signature(one, zone: str) -> dict[str, str]:
    return {
        "name": one.typed_name,
        "who": one.contact_name,
        "email": hidden(one.contact_email),
        "at": wording.when(one.signed_at, zone),
        "opened": wording.when(one.opened_at, zone) if one.opened_at else "",
        "how": one.get_how_display(),
        "address": one.address or "",
    }


def hidden(email: str) -> str:
    """ "r•••@northwind.example": enough to know one's own address by."""
    name, _at, domain = email.partition("@")
    return f"{name[:1]}•••@{domain}"
