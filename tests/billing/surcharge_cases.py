"""An approved offer with surcharges: 50 % out of hours ($125.00), on site as wanted; hours are Monday to Friday, 09:00 to 17:00 UTC."""

from billing.models import Surcharge
from support.models import CalendarVersion
from tests.billing.billing_cases import at, rate_card, set_clock, world
from tests.factories import TESTS

OFFICE = {
    "calendar": {
        "code": "office",
        "name": "Office",
        "zone": "UTC",
        "document": "d",
        "section": "s",
        "hours": {day: ["09:00-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")},
    },
    "holidays": [],
}


def office(**data) -> CalendarVersion:
    number = CalendarVersion.objects.filter(name="office").count() + 1
    row = CalendarVersion(name="office", version=number, sha256=f"{number:064}", added_at=at(0))
    row.data, row.actor = {**OFFICE, **data}, TESTS
    row.save(force_insert=True)
    return row


def surcharge(card, what, how, amount, calendar=None) -> Surcharge:
    if calendar is None and what == "out_of_hours":
        calendar = CalendarVersion.objects.filter(name="office").first() or office()
    row = Surcharge(card=card, what=what, how=how, amount=amount, calendar=calendar)
    row.by(TESTS).save()
    return row


def surcharged(*, on_site="", amount="40.00", visits=0, night="50", **fields):
    """The world of tests with these surcharges; it is 15 October, 18:00."""
    card = rate_card(**fields.pop("card", {}))
    if night:
        surcharge(card, "out_of_hours", "per_cent", night)
    if on_site:
        surcharge(card, "on_site", on_site, amount)
    w = world(card=card, visits=visits, **fields)
    set_clock(at(18, day=15))
    return w
