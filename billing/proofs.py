"""What a page may hold for the next request without anybody changing it: when it was first shown, which code was entered."""

from datetime import datetime, timedelta

from django.core import signing
from django.utils.translation import gettext as _

from billing.models import Invitation, OfferCode
from support.refusal import Refused

OPENING, PROOF = "billing.offer-opened", "billing.offer-code-entered"
GOOD_FOR = timedelta(hours=1)  # as the database's guard holds it too


def sign_opening(invitation: Invitation, at: datetime) -> str:
    """For a hidden field: GET changes nothing, so the page itself carries when it was first shown."""
    return signing.dumps([invitation.pk, at.isoformat()], salt=OPENING)


def read_opening(invitation: Invitation, field: str) -> datetime | None:
    """When the page was first shown; None for a field that is missing or not ours."""
    try:
        pk, at = signing.loads(field, salt=OPENING)
    except signing.BadSignature:
        return None
    return datetime.fromisoformat(at) if pk == invitation.pk else None


def sign_code(code: OfferCode) -> str:
    """For a hidden field, once the right figures were entered: the form that decides need not ask again."""
    return signing.dumps([code.invitation_id, code.pk], salt=PROOF)


def read_code(invitation: Invitation, field: str) -> OfferCode:
    """The code that was entered for this link. Refused when it was not, or too long ago."""
    try:
        pk, code = signing.loads(field, salt=PROOF, max_age=GOOD_FOR)
    except signing.BadSignature:
        pk = code = None
    newest = OfferCode.objects.filter(invitation=invitation).order_by("-id").first()
    found = newest if newest and newest.pk == code and newest.proved_at else None
    if found is None or pk != invitation.pk:
        raise Refused(_("The code was not entered, or too long ago: ask for another one."))
    return found
