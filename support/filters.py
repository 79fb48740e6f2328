"""What the queue can be narrowed to."""

from functools import cache

import django_filters
from django.utils.translation import gettext_lazy as _

from support.desk import finding
from support.forms.plain_select import PlainSelect
from support.models import ServiceVersion, Ticket, TicketState
from support.prepared import Prepared

STATES = [
    ("open", _("Open and waiting")),
    ("resolved", _("Resolved")),
    ("closed", _("Closed")),
    ("all", _("Any state")),
]


def services():
    """Each service once, by its newest name; asked when the form is shown."""
    return _services().rows()


@cache
def _services() -> Prepared:
    rows = ServiceVersion.objects.filter(kind="support").order_by("code", "-version").distinct("code")
    return Prepared(rows.values_list("code", "name"))


class QueueFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        choices=STATES, method="standing", empty_label=None, label=_("State"), widget=PlainSelect
    )
    service = django_filters.ChoiceFilter(
        choices=services,
        method="under",
        empty_label=_("All services"),
        label=_("Service"),
        widget=PlainSelect,
    )
    owner = django_filters.ChoiceFilter(
        choices=[("me", _("You")), ("nobody", _("Nobody"))],
        method="owned",
        empty_label=_("Anyone"),
        label=_("Owner"),
        widget=PlainSelect,
    )
    # The last, since it looks at the newest of what the others leave.
    q = django_filters.CharFilter(method="words", label=_("Search"))

    class Meta:
        model = Ticket
        fields = []

    def words(self, tickets, name, value):
        return finding.search(tickets, value.strip())

    def standing(self, tickets, name, value):
        if value == "open":
            return tickets.undone()
        return tickets if value == "all" else tickets.filter(state=TicketState(value))

    def under(self, tickets, name, value):
        return tickets.filter(service__code=value)

    def owned(self, tickets, name, value):
        return tickets.filter(owner=self.request.user if value == "me" else None)
