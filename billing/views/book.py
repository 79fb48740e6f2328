"""The book from files, for managers: look, confirm once, follow, take the rejected rows away."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from billing.book import sheet, uploads
from billing.forms.book import BookForm
from billing.models import BookImport
from support import saying
from support.once import once
from support.refusal import Refused

LISTED = 20  # the newest
BECOMES = {
    (False, "created"): _("would be new"),
    (False, "changed"): _("would change"),
    (True, "created"): _("new"),
    (True, "changed"): _("changed"),
}


@require_safe
def book_list(request):
    return _list(request, BookForm())


@require_POST
@once
def book_look(request):
    form = BookForm(request.POST, request.FILES)
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            run = uploads.ask(
                form.cleaned_data["kind"], upload.name, upload.read(), by=request.user, at=timezone.now()
            )
        except Refused as refused:
            form.add_error(refused.field or None, refused.sentence)
        else:
            return redirect("billing:book-page", run.pk)
    return _list(request, form, status=422)


@require_safe
def book_page(request, run):
    """While it is at work, the part that says how far it is fetches itself."""
    row, now = _found(run), timezone.now()
    facts = {
        "run": row,
        "asked": saying.here(row.asked_at, now),
        "confirmed": saying.here(row.confirmed_at, now) if row.confirmed_at else "",
        "told": _told(row),
    }
    template = "billing/_book.html" if request.htmx else "billing/book_page.html"
    response = render(request, template, facts)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_POST
@once
def book_take(request, run):
    uploads.confirm(_found(run), by=request.user, at=timezone.now())
    return redirect("billing:book-page", run)


@require_POST
@once
def book_remove(request, run):
    uploads.remove(_found(run))
    return redirect("billing:book-list")


@require_safe
def book_rejects(request, run):
    row = get_object_or_404(BookImport, pk=run)
    if not row.rejects:
        raise Http404
    name = slugify(row.name.removesuffix(".gz").removesuffix(".csv")) or row.kind
    return _file(bytes(row.rejects), f"{name}.rejects.csv")


@require_safe
def book_template(request, kind):
    if kind not in sheet.KINDS:
        raise Http404
    return _file(sheet.template(kind), f"{kind}.csv")


def _found(run: int) -> BookImport:
    rows = BookImport.objects.select_related("asked_by", "confirmed_by").defer("data", "rejects")
    return get_object_or_404(rows, pk=run)


def _told(run: BookImport) -> list[tuple]:
    """Lines with what becomes of them and about whom they are."""
    said = run.told["told"] if run.told else []
    return [(line, BECOMES[run.result is not None, outcome], about) for line, outcome, about in said]


def _file(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _list(request, form, status=200):
    now = timezone.now()
    rows = BookImport.objects.select_related("asked_by").defer("data", "rejects")
    shown = [(row, saying.here(row.asked_at, now)) for row in rows[:LISTED]]
    facts = {"form": form, "rows": shown, "kinds": BookImport.Kind.choices}
    return render(request, "billing/book_list.html", facts, status=status)
