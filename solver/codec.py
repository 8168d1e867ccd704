"""Frozen dataclasses to plain JSON values and back, strictly: the type hints are the schema.

Objects carry every field by its name, short tuples of integers (`Interval`, `Leg`, `CapacityStep`) are
written as arrays because a problem has 10^5 of them. Reading refuses unknown and missing fields and wrong
types with the path of the field.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any

from solver.errors import InvalidProblem
from solver.problem import CapacityStep, Interval, Leg

AS_ARRAYS: tuple[type, ...] = (Interval, Leg, CapacityStep)


def to_plain(value: Any) -> Any:
    """Return `value` as nested dicts, lists, strings, integers, booleans and None."""
    kind = type(value)
    if kind is int or kind is str or value is None or kind is bool:
        return value
    if kind is tuple:
        return [to_plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dict):
        return {name: to_plain(item) for name, item in value.items()}
    if is_dataclass(kind):
        written = _written(kind)
        if kind in AS_ARRAYS:
            return [getattr(value, name) for name in written]
        return {name: to_plain(getattr(value, name)) for name in written}
    return value


@cache
def _written(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.init)


def from_plain(kind: Any, value: Any, path: str = "") -> Any:
    """Return the `kind` (a class or type hint) that `value` describes.

    Raises
    ------
    InvalidProblem
        With the path of the offending field from `path` on.
    """
    return _reader(kind)(value, path)


_Reader = Callable[[Any, str], Any]


@cache
def _reader(kind: Any) -> _Reader:
    origin = typing.get_origin(kind)
    if origin is tuple:
        return _tuple_reader(_reader(typing.get_args(kind)[0]))
    if origin in (types.UnionType, typing.Union):
        (inner,) = [option for option in typing.get_args(kind) if option is not type(None)]
        return _optional_reader(_reader(inner))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _enum_reader(kind)
    if is_dataclass(kind) and isinstance(kind, type):
        return _array_reader(kind) if kind in AS_ARRAYS else _object_reader(kind)
    return _scalar_reader(kind)


def _scalar_reader(kind: type) -> _Reader:
    words = {int: "an integer", str: "a text", bool: "true or false"}[kind]

    def read(value: Any, path: str) -> Any:
        # type() and not isinstance(): JSON's true is no integer.
        if type(value) is not kind:
            raise InvalidProblem(path, value, f"give {words}")
        return value

    return read


def _optional_reader(inner: _Reader) -> _Reader:
    return lambda value, path: None if value is None else inner(value, path)


def _enum_reader(kind: type[Enum]) -> _Reader:
    def read(value: Any, path: str) -> Any:
        try:
            return kind(value)
        except ValueError:
            choices = ", ".join(str(member.value) for member in kind)
            raise InvalidProblem(path, value, f"give one of {choices}") from None

    return read


def _tuple_reader(item: _Reader) -> _Reader:
    def read(value: Any, path: str) -> Any:
        if type(value) is not list:
            raise InvalidProblem(path, value, "give a list")
        return tuple([item(entry, f"{path}[{position}]") for position, entry in enumerate(value)])

    return read


def _array_reader(kind: type) -> _Reader:
    names = [field.name for field in fields(kind)]

    def read(value: Any, path: str) -> Any:
        if type(value) is not list or len(value) != len(names):
            raise InvalidProblem(path, value, f"give a list of {', '.join(names)}")
        return _make(kind, dict(zip(names, value, strict=True)), path)

    return read


def _object_reader(kind: type) -> _Reader:
    hints = typing.get_type_hints(kind)
    written = [field for field in fields(kind) if field.init]
    readers = {field.name: _reader(hints[field.name]) for field in written}
    needed = [field.name for field in written if _has_no_default(field)]

    def read(value: Any, path: str) -> Any:
        if type(value) is not dict:
            raise InvalidProblem(path, value, "give an object")
        before = f"{path}." if path else ""
        for name in value:
            if name not in readers:
                raise InvalidProblem(before + name, value[name], f"drop it; known fields are {', '.join(readers)}")
        for name in needed:
            if name not in value:
                raise InvalidProblem(before + name, None, "give this field, it is missing")
        return _make(kind, {name: readers[name](entry, before + name) for name, entry in value.items()}, path)

    return read


def _has_no_default(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _make(kind: type, values: dict[str, Any], path: str) -> Any:
    try:
        return kind(**values)
    except InvalidProblem as refusal:
        raise refusal.under(path) from None
