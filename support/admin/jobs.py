"""Background work as the queue holds it: what waits, what runs, what has failed and may be tried again."""

from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from procrastinate.contrib.django import admin as queue  # imported so that theirs is registered before ours
from procrastinate.contrib.django.models import ProcrastinateJob

from support import jobs
from support.admin.base import ViewOnly

admin.site.unregister(ProcrastinateJob)


@admin.register(ProcrastinateJob)
class JobAdmin(ViewOnly):
    list_display = ["id", "task_name", "args", "status", "attempts", "scheduled_at", "queue_name"]
    list_filter = ["status", "task_name", "queue_name"]
    search_fields = ["task_name"]
    ordering = ["-id"]
    actions = ["try_again"]
    inlines = [queue.ProcrastinateEventInline]

    def has_retry_permission(self, request):
        return request.user.has_perm("procrastinate.change_procrastinatejob")

    @admin.action(description=_("Try the failed ones again"), permissions=["retry"])
    def try_again(self, request, queryset):
        failed = list(queryset.filter(status="failed"))
        for job in failed:
            jobs.try_again(job.id)
        told = ngettext("%d job is queued again.", "%d jobs are queued again.", len(failed)) % len(failed)
        self.message_user(request, told, messages.SUCCESS if failed else messages.WARNING)
