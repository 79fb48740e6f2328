"""A customer's own pages of major incident reports: what was issued, and nothing before that."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from escalations import report_pages, reporting
from escalations.models import IncidentReport, Outage
from support import pdf, saying
from support.downloads import as_download
from support.models import Contact, Customer
from support.refusal import Refused

PER_PAGE = 25


@require_safe
def own_report_list(request):
    found = IncidentReport.objects.told_to(request.user).select_related("outage", "ticket")
    page = Paginator(found.order_by("-ended_at", "-id"), PER_PAGE).get_page(request.GET.get("page"))
    now = timezone.now()
    rows = [(report, saying.here(report.over_since, now)) for report in page]
    return render(request, "escalations/own_report_list.html", {"page": page, "rows": rows})


@require_safe
def own_report(request, number):
    version = reporting.issued_of(_report(request, number))
    facts = report_pages.issued(version, timezone.get_current_timezone())
    if outage := version.report.outage_id:  # whoever raised a ticket behind it may not read it
        facts["reads_outage"] = Outage.objects.told_to(request.user).filter(pk=outage).exists()
    return render(request, "escalations/own_report.html", facts)


@require_safe
def own_report_pdf(request, number):
    """The bytes that were mailed to his company, not made anew: a page that is only read makes nothing."""
    version = reporting.issued_of(_report(request, number))
    seen = Customer.objects.visible_to(request.user)
    own = Contact.objects.filter(user=request.user, active=True).values("customer")
    papers = version.papers.filter(customer__in=seen).select_related("file")
    paper = papers.filter(customer__in=own).first() or papers.order_by("pk").first()
    if paper is None:
        raise Refused(pdf.lacking() or _("This PDF is being made: come again in a minute."))
    return as_download(HttpResponse(paper.content(), content_type="application/pdf"), paper.file.name)


def _report(request, number) -> IncidentReport:
    rows = IncidentReport.objects.told_to(request.user).select_related("outage", "ticket")
    return get_object_or_404(rows, number=number)
