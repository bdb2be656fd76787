"""Whose requests are counted together."""

import ipaddress


def network_of(address: str) -> str:
    """An IPv4 address, or the /64 network of an IPv6 address, because one customer has a whole /64."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else str(parsed)
