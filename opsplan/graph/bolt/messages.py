"""Messages of the Bolt protocol 5.4 as bytes, and back: those that logging in, one reading statement and a
transaction take.

Source: https://neo4j.com/docs/bolt/current/bolt/ (handshake, message, packstream). Values are packed and unpacked by
the codec of neo4j-rust-ext, the one that the official driver uses.
"""

import struct
from collections.abc import Mapping
from typing import Any

from neo4j.exceptions import Neo4jError
from neo4j.spatial import WGS84Point

try:
    from neo4j._codec.hydration import DehydrationHooks
    from neo4j._codec.packstream import Structure
    from neo4j._rust.codec.packstream.v1 import pack as _pack  # type: ignore[import-not-found]
    from neo4j._rust.codec.packstream.v1 import unpack as _unpack
except ImportError:
    HAS_CODEC = False
else:
    HAS_CODEC = True
    _AS_LISTS = DehydrationHooks(exact_values={}, exact_types={tuple: list}, subtypes={})

VERSION = b"\x00\x00\x04\x05"
"""Bolt 5.4, which every Neo4j from 5.13 on speaks, and from which on nothing that is used here has changed."""

HANDSHAKE = b"\x60\x60\xb0\x17" + VERSION + bytes(12)
"""The first bytes on a line: Bolt's mark, and the one version that is offered."""

SUCCESS, RECORD, IGNORED, FAILURE = 0x70, 0x71, 0x7E, 0x7F
"""Signatures of what a server answers."""

_HELLO, _LOGON, _RUN, _PULL, _GOODBYE = 0x01, 0x6A, 0x10, 0x3F, 0x02
_BEGIN, _COMMIT, _ROLLBACK, _RESET = 0x11, 0x12, 0x13, 0x0F
_POINT = b"X"
"""Tag of a point of two coordinates."""
_WGS84_SRID = 4326
_MOST_IN_CHUNK = 0xFFFF
_END = b"\x00\x00"


class NotPlain(TypeError):
    """A statement gave a node, a point or a date: a fault of the statement, which was to give plain values."""


def login(user: str, password: str, agent: str) -> bytes:
    """Give HELLO and LOGON; a server answers with SUCCESS twice."""
    hello = {
        "user_agent": agent,
        "bolt_agent": {"product": agent},
        # Notifications cost the server work and repeat values of the statement; nobody reads them.
        "notifications_minimum_severity": "OFF",
    }
    return _message(_HELLO, hello) + _message(_LOGON, {"scheme": "basic", "principal": user, "credentials": password})


def reading(text: str, parameters: Mapping[str, Any], database: str, timeout_s: float) -> bytes:
    """Give RUN, in a transaction of its own that may only read, and PULL of all rows: SUCCESS, RECORDs, SUCCESS.

    Raises
    ------
    ValueError, TypeError, OverflowError
        If a parameter is of no type that Bolt has.
    """
    # A time-out of 0 is none: what is less than a millisecond is one.
    extra = {"mode": "r", "db": database, "tx_timeout": max(1, round(timeout_s * 1_000))}
    return _message(_RUN, text, parameters, extra) + _PULL_ALL


def beginning(database: str, timeout_s: float) -> bytes:
    """Give BEGIN of a transaction that may write: SUCCESS."""
    return _message(_BEGIN, {"db": database, "tx_timeout": max(1, round(timeout_s * 1_000))})


def statement(text: str, parameters: Mapping[str, Any]) -> bytes:
    """Give RUN within a transaction, and PULL of all rows: SUCCESS with the columns, RECORDs, SUCCESS.

    Raises
    ------
    ValueError, TypeError, OverflowError
        If a parameter is of no type that Bolt has.
    """
    return _message(_RUN, text, parameters, {}) + _PULL_ALL


def committing() -> bytes:
    """Give COMMIT: SUCCESS, once it is stored."""
    return _message(_COMMIT)


def rolling_back() -> bytes:
    """Give ROLLBACK: SUCCESS."""
    return _message(_ROLLBACK)


def resetting() -> bytes:
    """Give RESET: IGNOREDs for what was passed over, then SUCCESS, once an open transaction is undone."""
    return _message(_RESET)


def goodbye() -> bytes:
    """Give GOODBYE, after which the server hangs up."""
    return _message(_GOODBYE)


def row_of(message: bytearray) -> list[Any]:
    """Give the values of a RECORD.

    Raises
    ------
    NotPlain
        If one of them is no plain value.
    """
    row: list[Any] = _unpack(message, 2, _PLAIN_ONLY)[0]
    return row


def row_with_points_of(message: bytearray) -> list[Any]:
    """Give the values of a RECORD, points as the driver gives them.

    Raises
    ------
    NotPlain
        If one of them is a node, a relationship or a date.
    """
    row: list[Any] = _unpack(message, 2, _WITH_POINTS)[0]
    return row


def columns_of(message: bytearray) -> list[str] | None:
    """Give the names of the columns that a SUCCESS tells of, or None where it is another's than RUN's."""
    columns: list[str] | None = _unpack(message, 2, None)[0].get("fields")
    return columns


def failure_of(message: bytearray) -> Neo4jError:
    """Give the error that a FAILURE tells of, as the driver would raise it."""
    return Neo4jError._hydrate_neo4j(**_unpack(message, 2, None)[0])


def _message(signature: int, *fields: Any) -> bytes:
    packed = bytes((0xB0 + len(fields), signature)) + b"".join([_packed(each) for each in fields])
    if len(packed) <= _MOST_IN_CHUNK:
        return _chunk(packed) + _END
    return b"".join(_chunk(packed[at : at + _MOST_IN_CHUNK]) for at in range(0, len(packed), _MOST_IN_CHUNK)) + _END


def _packed(value: Any) -> bytes:
    return bytes(_pack(value, _AS_LISTS))


def _chunk(part: bytes) -> bytes:
    return struct.pack(">H", len(part)) + part


def _refuse(_value: object) -> None:
    raise NotPlain("a statement gave a node, a relationship, a point or a date where plain values were expected")


def _point(value: Any) -> WGS84Point:
    """Make a point on the Earth, the only kind that is stored here, as the driver makes it."""
    if value.tag != _POINT or value.fields[0] != _WGS84_SRID:
        _refuse(value)
    return WGS84Point(value.fields[1:])


if HAS_CODEC:
    _PULL_ALL = _message(_PULL, {"n": -1})
    _PLAIN_ONLY = {Structure: _refuse}
    _WITH_POINTS = {Structure: _point}
