"""What was offered and what was answered: evidence, only read. No nonce, token or code is shown."""

import hashlib

from django.contrib import admin
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from billing.models import (
    Approval,
    ApprovalBalance,
    ApprovalEnd,
    Delivery,
    EvidenceLink,
    Invitation,
    Offer,
    OfferEnd,
    Signature,
    StatementOfWork,
    WrittenCheck,
    WrittenYes,
)
from support import saying
from support.admin.base import ViewOnly


class EvidenceAdmin(ViewOnly):
    """Bytes are shown as the hash that they have now."""

    def hashed(self, value) -> str:
        return bytes(value).hex() if value else ""


@admin.register(Offer)
class OfferAdmin(EvidenceAdmin):
    list_display = [
        "reference",
        "engagement",
        "amount",
        "currency",
        "cap",
        "answer_by",
        "work_until",
        "sent_at",
        "actor_name",
    ]
    list_filter = ["currency"]
    list_select_related = ["engagement"]
    search_fields = ["engagement__reference", "engagement__title", "engagement__ticket__number"]
    date_hierarchy = "sent_at"
    exclude = ["document", "sha256"]
    readonly_fields = ["stored_hash", "hash_of_the_bytes", "actor_name"]

    @admin.display(description=_("stored hash"))
    def stored_hash(self, offer):
        return self.hashed(offer.sha256)

    @admin.display(description=_("hash of the stored bytes"))
    def hash_of_the_bytes(self, offer):
        return hashlib.sha256(bytes(offer.document)).hexdigest()


@admin.register(StatementOfWork)
class StatementOfWorkAdmin(EvidenceAdmin):
    list_display = ["engagement", "version", "written_at", "actor_name"]
    list_select_related = ["engagement"]
    search_fields = ["engagement__reference", "engagement__title", "text"]
    date_hierarchy = "written_at"
    exclude = ["document", "sha256"]
    readonly_fields = ["stored_hash", "actor_name"]

    @admin.display(description=_("stored hash"))
    def stored_hash(self, statement):
        return self.hashed(statement.sha256)


@admin.register(Invitation)
class InvitationAdmin(EvidenceAdmin):
    list_display = ["offer", "contact", "sent_at", "actor_name"]
    list_select_related = ["offer__engagement", "contact"]
    search_fields = ["contact__name", "offer__engagement__reference"]
    date_hierarchy = "sent_at"
    fields = ["offer", "contact", "mail", "sent_at", "actor_name"]
    readonly_fields = ["actor_name"]


@admin.register(OfferEnd)
class OfferEndAdmin(EvidenceAdmin):
    list_display = ["offer", "why", "reason", "ended_at", "actor_name"]
    list_filter = ["why"]
    list_select_related = ["offer__engagement"]
    search_fields = ["offer__engagement__reference", "reason"]
    date_hierarchy = "ended_at"
    exclude = ["code"]
    readonly_fields = ["actor_name"]


@admin.register(Signature)
class SignatureAdmin(EvidenceAdmin):
    list_display = ["offer", "contact_name", "typed_name", "authority", "how", "address", "signed_at"]
    list_filter = ["how"]
    list_select_related = ["offer__engagement"]
    search_fields = ["contact_name", "typed_name", "offer__engagement__reference"]
    date_hierarchy = "signed_at"
    exclude = ["sha256", "code"]
    readonly_fields = ["shown_hash"]

    @admin.display(description=_("hash of what was shown"))
    def shown_hash(self, signature):
        return self.hashed(signature.sha256)


@admin.register(WrittenYes)
class WrittenYesAdmin(EvidenceAdmin):
    list_display = ["offer", "contact_name", "way", "reference", "dated_on", "recorded_at", "actor_name"]
    list_filter = ["way"]
    list_select_related = ["offer__engagement"]
    search_fields = ["contact_name", "reference", "offer__engagement__reference"]
    date_hierarchy = "recorded_at"
    exclude = ["sha256"]
    readonly_fields = ["answered_hash", "actor_name"]

    @admin.display(description=_("hash of the offer that it answers"))
    def answered_hash(self, said):
        return self.hashed(said.sha256)


@admin.register(WrittenCheck)
class WrittenCheckAdmin(EvidenceAdmin):
    list_display = ["written", "confirmed", "reason", "checked_at", "actor_name"]
    list_filter = ["confirmed"]
    list_select_related = ["written__offer__engagement"]
    search_fields = ["written__contact_name", "written__offer__engagement__reference"]
    date_hierarchy = "checked_at"
    exclude = ["sha256"]
    readonly_fields = ["shown_hash", "actor_name"]

    @admin.display(description=_("hash of the offer that was shown"))
    def shown_hash(self, check):
        return self.hashed(check.sha256)


@admin.register(Approval)
class ApprovalAdmin(EvidenceAdmin):
    list_display = ["reference", "engagement", "decided_at", "used", "over"]
    list_select_related = ["offer__engagement", "engagement", "balance", "end"]
    search_fields = ["engagement__reference", "engagement__title"]
    date_hierarchy = "decided_at"

    @admin.display(description=_("used"), ordering="balance__used")
    def used(self, approval):
        return approval.balance

    @admin.display(description=_("ended"), ordering="end__ended_at", empty_value=_("in force"))
    def over(self, approval):
        end = getattr(approval, "end", None)
        return end and f"{end.get_why_display()}, {saying.formatted(localtime(end.ended_at), 'j M Y, H:i')}"


@admin.register(ApprovalEnd)
class ApprovalEndAdmin(EvidenceAdmin):
    list_display = ["approval", "why", "reason", "ended_at", "actor_name"]
    list_filter = ["why"]
    list_select_related = ["approval__offer__engagement"]
    search_fields = ["approval__engagement__reference", "reason"]
    date_hierarchy = "ended_at"
    readonly_fields = ["actor_name"]


@admin.register(Delivery)
class DeliveryAdmin(EvidenceAdmin):
    list_display = ["approval", "text", "delivered_at", "actor_name"]
    list_filter = ["delivered_at"]
    list_select_related = ["approval__offer__engagement"]
    search_fields = ["approval__engagement__reference", "text"]
    date_hierarchy = "delivered_at"
    readonly_fields = ["actor_name"]


@admin.register(ApprovalBalance)
class ApprovalBalanceAdmin(EvidenceAdmin):
    list_display = ["approval", "cap", "used", "room", "work_until", "ended_at"]
    list_select_related = ["approval__offer__engagement"]
    search_fields = ["approval__engagement__reference"]


@admin.register(EvidenceLink)
class EvidenceLinkAdmin(EvidenceAdmin):
    list_display = ["legal_entity", "seq", "kind", "subject_id", "link_hash"]
    list_filter = ["legal_entity", "kind"]
    list_select_related = ["legal_entity"]
    search_fields = ["text"]
    exclude = ["hash"]
    readonly_fields = ["link_hash"]

    @admin.display(description=_("hash"))
    def link_hash(self, link):
        return self.hashed(link.hash)
