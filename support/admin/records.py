"""Files and mail as they went through the house."""

from django.contrib import admin, messages
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from support.admin.base import ViewOnly
from support.mail import outbox
from support.models import File, Mail


@admin.register(File)
class FileAdmin(ViewOnly):
    list_display = ["name", "customer", "visibility", "size", "added_at", "actor_name"]
    list_filter = ["visibility"]
    list_select_related = ["customer"]
    search_fields = ["name", "customer__name", "sha256"]
    date_hierarchy = "added_at"
    fields = [
        "name",
        "download",
        "customer",
        "visibility",
        "content_type",
        "size",
        "sha256",
        "added_at",
        "actor_name",
    ]
    readonly_fields = fields

    @admin.display(description=_("file"))
    def download(self, file):
        return format_html(
            '<a href="{}">{}</a>', reverse("support:file-download", args=[file.key]), _("Download")
        )


@admin.register(Mail)
class MailAdmin(ViewOnly):
    list_display = ["subject", "recipients", "customer", "state", "tries", "queued_at", "sent_at"]
    list_filter = ["state"]
    list_select_related = ["customer"]
    search_fields = ["subject", "to", "customer__name", "message_id"]
    date_hierarchy = "queued_at"
    actions = ["send_again"]
    fields = [
        "subject",
        "recipients",
        "customer",
        "state",
        "error",
        "tries",
        "queued_at",
        "sent_at",
        "message_id",
        "key",
        "text",
        "files",
    ]
    readonly_fields = fields

    def has_send_permission(self, request):
        return request.user.has_perm("support.change_mail")

    @admin.display(description=_("to"))
    def recipients(self, mail):
        return ", ".join(mail.to)

    @admin.action(description=_("Send again"), permissions=["send"])
    def send_again(self, request, queryset):
        failed = list(queryset.filter(state=Mail.State.FAILED))
        for mail in failed:
            outbox.send_again(mail)
        told = ngettext("%d mail is queued again.", "%d mails are queued again.", len(failed)) % len(failed)
        if not failed:
            told = _("None of these has failed: what is queued leaves by itself, what is sent stays sent.")
        self.message_user(request, told, messages.SUCCESS if failed else messages.WARNING)
