"""The guarded line: a connection to an address that was resolved and checked here, and to no other.

The name is resolved once, every address that it has is checked, and the connection goes to one of those very
addresses: a name that leads elsewhere a moment later (rebinding) is not asked again. TLS is still spoken with the name,
so that the certificate has to be the name's.
"""

import ssl
from collections.abc import Iterable, Sequence
from typing import Any

import httpcore

from opsplan.webhooks.rules.addresses import Address, Network, address_of, may_be_called
from opsplan.webhooks.sending.resolver import Resolve

_MOST_TRIED = 3


class NotResolved(Exception):
    """The name has no address."""


class AddressRefused(Exception):
    """One of the name's addresses may not be called. Which one is not said: nobody shall map a network by us."""


class TooMuch(Exception):
    """More was sent to us than is read."""


class GuardedNetwork(httpcore.AsyncNetworkBackend):
    """Opens connections to checked addresses only, over which no more than so many bytes are read.

    Parameters
    ----------
    resolve
        Gives a name's addresses.
    named
        Networks that may be called beside the public ones.
    most_bytes
        Read over one connection, headers included.
    """

    def __init__(self, resolve: Resolve, named: Sequence[Network], most_bytes: int) -> None:
        self._resolve = resolve
        self._named = named
        self._most_bytes = most_bytes
        self._plain = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first of the host's addresses that lets us.

        Raises
        ------
        NotResolved, AddressRefused
            As their names say; nothing was sent then.
        """
        failure: Exception = NotResolved()
        for address in (await self._checked(host, port))[:_MOST_TRIED]:
            try:
                line = await self._plain.connect_tcp(str(address), port, timeout, local_address, socket_options)
                return _Metered(line, self._most_bytes)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as refused:
                failure = refused
        raise failure

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        del path, timeout, socket_options
        raise AddressRefused

    async def sleep(self, seconds: float) -> None:
        await self._plain.sleep(seconds)

    async def _checked(self, host: str, port: int) -> list[Address]:
        try:
            found = [address_of(host)]
        except ValueError:
            try:
                found = [address_of(each) for each in await self._resolve(host, port)]
            except (OSError, ValueError, UnicodeError) as failure:
                raise NotResolved from failure
        # One that may not be called spoils them all: a name that mixes them is made to slip through.
        if not all(may_be_called(each, self._named) for each in found):
            raise AddressRefused
        return found


class _Metered(httpcore.AsyncNetworkStream):
    """A connection that breaks off once more than so many bytes came over it."""

    def __init__(self, line: httpcore.AsyncNetworkStream, left: int) -> None:
        self._line = line
        self._left = left

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = await self._line.read(max_bytes, timeout)
        self._left -= len(data)
        if self._left < 0:
            raise TooMuch
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._line.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._line.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        try:
            return _Metered(await self._line.start_tls(ssl_context, server_hostname, timeout), self._left)
        except BaseException:
            # Who is broken off in the middle of the handshake has nothing yet that could be closed above.
            await self._line.aclose()
            raise

    def get_extra_info(self, info: str) -> Any:
        return self._line.get_extra_info(info)
