"""How much of a client's address is counted, and how much a log needs."""

import pytest

from portal.rules.accounts.networks import UNREADABLE, is_loopback, network_of, region_of


@pytest.mark.parametrize(
    ("address", "network", "region"),
    [
        ("203.0.113.77", "203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3::9", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("::ffff:203.0.113.77", "203.0.113.77", "203.0.113.0/24"),
        ("203.0.113.77:50123", "203.0.113.77", "203.0.113.0/24"),
        ("[2001:db8:1:2:3::9]:50123", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("[2001:db8:1:2:3::9]", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("[::ffff:203.0.113.77]:1", "203.0.113.77", "203.0.113.0/24"),
        ("fe80::1%eth0", "fe80::/64", "fe80::/48"),
        ("203.0.113.77:x", UNREADABLE, UNREADABLE),
        ("[203.0.113.77", UNREADABLE, UNREADABLE),
        ("203.0.113.077", UNREADABLE, UNREADABLE),
        ("status=200 x", UNREADABLE, UNREADABLE),
        ("", UNREADABLE, UNREADABLE),
    ],
)
def test_the_network_that_is_counted_and_the_one_that_is_logged(address, network, region):
    assert network_of(address) == network
    assert region_of(network) == region


@pytest.mark.parametrize(
    ("address", "is_so"),
    [("127.0.0.1", True), ("127.8.9.1", True), ("::1", True), ("::ffff:127.0.0.1", True), ("10.0.0.1", False), ("localhost", False)],
)
def test_loopback(address, is_so):
    assert is_loopback(address) is is_so
