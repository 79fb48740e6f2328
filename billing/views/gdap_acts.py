"""What managers do with relationships: take a file of them in, and have Microsoft create, lock, extend or end one."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from billing import gdap_acts, gdap_csv
from billing.forms import gdap as forms
from billing.graph.client import Graph
from billing.views.gdap import found, show_list, show_page
from billing.views.verbs import carried_out
from support.desk.csv_log import NotALog
from support.once import once
from support.refusal import Refused

SHOWN = 20  # rejected rows named
LOST = gettext_lazy(
    "It may have been done: Microsoft’s answer was lost, or somebody else was writing what he read. That you asked for it is kept; see "
    "what the next reading says before you ask again."
)


@require_POST
@once
def gdap_upload(request):
    """Looks only, where that is asked for; else the rows that can be read are taken in."""
    form, loaded = forms.GdapUploadForm(request.POST, request.FILES, auto_id="upload_%s"), []

    def take_in(said, by, at):
        loaded.append(_load(said["file"][0]))
        if "look" not in request.POST:
            gdap_csv.take_in(loaded[0], seen_at=said["seen_at"], by=by, at=at)

    done = carried_out(request, form, take_in)
    if not done or "look" in request.POST:
        file = loaded[0] if loaded else None
        return show_list(request, status=200 if done else 422, upload=form, opened="upload", file=file)
    taken = len(loaded[0].told)
    messages.success(
        request,
        ngettext("%(n)d relationship taken in.", "%(n)d relationships taken in.", taken) % {"n": taken},
    )
    for row in loaded[0].rejected[:SHOWN]:
        messages.warning(
            request, _("Line %(line)d was not taken: %(why)s.") % {"line": row.line, "why": row.reason}
        )
    return redirect("billing:gdap-list")


def _load(upload) -> gdap_csv.GdapList:
    try:
        return gdap_csv.load(upload.read(), upload.name)
    except NotALog as refused:
        raise Refused(f"{refused}", "file") from refused


@require_POST
@once
def gdap_create(request):
    form, made = forms.GdapCreateForm(request.POST, auto_id="create_%s"), []

    def create(said, by, at):
        customer = said.pop("customer")
        made.append(gdap_acts.create(_graph(), customer, **said, by=by, at=at))

    if carried_out(request, form, create):
        if made[0]:
            return redirect("billing:gdap-page", made[0].pk)
        messages.warning(request, LOST)
        return redirect("billing:gdap-list")
    return show_list(request, status=422, create=form)


@require_POST
@once
def gdap_lock(request, number):
    return _act(request, number, "lock", gdap_acts.lock, _("It is locked: send the customer the link now."))


@require_POST
@once
def gdap_end(request, number):
    return _act(request, number, "end", gdap_acts.end, _("Microsoft was asked to end it."))


@require_POST
@once
def gdap_delete(request, number):
    return _act(request, number, "delete", gdap_acts.delete, _("The draft is deleted."))


@require_POST
@once
def gdap_extend(request, number):
    done = _("Switched; the next reading shows it.")
    return _act(request, number, "extend", gdap_acts.extend, done, forms.GdapExtendForm)


def _act(request, number, name, verb, done, form_class=forms.GdapReasonForm):
    row, form, answered = found(number), form_class(request.POST, auto_id=f"{name}_%s"), []

    def act(said, by, at):
        answered.append(verb(_graph(), row, **said, by=by, at=at))

    if carried_out(request, form, act):
        messages.success(request, done) if answered[0] else messages.warning(request, LOST)
        return redirect("billing:gdap-page", number)
    return show_page(request, row, status=422, **{name: form})


def _graph() -> Graph:
    """Asked once only: somebody waits for this page."""
    if graph := Graph.configured(tries=1, timeout=(5, 15)):
        return graph
    raise Refused(_("No app registration is set up: follow the steps in Partner Center."))
