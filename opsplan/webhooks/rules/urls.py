"""Which URLs an endpoint may have: https, a plain host and port, nothing that could be read in two ways."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final
from urllib.parse import urlsplit

import idna

from opsplan.vocabulary.errors import Invalid
from opsplan.vocabulary.sentences import Sentence, say
from opsplan.webhooks.model import LONGEST_URL
from opsplan.webhooks.rules.addresses import Network, address_of, may_be_called

USUAL_PORT: Final = 443
_PRINTABLE: Final = re.compile(r"[^\s\x00-\x20\x7f-\x9f\\]+")
_TARGET: Final = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*")
_LABEL: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_LAST_LABEL_OF_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")


@dataclass(frozen=True, slots=True)
class Location:
    """A URL, taken apart.

    Attributes
    ----------
    host
        In lower case, as the resolver and the certificate are asked for it; an IPv6 address without brackets.
    port
        Always given.
    target
        Path and query, as they are sent.
    """

    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """Host and port, as the header ``Host`` has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == USUAL_PORT else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The URL in its one form."""
        return f"https://{self.authority}{self.target}"


def location_of(url: str, ports: Collection[int], field: str = "input.url") -> Location:
    """Take a URL apart, if an endpoint may have it.

    Parameters
    ----------
    url
        As it was given.
    ports
        Those that may be called.
    field
        Where it was given.

    Raises
    ------
    Invalid
        Which says what is wrong with it.
    """

    def refused(what: Sentence, remedy: Sentence) -> Invalid:
        return Invalid(say("{field}: {what}.", field=field, what=what), field=field, value=url[:200], remedy=remedy)

    whole = say("give an address such as https://cases.example/opsplan")
    if len(url) > LONGEST_URL:
        raise refused(say("it is longer than {most:,} characters", most=LONGEST_URL), whole)
    # The parser below drops tabs and line breaks in silence.
    if not _PRINTABLE.fullmatch(url):
        raise refused(say("it has blanks, control characters or backslashes in it"), whole)
    try:
        parts = urlsplit(url)
        port = USUAL_PORT if parts.port is None else parts.port
    except ValueError:
        raise refused(say("it is no URL"), whole) from None
    if parts.scheme != "https":
        raise refused(say("it does not begin with https://"), say("give an https address; others are never called"))
    if parts.username is not None or parts.password is not None or "@" in parts.netloc:
        raise refused(
            say("it has a user or password in it"), say("leave it out: requests are signed, see docs/webhooks.md")
        )
    if parts.fragment or url.endswith("#"):
        raise refused(say("it has a fragment (#)"), say("leave out what stands behind #; it is never sent"))
    if port not in ports:
        raise refused(say("port {port} may not be called", port=port), say("use one of: {ports}", ports=sorted(ports)))
    host = _host_of(parts.hostname or "")
    if host is None:
        raise refused(say("{host!r} is no host", host=parts.hostname or ""), whole)
    target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    if not _TARGET.fullmatch(target):
        raise refused(
            say("its path or query has characters that must be written as %XX"), say("write them as RFC 3986 says")
        )
    return Location(host, port, target)


def refuse_address(location: Location, networks: Sequence[Network], field: str = "input.url") -> None:
    """Refuse a URL with an address in it to which no request would ever go. Of a name, that shows with each request.

    Raises
    ------
    Invalid
        Which says so.
    """
    try:
        address = address_of(location.host)
    except ValueError:
        return
    if not may_be_called(address, networks):
        raise Invalid(
            say("{field}: {address} is no public address.", field=field, address=location.host),
            field=field,
            value=location.url[:200],
            remedy=say("give a host that others reach, or have the operator name its network (docs/webhooks.md)"),
        )


def _host_of(host: str) -> str | None:
    """Give a host in its one form; None where it is none, or could be read in two ways."""
    try:
        address: IPv4Address | IPv6Address = ip_address(host)
    except ValueError:
        pass
    else:
        return str(address) if getattr(address, "scope_id", None) is None else None
    try:
        plain = host.lower() if host.isascii() else idna.encode(host, uts46=True).decode("ascii")
        if "xn--" in plain:
            idna.decode(plain)
    except (idna.IDNAError, UnicodeError):
        return None
    labels = plain.split(".")
    if len(plain) > 253 or not all(_LABEL.fullmatch(each) for each in labels):
        return None
    # 127.1 and 0x7f000001 are addresses to some resolvers, names to others.
    return None if _LAST_LABEL_OF_NUMBER.fullmatch(labels[-1]) else plain
