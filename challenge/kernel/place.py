"""Where somebody asks from, for limits: what one household or attacker has to itself."""

from __future__ import annotations

import ipaddress


def place_of(ip: str) -> str:
    """An address of IPv4, or the /64 network of one of IPv6."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return ip
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def is_within(ip: str, networks: tuple[str, ...]) -> bool:
    """Whether the address is one of these addresses or in one of these networks."""
    try:
        address = ipaddress.ip_address(ip)
        return any(address in ipaddress.ip_network(network) for network in networks)
    except ValueError:
        return ip in networks
