"""Statements of work: a further version, and each version as HTML and PDF; for the desk, and for whoever is asked."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing import stating
from billing.forms import engagements as forms
from billing.models import Engagement, StatementOfWork
from billing.views.answers import private
from billing.views.engagements import found, show
from billing.views.stale import attempted, renew
from support import pdf
from support.downloads import as_download
from support.once import once
from support.refusal import Refused


@require_POST
@once
def statement_write(request, reference):
    engagement = found(request, reference)
    form = forms.StatementWriteForm(request.POST, auto_id="statement_%s")
    status = attempted(request, form, lambda said, by, at: stating.write(engagement, **said, by=by, at=at))
    if status == 302:
        messages.success(request, _("Written. The next offer names it."))
        return redirect("billing:engagement-page", reference)
    other = stating.newest(engagement) if status == 409 else None
    if other:
        renew(form, base=other.version)
    return show(request, engagement, status=status, statement=form, other=other)


@require_safe
def statement_page(request, reference, version):
    engagement = found(request, reference)
    statement = get_object_or_404(StatementOfWork, engagement=engagement, version=version)
    context = {
        "engagement": engagement,
        "statement": statement,
        "document": stating.shown(statement),
        "sha256": bytes(statement.sha256).hex(),
        "offers": statement.offers.order_by("number"),
    }
    return render(request, "billing/statement_page.html", context)


@require_safe
def statement_pdf(request, reference, version):
    return _pdf(get_object_or_404(StatementOfWork, engagement=found(request, reference), version=version))


@require_safe
def own_statement_pdf(request, reference, version):
    """Of an offer that was sent: a version that nobody offered is the desk's own."""
    engagement = get_object_or_404(Engagement.objects.visible_to(request.user), reference=reference)
    offered = StatementOfWork.objects.filter(offers__isnull=False).distinct()
    return _pdf(get_object_or_404(offered, engagement=engagement, version=version))


@require_safe
@private
def offer_statement(request, invitation, token):
    """What the offer of this link names."""
    return _pdf(get_object_or_404(StatementOfWork, offers=invitation.offer))


def _pdf(statement: StatementOfWork) -> HttpResponse:
    try:
        content = stating.as_pdf(statement)
    except pdf.NotPossible as why:
        raise Refused(f"{why}") from why
    name = f"statement-of-work-{statement.engagement.reference}-{statement.version}.pdf"
    return as_download(HttpResponse(content, content_type="application/pdf"), name)
