"""How the text of a variable becomes a value: each reader refuses with a ValueError that says what would do."""

import ipaddress
from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from urllib.parse import urlsplit


def whole(least: int, most: int) -> Callable[[str], int]:
    """Make a reader of whole numbers from `least` to `most`."""

    def read(text: str) -> int:
        value = int(text)
        if not least <= value <= most:
            raise ValueError(f"give a whole number from {least} to {most}")
        return value

    return read


def number(least: float, most: float) -> Callable[[str], float]:
    """Make a reader of numbers from `least` to `most`."""

    def read(text: str) -> float:
        value = float(text)
        if not least <= value <= most:
            raise ValueError(f"give a number from {least:g} to {most:g}")
        return value

    return read


def one_of(*words: str) -> Callable[[str], str]:
    """Make a reader of one word out of a few."""

    def read(text: str) -> str:
        if text not in words:
            raise ValueError(f"give one of: {', '.join(words)}")
        return text

    return read


def divisor(of: int) -> Callable[[str], int]:
    """Make a reader of whole numbers that divide another."""
    divisors = [each for each in range(1, of + 1) if of % each == 0]

    def read(text: str) -> int:
        value = int(text)
        if value not in divisors:
            raise ValueError(f"give one of: {', '.join(map(str, divisors))}")
        return value

    return read


def switch(text: str) -> bool:
    """Read ``on`` or ``off``."""
    if text not in ("on", "off"):
        raise ValueError("give on or off")
    return text == "on"


def words(*allowed: str) -> Callable[[str], tuple[str, ...]]:
    """Make a reader of one or more words out of a few, with commas between."""

    def read(text: str) -> tuple[str, ...]:
        given = tuple(word.strip() for word in text.split(",") if word.strip())
        if not given or not set(given) <= set(allowed):
            raise ValueError(f"give one or more of, with commas between: {', '.join(allowed)}")
        return given

    return read


def url(*schemes: str) -> Callable[[str], str]:
    """Make a reader of addresses with one of these schemes and a host."""

    def read(text: str) -> str:
        parts = urlsplit(text)
        if parts.scheme not in schemes or not parts.hostname:
            raise ValueError(f"give an address that begins with {' or '.join(f'{each}://' for each in schemes)}")
        return text

    return read


def keys_url(text: str) -> str:
    """Read the address of an issuer's keys: nobody between may be able to swap them."""

    parts = urlsplit(text)
    if parts.scheme == "https" and parts.hostname:
        return text
    if parts.scheme == "http" and parts.hostname and is_loopback(parts.hostname):
        return text
    raise ValueError("give an https:// address (http:// only on this machine)")


def ports(text: str) -> tuple[int, ...]:
    """Read one or more port numbers with commas between."""
    given = tuple(int(each) for each in text.split(",") if each.strip())
    if not given or not all(0 < each <= 65_535 for each in given):
        raise ValueError("give one or more ports, with commas between, such as 443,8443")
    return given


def networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Read networks with commas between."""
    try:
        return tuple(ipaddress.ip_network(each.strip()) for each in text.split(",") if each.strip())
    except ValueError:
        raise ValueError("give networks with commas between, such as 10.1.0.0/16,fd00:1::/32") from None


def folder(text: str) -> Path:
    """Read where a folder or a file is: an absolute path, or one from the user's home (``~``)."""

    path = Path(text).expanduser()
    if not path.is_absolute():
        raise ValueError("give an absolute path")
    return path


def is_loopback(host: str) -> bool:
    """Whether listening on `host` reaches this machine only.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def at_least(text: str, characters: int) -> str:
    """Read a text of at least so many characters."""

    if len(text) < characters:
        raise ValueError(f"give at least {characters} characters")
    return text
