"""Cases that a vendor has let slip: a target of his was missed, and neither the case nor its ticket is done."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from escalations.models import VendorCase
from escalations.morning.section import WARN, Line, Section, first
from support import saying
from support.models import User


def missed(user: User, at: datetime) -> Section:
    rows = VendorCase.objects.visible_to(user).slipping(at).select_related("ticket__customer")
    count, lines = first(rows.order_by("missed_since", "id"), lambda row: _line(row, at))
    return Section(
        "vendors",
        _("A vendor missed its target"),
        ngettext("case where a vendor missed its target", "cases where a vendor missed its target", count),
        "globe",
        WARN,
        f"{reverse('escalations:vendor-list')}?missed=on",
        count,
        lines,
    )


def _line(row: VendorCase, at: datetime) -> Line:
    said = {
        "customer": row.ticket.customer.name,
        "vendor": row.get_party_display(),
        "state": row.get_state_display(),
    }
    about = _("%(customer)s, %(vendor)s. %(state)s.") % said
    since = _("since %(instant)s") % {"instant": saying.here(row.missed_since, at)}
    return Line(row.get_absolute_url(), row.number, about, since, row.missed_since)
