"""What a line of an invoice rests on: the page, and the evidence to take away."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from billing import tracing
from billing.money import Money
from support.downloads import as_download
from support.refusal import Refused


@require_safe
def line_trace(request, reference, position):
    line, found = _found(reference, position)
    offer, invoice = found.offer, found.line.invoice
    context = {
        "line": line,
        "found": found,
        "invoice": invoice,
        "net": Money(found.line.net, invoice.currency),
        "sha256": bytes(offer.sha256).hex(),
        "bytes": len(bytes(offer.document)),
        "most": Money(offer.amount, offer.currency),
        "minimum": Money(offer.minimum_charge, offer.currency),
        "counted": _shown(found.counted),
        "before": _shown(found.before),
        "links": [(link, bytes(link.hash).hex()) for link in found.links],
    }
    return render(request, "billing/line_trace.html", context)


@require_safe
def line_evidence(request, reference, position):
    _line, found = _found(reference, position)
    response = HttpResponse(tracing.bundle(found), content_type="application/zip")
    return as_download(response, f"evidence-{slugify(found.reference.replace('/', '-line-'))}.zip")


def _shown(lines):
    return [
        (each, f"{each.invoice.reference}/{each.position}", Money(each.net, each.invoice.currency))
        for each in lines
    ]


def _found(reference, position):
    try:
        line = tracing.line_named(f"{reference}/{position}")
    except Refused as refused:
        raise Http404(refused.sentence) from None
    return line, tracing.trace(line)
