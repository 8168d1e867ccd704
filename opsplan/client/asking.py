"""Requests over HTTP, and what becomes of them told as all that fails is."""

import ssl
from typing import Any
from urllib.parse import urlsplit

import httpx

from opsplan.client.errors import ClientError, NoToken, Unreachable, Unreadable


async def ask(http: httpx.AsyncClient, method: str, address: str, **more: Any) -> httpx.Response:
    """Ask, and give what answered.

    Raises
    ------
    Unreachable
        If no answer came.
    Unreadable
        If the address is none, or what answers there does not speak as it says.
    """
    check_address(address)
    try:
        return await http.request(method, address, **more)
    except httpx.TransportError as failure:
        raise not_reached(address, failure) from failure
    except (httpx.RequestError, httpx.InvalidURL, ValueError) as failure:
        raise Unreadable(f"{address} cannot be asked, or not read: {words_of(failure)}") from failure


def check_address(address: str) -> None:
    """Hold that it is an address, before others fail at it in many ways.

    Raises
    ------
    Unreadable
        If it is none.
    """
    try:
        parts = urlsplit(address)
        # A port that is none shows only when it is read.
        is_one = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_one = False
    if not is_one:
        raise Unreadable(f"{address} is no address; give one such as http://127.0.0.1:8000")


def not_reached(address: str, failure: Exception) -> ClientError:
    """Make the exception for a connection that failed: what asking again would not mend is told apart."""
    for cause in _causes(failure):
        # A handshake that ends in the midst may be of a service that is going down; all else of TLS stays as it is.
        if isinstance(cause, ssl.SSLError) and not isinstance(cause, ssl.SSLEOFError | ssl.SSLZeroReturnError):
            return Unreadable(
                f"{address} is not to be trusted, or does not speak TLS: {words_of(cause)}. For a certificate of an "
                "authority of your own, give `ssl`."
            )
    if isinstance(failure, httpx.LocalProtocolError | httpx.UnsupportedProtocol):
        return Unreadable(f"{address} cannot be asked so: {words_of(failure)}")
    return Unreachable(f"{address} does not answer: {words_of(failure)}")


def words_of(failure: BaseException) -> str:
    """Give an exception's words, or its name when it has none."""
    return str(failure) or type(failure).__name__


def checked_token(token: str) -> str:
    """Give a token that can be sent.

    Raises
    ------
    NoToken
        If it is empty, or has signs that no token has, such as the line's end of a file.
    """
    if not token:
        raise NoToken("The token is empty.")
    if not token.isascii() or not token.isprintable() or " " in token:
        raise NoToken("That is no token: it has signs that no token has, such as blanks or the end of a line.")
    return token


def _causes(failure: BaseException) -> list[BaseException]:
    causes: list[BaseException] = []
    each: BaseException | None = failure
    while each is not None and each not in causes:
        causes.append(each)
        each = each.__cause__ or each.__context__
    return causes
