"""What happens to every request: headers, zone, second factor, roles, refusals."""

import zoneinfo

from csp.middleware import CSPMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils import timezone

from config import simulation
from support import roles
from support.refusal import Refused


class ContentSecurity(CSPMiddleware):
    """Scripts come from the static path alone, never from the whole origin: an upload can never be one."""

    def get_policy_parts(self, request, response, report_only=False):
        parts = super().get_policy_parts(request, response, report_only)
        parts.replace = {"script-src": [request.build_absolute_uri(static(""))], **(parts.replace or {})}
        return parts


def readers_zone(get_response):
    """Pages show the reader's zone; inside everything is UTC."""

    def middleware(request):
        zone = request.user.time_zone if request.user.is_authenticated else "UTC"
        with timezone.override(zoneinfo.ZoneInfo(zone)):
            return get_response(request)

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
    return user.authenticator_set.exists() or bool(simulation.why())


class RolesMiddleware:
    """Asks the table of roles before every view: a page that it does not know opens for nobody."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        allowed = roles.of_page(request.resolver_match.view_name)
        if allowed == roles.PUBLIC:
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if allowed == roles.SIGNED_IN or (
            allowed and (request.user.is_superuser or allowed & request.user.roles)
        ):
            return None
        if not request.user.is_staff:
            raise Http404  # the desk's pages are out of a customer's sight
        raise PermissionDenied


class Refusals:
    """A rule said no: its sentence, with status 409, and nothing changed."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, error):
        if isinstance(error, Refused):
            return render(request, "409.html", {"sentence": error.sentence}, status=409)
        return None
