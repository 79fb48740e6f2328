"""What happens to every request: headers, zone, second factor, roles, refusals."""

import contextlib
import zoneinfo
from urllib.parse import urlsplit

from allauth.account.authentication import get_authentication_records
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, DisallowedHost, PermissionDenied
from django.http import Http404, HttpResponseForbidden
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control

from config import simulation
from support import roles
from support.refusal import Refused

# What a page sends back to say what it showed: no words of anybody's.
OURS = {
    "csrfmiddlewaretoken",
    "submission",
    "credential",
    "proof",
    "shown",
    "seen",
    "original",
    "was",
    "closing",
}
SECRET = ("password", "secret", "token")  # in the name of a field
A_WORD = 20  # letters; what is longer, or more than one word, is worth copying


class ContentSecurity(CSPMiddleware):
    """Scripts come from the static path alone, never from the whole origin: an upload can never be one."""

    def get_policy_parts(self, request, response, report_only=False):
        parts = super().get_policy_parts(request, response, report_only)
        paths = [settings.STATIC_URL]
        if getattr(request.resolver_match, "namespace", "") == "admin":
            paths.append(reverse("admin:jsi18n"))  # the admin's translations: a script that Django writes
        with contextlib.suppress(DisallowedHost):  # the page that says so needs no script
            sources = [request.build_absolute_uri(path) for path in paths]
            parts.replace = {"script-src": sources, **(parts.replace or {})}
        return parts


def no_nul(get_response):
    """PostgreSQL holds no NUL: an address with one is nobody's, and is refused before anything asks the database.

    A cookie can hold one too, written as "\\000" in quotes: it is none that we set, and counts as not sent.
    """

    def middleware(request):
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("an address holds no NUL")
        request.COOKIES = {name: text for name, text in request.COOKIES.items() if "\0" not in text}
        return get_response(request)

    return middleware


def readers_zone(get_response):
    """Pages speak the reader's language and show his zone; inside everything is UTC."""

    def middleware(request):
        user = request.user
        zone, locale = ("UTC", request.LANGUAGE_CODE) if user.is_anonymous else (user.time_zone, user.locale)
        with timezone.override(zoneinfo.ZoneInfo(zone)), translation.override(locale):
            request.LANGUAGE_CODE = translation.get_language()
            response = get_response(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
            return response

    return middleware


def second_factor(get_response):
    """Staff without a second factor are sent to set one up; a simulation does not ask for it."""

    def middleware(request):
        user = request.user
        if user.is_authenticated and user.is_staff and not _may_go_on(request, user):
            return redirect("mfa_index")
        return get_response(request)

    return middleware


def _may_go_on(request, user) -> bool:
    if request.path.startswith(("/accounts/", "/static/")):
        return True
    signed_in_by = {record["method"] for record in get_authentication_records(request)}
    return "mfa" in signed_in_by or bool(simulation.why()) or user.authenticator_set.exists()


class RolesMiddleware:
    """Asks the table of roles before every view: a page that it does not know opens for nobody."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if roles.may_open(request.user, request.resolver_match.view_name):
            return None
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        if not request.user.is_staff:
            raise Http404  # the desk's pages are out of a customer's sight
        raise PermissionDenied


def _to_sign_in(request):
    """To the sign-in and back; what was being sent is shown to be copied, for it cannot be sent after another sign-in."""
    if request.headers.get("HX-Request"):
        return HttpResponseForbidden()  # to a part that refreshes itself: its page says so and stays
    if request.method in ("GET", "HEAD"):
        return redirect_to_login(request.get_full_path())
    sign_in = redirect_to_login(_came_from(request) or reverse("home"))["Location"]
    facts = {"sign_in": sign_in, "typed": _typed(request)}
    return _unkept(render(request, "signed_out.html", facts, status=403))


def _came_from(request) -> str:
    """The address of the page of ours from which this was sent, without the host; empty where nobody knows."""
    try:
        came_from = urlsplit(request.headers.get("Referer", ""))
    except ValueError:  # it is no address
        return ""
    elsewhere = came_from.path.startswith("//")  # a link to another host
    if came_from.netloc != request.get_host() or elsewhere:
        return ""
    return f"{came_from.path}?{came_from.query}" if came_from.query else came_from.path


def _typed(request) -> list[str]:
    """What was being sent, to be copied. A script without spaces may say much in few letters."""
    values = [text for name in request.POST if _is_copied(name) for text in request.POST.getlist(name)]
    return [text for text in values if len(text) > A_WORD or len(text.split()) > 1 or not text.isascii()]


def _unkept(response):
    """No browser keeps what somebody has typed."""
    patch_cache_control(response, no_store=True)
    return response


def _is_copied(name: str) -> bool:
    return name not in OURS and not any(part in name.lower() for part in SECRET)


def forgotten_after(get_response):
    """Whoever signs out leaves no page behind that the browser would show to the next one."""

    def middleware(request):
        signed_in = request.user.is_authenticated
        response = get_response(request)
        if signed_in and not request.user.is_authenticated:
            response.headers["Clear-Site-Data"] = '"cache"'
        return response

    return middleware


class Refusals:
    """A rule said no: its sentence, with status 409, and nothing changed. What was typed is shown to be copied."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, error):
        if isinstance(error, Refused):
            back = _came_from(request) if request.method == "POST" else ""
            facts = {"sentence": error.sentence, "typed": _typed(request), "back": back}
            return _unkept(render(request, "409.html", facts, status=409))
        return None
