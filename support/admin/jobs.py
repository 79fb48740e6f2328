"""Background work as the queue holds it: what waits, what runs, what has failed and may be tried again."""

from django.contrib import admin, messages
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from procrastinate.contrib.django import admin as queue  # imported so that theirs is registered before ours
from procrastinate.contrib.django.models import ProcrastinateJob

from support import jobs, troubled
from support.admin.base import ViewOnly

admin.site.unregister(ProcrastinateJob)


class TroubleFilter(admin.SimpleListFilter):
    """Failed for good, or stalled: what a manager's morning counts."""

    title = _("trouble")
    parameter_name = troubled.PARAMETER

    def lookups(self, request, model_admin):
        return [(troubled.YES, _("Failed or stalled"))]

    def queryset(self, request, queryset):
        return queryset.filter(troubled.jobs(timezone.now())) if self.value() == troubled.YES else queryset


@admin.register(ProcrastinateJob)
class JobAdmin(ViewOnly):
    list_display = ["id", "task_name", "args", "status", "attempts", "scheduled_at", "queue_name"]
    list_filter = [TroubleFilter, "status", "task_name", "queue_name"]
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
