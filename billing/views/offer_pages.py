"""An offer for the desk to read as the customer reads it; nothing is decided here."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing import document, shown, stating
from billing.models import Offer
from billing.views.engagements import found
from support import saying


@require_safe
def offer_page(request, reference, number):
    """The stored bytes, whoever was asked, and the hash by which a yes names them."""
    engagement, now = found(request, reference), timezone.now()
    rows = Offer.objects.select_related(
        "engagement", "statement", "approval__balance", "approval__end", "end"
    )
    offer = get_object_or_404(rows, engagement=engagement, number=number)
    asked = offer.invitations.select_related("contact").order_by("pk")
    context = {
        "engagement": engagement,
        "offer": offer,
        "shown": shown.offer_shown(offer, now),
        "document": document.shown(offer),
        "statement": stating.shown(offer.statement) if offer.statement else "",
        "sha256": bytes(offer.sha256).hex(),
        "asked": [each.contact.name for each in asked],
        "answer_by": saying.here(offer.answer_by, now),
    }
    return render(request, "billing/offer_page.html", context)
