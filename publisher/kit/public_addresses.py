"""Which addresses are the public Internet's, and which are somebody's own."""

from __future__ import annotations

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

#: What `is_global` lets through, at least in some versions of Python: the prefixes that can hold
#: a private IPv4 address, and those that are nobody's.
#: https://www.iana.org/assignments/iana-ipv6-special-registry and iana-ipv4-special-registry,
#: read 2026-11-22
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(network)
    for network in (
        "192.0.0.0/24",  # a cloud's metadata service is in it
        "192.88.99.0/24",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2001::/23",
        "2002::/16",
        "fec0::/10",
    )
)


def is_public(address: Address) -> bool:
    """Say whether an address is one of the public Internet's.

    Private, loopback, link-local (169.254.169.254 gives clouds' credentials), carrier-grade
    NAT, multicast and reserved addresses are not, in whatever notation they come.
    """
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address.scope_id is not None:
            return False
    if any(address in network for network in _NOT_PUBLIC):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved
