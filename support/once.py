"""`@once`: a form that is sent twice acts once. The page puts a key into the form; the key is written with the act."""

import hashlib
import uuid
from functools import wraps

from django.db import IntegrityError, OperationalError, transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from support.models import Submission
from support.refusal import BUSY, Refused

FIELD = "submission"


class _NotDone(Exception):
    """The view answered with its form again: nothing was done, and the key is still good."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response


def key_input() -> SafeString:
    """The field with a new key, for one form of a page."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, uuid.uuid4())


def once(view):
    """Same key and body again: the same answer. Another body: refused. At once: one acts, the other waits for it, though not for
    longer than any lock is waited for.

    The view runs in a transaction; only its redirect counts as done. A form without a key is refused.
    """

    @wraps(view)
    def guarded(request, *args, **kwargs):
        try:
            key = uuid.UUID(request.POST.get(FIELD, ""))
        except ValueError:
            raise Refused(_("This form has no key: open the page again and send it from there.")) from None
        try:
            with transaction.atomic():
                return _act(view, key, request, args, kwargs)
        except _NotDone as not_done:
            return not_done.response

    return guarded


def _act(view, key, request, args, kwargs):
    body = hashlib.sha256(_body(request).encode()).hexdigest()
    user = request.user if request.user.is_authenticated else None
    claim = Submission(key=key, user=user, path=request.path[:300], body_sha256=body, location="")
    try:
        with transaction.atomic():  # a key in another transaction: waits until that one ends
            claim.save(force_insert=True)
    except IntegrityError:
        return _again(claim)
    except OperationalError as error:
        if isinstance(error.__cause__, BUSY):
            raise Refused(
                _(
                    "This form was sent a moment ago and is still at work: wait a little, then look what came of it."
                )
            ) from error
        raise
    response = view(request, *args, **kwargs)
    if response.status_code not in (302, 303):
        raise _NotDone(response)
    claim.location = response["Location"][:300]
    claim.save(update_fields=["location"])
    return response


def _again(claim: Submission):
    first = Submission.objects.get(key=claim.key)
    if (first.user_id, first.path, first.body_sha256) != (claim.user_id, claim.path, claim.body_sha256):
        raise Refused(
            _("This form was sent already, with other words in it: open the page again to send more.")
        )
    return redirect(first.location)


def _body(request) -> str:
    fields = sorted(
        (name, request.POST.getlist(name)) for name in request.POST if name != "csrfmiddlewaretoken"
    )
    files = sorted(
        (name, [(f.name, _hash(f)) for f in request.FILES.getlist(name)]) for name in request.FILES
    )
    return repr((fields, files))


def _hash(upload) -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()
