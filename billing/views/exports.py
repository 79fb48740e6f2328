"""Finance's files: written once from a month's issued invoices, compared, downloaded again byte for byte, voided with a reason."""

from django.contrib import messages
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing import exporting, reconciling
from billing.formats import PROFILES
from billing.forms.invoices import VoidForm
from billing.models import ExportBatch, ExportFile
from billing.views.invoices import found
from billing.views.verbs import carried_out
from support.actors import Actor
from support.downloads import as_download
from support.once import once

SHOWN = 200  # invoices of a comparison


@require_POST
@once
def month_export(request, series, month):
    """Write the files of what was not exported yet; they are kept, and come again from their own addresses."""
    entity, first = found(series, month)
    profile = request.POST.get("format", "generic")
    done = exporting.export(entity, first, profile, by=Actor.of(request.user), at=timezone.now())
    if done.again:
        messages.info(
            request, _("Everything was exported already: the files below are the same, byte for byte.")
        )
    return redirect("billing:month-page", series, month)


@require_safe
def export_page(request, number):
    return _page(request, _batch(number), VoidForm())


@require_POST
@once
def export_void(request, number):
    batch, form = _batch(number), VoidForm(request.POST)
    if carried_out(request, form, lambda said, by, at: exporting.void(batch, **said, by=by, at=at)):
        messages.success(request, _("Voided: its invoices are to be exported again."))
        return redirect("billing:export-page", number)
    return _page(request, _batch(number), form, status=422)  # without what was not written


@require_safe
def export_download(request, number, place):
    files = ExportFile.objects.select_related("batch__legal_entity")
    file = get_object_or_404(files, batch=number, number=place)
    batch = file.batch
    response = StreamingHttpResponse(file.content(), content_type="text/csv; charset=utf-8")
    name = f"invoices-{batch.legal_entity.number_series}-{batch.month:%Y-%m}-{batch.profile}-{batch.pk}{file.suffix}.csv"
    response["Content-Length"] = file.size
    return as_download(response, name)


def _batch(number: int) -> ExportBatch:
    return get_object_or_404(ExportBatch.objects.select_related("legal_entity", "void"), pk=number)


def _page(request, batch, form, status=200):
    compared, total = reconciling.compare(batch)
    differing = [one for one in compared if one.differs]
    agreeing = [one for one in compared if not one.differs]
    files = list(batch.files.order_by("number"))
    for file in files:
        file.hash = bytes(file.sha256).hex()
    context = {
        "batch": batch,
        "title": PROFILES[batch.profile].title,
        "void": getattr(batch, "void", None),
        "files": files,
        "compared": [_shown(one) for one in [total, *differing, *agreeing][: SHOWN + 1]],
        "differences": len(differing),
        "cut": SHOWN if len(compared) > SHOWN else None,
        "form": form,
    }
    return render(request, "billing/export_page.html", context, status=status)


def _shown(one: reconciling.Compared) -> tuple:
    sources = [(_("Time"), one.entries), (_("Lines"), one.lines), (_("Files"), one.file)]
    return one.number, one.differs, [(name, *_told(figures)) for name, figures in sources]


def _told(figures: reconciling.Figures) -> list[str]:
    minutes = "–" if figures.minutes is None else f"{figures.minutes:,}"
    money = [figures.net, figures.tax, figures.gross]
    return [minutes, *("–" if each is None else f"{each:,.2f}" for each in money)]
