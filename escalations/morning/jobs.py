"""Work in the background that failed for good, or whose worker is gone."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from procrastinate.contrib.django.models import ProcrastinateJob

from escalations.morning.section import BAD, Line, Section, first
from support import troubled
from support.models import User


def in_trouble(user: User, at: datetime) -> Section:
    rows = ProcrastinateJob.objects.filter(troubled.jobs(at)).order_by("id")
    count, lines = first(rows, _line)
    listed = reverse("admin:procrastinate_procrastinatejob_changelist")
    return Section(
        "jobs",
        _("Work in the background"),
        ngettext("job failed or stalled", "jobs failed or stalled", count),
        "alert",
        BAD,
        f"{listed}?{troubled.PARAMETER}={troubled.YES}",
        count,
        lines,
    )


def _line(job: ProcrastinateJob) -> Line:
    mark = _("failed") if job.status == troubled.FAILED else _("stalled")
    about = _("Job %(id)d, tried %(attempts)d times.") % {"id": job.pk, "attempts": job.attempts}
    url = reverse("admin:procrastinate_procrastinatejob_change", args=[job.pk])
    return Line(url, job.task_name, about, mark)
