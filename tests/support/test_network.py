"""Where a request came from: what proxies write is read, what anybody can write is not."""

import pytest

from billing.codes import network_of
from support.network import address_of


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("198.51.100.7:4711", "198.51.100.7"),
        ("[2001:db8::7]:4711", "2001:db8::7"),
        ("2001:db8::7", "2001:db8::7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("192.0.2.66, 198.51.100.7", "198.51.100.7"),
        ("rubbish", None),
    ],
)
def test_what_the_proxy_wrote_is_read(rf, settings, forwarded, address):
    settings.TRUSTED_PROXIES = 1
    assert address_of(rf.get("/", headers={"X-Forwarded-For": forwarded})) == address


def test_without_a_proxy_nobody_names_himself(rf, settings):
    settings.TRUSTED_PROXIES = 0
    asked = rf.get("/", headers={"X-Forwarded-For": "192.0.2.66"}, REMOTE_ADDR="::ffff:198.51.100.7")
    assert address_of(asked) == "198.51.100.7"
    assert network_of(address_of(asked)) == "198.51.100.0/24"
