"""What a customer reads of the work outside its contract: what was offered, approved, used; who may say yes; and taking a yes back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing import answering, delivery, links
from billing.forms.engagements import OwnWithdrawForm
from billing.models import Approval, Engagement, Invitation, Offer
from billing.money import Money
from billing.shown import OfferShown, standing
from billing.views.verbs import carried_out
from support.downloads import as_download
from support.models import Contact, Customer
from support.once import once


@require_safe
def own_engagement_list(request):
    rows = Engagement.objects.visible_to(request.user).select_related("ticket__customer")
    return render(
        request, "billing/own_engagement_list.html", {"engagements": rows.order_by("-requested_at", "-pk")}
    )


@require_safe
def own_engagement_page(request, reference):
    return _show(request, _found(request, reference))


@require_POST
@once
def own_approval_withdraw(request, reference, number):
    """The verb asks whether this person is of the customer: a partner who may read it takes nothing back."""
    engagement = _found(request, reference)
    approval = get_object_or_404(Approval, engagement=engagement, offer__number=number)
    form = OwnWithdrawForm(request.POST, auto_id=f"withdraw_{number}_%s")
    if carried_out(
        request, form, lambda said, by, at: answering.withdraw_approval(approval, **said, by=by, at=at)
    ):
        messages.success(
            request, _("The approval is withdrawn: nothing worked from now on is charged under it.")
        )
        return redirect("billing:own-engagement-page", reference)
    return _show(request, engagement, form, number, status=422)


@require_safe
def own_offer_document(request, reference, number):
    """The offer, byte for byte as it was shown: its hash is what was approved."""
    offer = get_object_or_404(Offer, engagement=_found(request, reference), number=number)
    response = HttpResponse(bytes(offer.document), content_type="application/octet-stream")
    return as_download(response, f"offer-{offer.reference}.html")


def _found(request, reference) -> Engagement:
    seen = Engagement.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related("ticket__customer", "contract"), reference=reference)


def _show(request, engagement, form=None, number=None, status=200):
    now, contact = timezone.now(), Contact.objects.filter(user=request.user, active=True).first()
    stands, customer = standing(engagement, request.user, now), engagement.ticket.customer
    asked = Invitation.objects.filter(offer__engagement=engagement, contact=contact)
    ways = {invitation.offer_id: links.path(links.token_of(invitation.nonce)) for invitation in asked}
    is_of_the_customer = contact is not None and contact.customer_id == customer.pk
    approved = [shown.approval for shown in stands.offers if shown.approval and is_of_the_customer]
    copies = delivery.copies(approved, now)  # they name who signed: a partner need not know

    def row(shown: OfferShown):
        here = form is not None and number == shown.offer.number
        own = form if here else OwnWithdrawForm(auto_id=f"withdraw_{shown.offer.number}_%s")
        return (
            shown,
            ways.get(shown.offer.pk, ""),
            copies.get(shown.approval and shown.approval.pk),
            own if is_of_the_customer and (here or _is_in_force(shown, now)) else None,
            here,
        )

    approvers = Contact.objects.filter(customer=customer).signing()
    approvers = approvers.order_by("name") if is_of_the_customer else []  # a partner need not know who may
    currency = engagement.contract.currency
    context = {
        "engagement": engagement,
        "ticket": engagement.ticket,
        "stands": stands,
        "offers": [row(shown) for shown in stands.offers],
        "own": is_of_the_customer,
        "approvers": [(one.name, Money(one.approves_up_to, currency)) for one in approvers],
        "two_sign": _two_sign(customer, currency),
    }
    return render(request, "billing/own_engagement_page.html", context, status=status)


def _two_sign(customer: Customer, currency: str) -> str:
    """From which money on two people have to sign."""
    above = customer.second_signature_above
    if above is None:
        return ""
    facts = {"amount": Money(above, currency)}
    return _("Above %(amount)s two people sign.") % facts if above else _("Two people sign each offer.")


def _is_in_force(shown: OfferShown, now) -> bool:
    return shown.state == "approved" and shown.approval.balance.until > now
