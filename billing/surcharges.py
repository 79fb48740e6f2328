"""What an offer adds to its hourly rate: worked out of the rate card once, and what it comes to at most."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing import money
from billing.models import ContractRate, Offer, RateCard, Surcharge
from billing.money import Money
from support.calendars import plan
from support.catalogue.calendars import Calendar, Weekday
from support.clocks.calendar import BusinessCalendar
from support.models import CalendarVersion, Contract
from support.refusal import Refused

NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class Surcharges:
    """Money added to an hour, or for a visit; none is 0. `said` are the card's rows in words."""

    out_of_hours_rate: Decimal = NONE
    in_hours: CalendarVersion | None = None
    on_site_rate: Decimal = NONE
    visit_price: Decimal = NONE
    visits: int = 0
    said: tuple[str, ...] = ()

    def at_most(self, cap: int) -> Decimal:
        """All billed minutes out of hours and on site, and every visit."""
        hours = money.price(cap, self.out_of_hours_rate) + money.price(cap, self.on_site_rate)
        return hours + self.visits * self.visit_price


def of_card(rate: ContractRate, visits: int) -> Surcharges:
    """Those of the contract's card: on site only where `visits` are offered. Refused where the card knows none."""
    rows = {row.what: row for row in rate.card.surcharges.select_related("calendar")}
    if visits and Surcharge.What.ON_SITE not in rows:
        raise Refused(_("The rate card has no surcharge for work on site: leave the visits empty."), "visits")
    found = {}
    if night := rows.get(Surcharge.What.OUT_OF_HOURS):
        calendar = pinned(night.calendar, rate.contract)
        hourly = _hourly(night, rate.card)
        found |= {"out_of_hours_rate": hourly, "in_hours": calendar}
    if visits:
        site = rows[Surcharge.What.ON_SITE]
        by_visit = site.how == Surcharge.How.VISIT
        found |= {"visit_price": site.amount} if by_visit else {"on_site_rate": _hourly(site, rate.card)}
        found["visits"] = visits
    return Surcharges(**found, said=tuple(_words(rows, rate.card, found)))


def pinned(calendar: CalendarVersion, contract: Contract) -> CalendarVersion:
    """The contract's own calendar of that name, else its newest version."""
    if own := contract.calendars.filter(name=calendar.name).select_related("calendar").first():
        return own.calendar
    return CalendarVersion.objects.filter(name=calendar.name).order_by("-version")[0]


def calendar_of(offer: Offer) -> BusinessCalendar | None:
    """What is in hours by an offer; nothing where it knows no such surcharge."""
    version = offer.in_hours
    return plan.business_calendar(version.data, file=str(version)) if version else None


def _hourly(row: Surcharge, card: RateCard) -> Decimal:
    if row.how != Surcharge.How.PER_CENT:
        return row.amount
    if not (added := money.rounded(card.hourly_rate * row.amount / 100)):
        raise Refused(_("A surcharge of the rate card comes to nothing: correct it first."))
    return added


def _words(rows: dict[str, Surcharge], card: RateCard, found: dict):
    """As the customer reads them: the figure, what it is added to, and when."""
    if calendar := found.get("in_hours"):
        hours = plan.plan_of(calendar.data).calendar
        closed = calendar.data["holidays"] or calendar.data.get("closures")
        yield _("%(price)s more an hour%(share)s for work outside %(hours)s (%(zone)s)%(holidays)s.") % {
            "price": Money(found["out_of_hours_rate"], card.currency),
            "share": _share(rows[Surcharge.What.OUT_OF_HOURS]),
            "hours": weekly(hours),
            "zone": hours.zone,
            "holidays": _(", and on the holidays and closed days of that calendar") if closed else "",
        }
    if visits := found.get("visits"):
        most = ngettext("one visit", "%(n)d visits", visits) % {"n": visits}
        if price := found.get("visit_price"):
            words = _("%(price)s for each visit: a piece of work on site, %(most)s at most.")
            yield words % {"price": Money(price, card.currency), "most": most}
        else:
            words = _("%(price)s more an hour%(share)s for work on site, %(most)s at most.")
            share = _share(rows[Surcharge.What.ON_SITE])
            yield words % {"price": Money(found["on_site_rate"], card.currency), "share": share, "most": most}


def _share(row: Surcharge) -> str:
    if row.how != Surcharge.How.PER_CENT:
        return ""
    return " " + _("(%(share)s %%)") % {"share": f"{row.amount.normalize():f}"}


def weekly(calendar: Calendar) -> str:
    """ "Mon to Fri 06:00-18:00, Sat 08:00-12:00": days in a row with the same hours are one."""
    names = dict(
        zip(Weekday, (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")), strict=True)
    )
    runs: list[tuple[Weekday, Weekday, str]] = []
    for before, day in zip((None, *Weekday), Weekday, strict=False):
        hours = " ".join(str(window) for window in calendar.hours.get(day, ()))
        if runs and runs[-1][1] == before and runs[-1][2] == hours:
            runs[-1] = (runs[-1][0], day, hours)
        elif hours:
            runs.append((day, day, hours))
    spans = [
        names[first] if first == last else f"{names[first]} {_('to')} {names[last]}"
        for first, last, _h in runs
    ]
    return ", ".join(f"{span} {hours}" for span, (_first, _last, hours) in zip(spans, runs, strict=True))
