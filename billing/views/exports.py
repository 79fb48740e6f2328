"""Finance's files: written once from a month's issued invoices, downloaded again byte for byte."""

from django.contrib import messages
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing import exporting
from billing.models import ExportFile
from billing.views.invoices import FORMAT, found
from support.actors import Actor
from support.once import once


@require_POST
@once
def month_export(request, series, month):
    """Write the file of what was not exported yet; it is kept, and comes again from its own address."""
    entity, first = found(series, month)
    done = exporting.export(entity, first, FORMAT, by=Actor.of(request.user), at=timezone.now())
    if done.again:
        messages.info(
            request, _("Everything was exported already: the file below is the same, byte for byte.")
        )
    return redirect("billing:month-page", series, month)


@require_safe
def export_download(request, number, place):
    file = get_object_or_404(
        ExportFile.objects.select_related("batch__legal_entity"), batch=number, number=place
    )
    batch = file.batch
    response = StreamingHttpResponse(file.content(), content_type="text/csv; charset=utf-8")
    name = f"invoices-{batch.legal_entity.number_series}-{batch.month:%Y-%m}-{batch.profile}-{batch.pk}{file.suffix}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Length"] = file.size
    response["X-Content-Type-Options"] = "nosniff"
    return response
