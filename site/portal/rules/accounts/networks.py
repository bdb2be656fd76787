"""Whose requests are counted together, and how much of a client's address a log needs."""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_interface, ip_network

UNREADABLE = "(unreadable)"
_WITH_PORT = re.compile(r"(?:\[(?P<v6>[^\]]{1,64})\]|(?P<v4>[0-9.]{7,15}))(?::[0-9]{1,5})?", re.ASCII)


def network_of(address: str) -> str:
    """An IPv4 address, or the /64 network of an IPv6 address, because one customer has a whole /64."""
    parsed = _parsed(address)
    if parsed is None:
        return UNREADABLE
    return str(parsed) if parsed.version == 4 else str(ip_network((parsed, 64), strict=False))


def region_of(network: str) -> str:
    """The /24 or /48 around what `network_of` returned: enough to see where load comes from, and no person's address."""
    if network == UNREADABLE:
        return UNREADABLE
    parsed = ip_interface(network).ip
    return str(ip_network((parsed, 24 if parsed.version == 4 else 48), strict=False))


def is_loopback(address: str) -> bool:
    parsed = _parsed(address)
    return parsed is not None and parsed.is_loopback


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    """Where one socket takes IPv6 and IPv4, an IPv4 client comes as ::ffff:192.0.2.7; all of them would be one /64.

    Some proxies add the port. With it each connection would be a client of its own, or all of them unreadable and so one.
    """
    with_port = _WITH_PORT.fullmatch(address)
    try:
        parsed = ip_address(with_port["v6"] or with_port["v4"] if with_port else address)
    except ValueError:
        return None
    return parsed.ipv4_mapped or parsed if isinstance(parsed, IPv6Address) else parsed
