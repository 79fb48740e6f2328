"""Addresses that no page of ours writes, and cookies that it never set: never a 500."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address",
    [
        "/tickets/SR-%00/",
        "/engagements/%00/",
        "/invoices/%00/2026-10/",
        "/tickets/new/?customer=%00",
        "/tickets/?q=%00",
        "/tickets/?after=~²",
        "/tickets/?after=2026-01-01T00:00:00~99999999999999999999999",
        "/invoices/INV-2026-²/",
        "/invoices/INV-2026-99999999999999999999/",
        "/invoices/INV/9999-12/",
        "/invoices/INV/0001-01/",
        "/reviews/northwind/9999-12/",
        "/reviews/northwind/2026-²/",
    ],
)
def test_an_odd_address_is_answered(client, cast, address):
    for person in [cast.ana, cast.fin, cast.max]:
        client.force_login(person)
        assert client.get(address).status_code in (200, 400, 403, 404)


@pytest.mark.parametrize("address", ["/", "/accounts/login/", "/tickets/", "/nowhere/"])
@pytest.mark.parametrize("name", ["countersign", "csrftoken", "messages"])
def test_a_cookie_with_a_nul_is_no_session(client, cast, name, address):
    plain, odd = (
        client.get(address, headers={"cookie": cookie}) for cookie in ("", rf'{name}="aaaa\000bbbb"')
    )
    assert odd.status_code == plain.status_code in (200, 302, 404)
    assert odd.headers.get("Location") == plain.headers.get("Location")
