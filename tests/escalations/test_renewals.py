"""A renewal ends no outage: whose it is goes by holder, days and products, as they were agreed."""

from datetime import date

import pytest
from django.urls import reverse

from escalations import outages
from support import versions
from support.models import ContractLine
from tests.escalations.outage_cases import act
from tests.escalations.test_uptimes import contract as contract
from tests.escalations.test_uptimes import down, month
from tests.factories import TESTS, ContractFactory, ProductFactory
from tests.support.desk_cases import utc

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 1)
AGREED = "2026-10-02 09:00"
LATER = "2026-12-10 09:00"


def from_november(contract, service="enghouse-premium", product=None, holder=None, at=AGREED):
    """Another contract of the same holder and product from 1 November on, unless said otherwise."""
    made = ContractFactory.build(
        holder=holder or contract.holder,
        bill_to=contract.bill_to,
        legal_entity=contract.legal_entity,
        starts_on=NOVEMBER,
        support_service=versions.latest(service),
    )
    made.by(TESTS, utc(at)).save()
    line = ContractLine(contract=made, product=product or contract.lines.first().product, deployment="cloud")
    line.by(TESTS, utc(at)).save()
    return made


def ended(contract, at=AGREED, on=date(2026, 10, 31)):
    contract.ends_on = on
    contract.by(TESTS, utc(at)).save()


@pytest.mark.parametrize("service", ["enghouse-premium", "enghouse-standard"])
def test_an_outage_goes_on_in_the_contract_that_renews_the_one_it_hit(cast, now, contract, service):
    """Under another plan too."""
    ended(contract)
    renewed = from_november(contract, service)
    elsewhere = from_november(contract, service, holder=cast.tailspin)
    down(cast, now, contract, "2026-10-31 20:00", "2026-11-01 20:00")
    assert (month(contract).down, month(renewed, NOVEMBER).down) == ("4 h", "20 h")
    assert month(elsewhere, NOVEMBER).hits == ()


def test_one_declared_after_the_renewal_counts_in_the_renewed_one_from_when_it_began(cast, now, contract):
    ended(contract)
    renewed = from_november(contract)
    row = down(cast, now, renewed, "2026-11-01 08:00", began_at=utc("2026-10-31 12:00"))
    act(outages.resolve, row, cast, now, "2026-11-01 10:00")
    assert (month(contract).down, month(renewed, NOVEMBER).down) == ("12 h", "10 h")
    assert [hit.outage for hit in month(contract).hits] == [row]


def test_what_is_agreed_later_of_either_rewrites_no_past_month(cast, now, contract):
    ended(contract)
    renewed = from_november(contract)
    down(cast, now, contract, "2026-10-31 20:00", "2026-11-01 20:00")
    now(LATER)
    for field, value in [
        ("support_service", versions.latest("microsoft-o365-dedicated")),
        ("ends_on", None),
        ("ends_on", date(2026, 12, 31)),
    ]:
        contract.refresh_from_db()
        setattr(contract, field, value)
        contract.by(TESTS, utc("2026-12-09 09:00")).save()
        assert month(renewed, NOVEMBER, LATER).down == "20 h"


def test_a_further_contract_beside_one_that_goes_on_renews_nothing(cast, now, contract):
    down(cast, now, contract, "2026-10-31 20:00", "2026-11-05 20:00")
    assert month(from_november(contract), NOVEMBER).hits == ()
    ended(contract, on=NOVEMBER)
    assert month(from_november(contract), NOVEMBER).hits == ()


def test_a_contract_of_other_products_renews_nothing(cast, now, contract):
    ended(contract)
    other = from_november(contract, product=ProductFactory())
    down(cast, now, contract, "2026-10-31 20:00", "2026-11-05 20:00")
    assert month(other, NOVEMBER).hits == ()


def test_of_several_products_the_one_goes_on_that_was_hit(cast, now, contract):
    ended(contract)
    renewed = from_november(contract, "enghouse-standard")
    more = ContractLine(contract=renewed, product=ProductFactory(), deployment="cloud")
    more.by(TESTS, utc(AGREED)).save()
    kept = contract.lines.get().product
    down(cast, now, contract, "2026-10-31 20:00", "2026-11-01 02:00", product=kept)
    hit = down(cast, now, renewed, "2026-11-01 03:00", product=more.product, began_at=utc("2026-10-31 12:00"))
    act(outages.resolve, hit, cast, now, "2026-11-01 04:00")
    assert (month(contract).down, month(renewed, NOVEMBER).down) == ("4 h", "4 h")


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Australia/Sydney"])
def test_a_contract_since_the_first_day_of_all_is_shown_east_of_greenwich(client, cast, now, contract, zone):
    cast.northwind.time_zone = zone
    cast.northwind.by(TESTS).save()
    down(cast, now, contract, "2026-10-30 20:00", "2026-10-30 21:00")
    beside = from_november(contract)
    beside.starts_on = date.min
    beside.by(TESTS, utc(AGREED)).save()
    now("2026-11-10 09:00")
    client.force_login(cast.max)
    page = client.get(reverse("escalations:availability-list"), {"month": "2026-10"})
    assert page.status_code == 200
    review = client.get(reverse("escalations:review-page", args=[cast.northwind.code, "2026-10"]))
    assert review.status_code == 200
