"""Which addresses a webhook may be sent to: those of the public internet, and what a setting names beside them.

The ranges are those of the IANA registries of special-purpose addresses (RFC 6890 and what was added since), and a few
that clouds put services of their own on. Python's `is_global` is not asked: what it says differs between releases.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

REFUSED_V4: Final = tuple(
    IPv4Network(each)
    for each in (
        "0.0.0.0/8",  # this network; 0.0.0.0 reaches the machine itself
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by carriers (CGNAT); 100.100.100.200 is a cloud's metadata
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # a cloud's own services, at an address that looks public
        "169.254.0.0/16",  # link-local; 169.254.169.254 is the clouds' metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments; 192.0.0.192 is a cloud's metadata
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # automatic multicast tunnelling
        "192.88.99.0/24",  # relays of 6to4
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and the broadcast address
    )
)
PUBLIC_V6: Final = IPv6Network("2000::/3")
"""All of IPv6 that is given out as global unicast; what lies outside is refused: loopback, unspecified, link-local,
unique local, multicast, IPv4-mapped and -compatible, NAT64 (``64:ff9b::/96``, ``64:ff9b:1::/48``), discard-only, and
segment routing."""
REFUSED_V6: Final = tuple(
    IPv6Network(each)
    for each in (
        "2001::/23",  # protocol assignments: Teredo, benchmarks, ORCHID, and others
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which leads to any IPv4 address
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)


def is_public(address: Address) -> bool:
    """Whether an address is one of the public internet that no special purpose was given.

    >>> is_public(ip_address("93.184.215.14")), is_public(ip_address("::ffff:93.184.215.14"))
    (True, False)
    """
    if isinstance(address, IPv4Address):
        return not any(address in each for each in REFUSED_V4)
    # An address with a zone means another thing on each link.
    return address.scope_id is None and address in PUBLIC_V6 and not any(address in each for each in REFUSED_V6)


def may_be_called(address: Address, named: Sequence[Network]) -> bool:
    """Whether requests may go to an address: a public one, or one in a network that the operator has `named`.

    An IPv4 address within an IPv6 one is not unwrapped: a network that is named opens that very form alone.

    >>> may_be_called(ip_address("10.1.2.3"), [ip_network("10.1.0.0/16")])
    True
    """
    return is_public(address) or any(address.version == each.version and address in each for each in named)


def network_of(text: str) -> Network:
    """Read a network such as ``10.1.0.0/16``.

    Raises
    ------
    ValueError
        If it is none, or has bits set beyond its prefix.
    """
    return ip_network(text)


def address_of(text: str) -> Address:
    """Read an address as a resolver gives it.

    Raises
    ------
    ValueError
        If it is none.
    """
    return ip_address(text)
