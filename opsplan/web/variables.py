"""What is wrong with the values of an operation's variables: each with its field, the value, and what would be taken.

graphql-core says it in a sentence that holds the whole input, as it does not know what of it helps.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from graphql import (
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    OperationDefinitionNode,
    Undefined,
    get_named_type,
)
from graphql.execution.get_variable_signature import get_variable_signature
from graphql.pyutils import suggestion_list
from graphql.utilities import validate_input_value

from opsplan.calls.errors import PublicError
from opsplan.languages import told
from opsplan.vocabulary.sentences import Sentence, say

MOST_TOLD: Final = 20
"""Errors that one answer lists."""
_LONGEST_VALUE: Final = 200
_NUMBERS_AND_TEXTS: Final[Mapping[str, Sentence]] = {
    "Int": say("give a whole number"),
    "Float": say("give a number"),
    "String": say("give a text"),
    "Boolean": say("give true or false"),
    "ID": say("give an id, as text"),
}
_GIVE_A_VALUE: Final = say("give a value")


class _Enough(Exception):
    """As many errors as one answer lists have been found."""


def errors_in(
    schema: GraphQLSchema, operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> list[GraphQLError]:
    """Give what is wrong with the variables of an operation, the first `MOST_TOLD`."""
    found: dict[str, GraphQLError] = {}
    for definition in operation.variable_definitions or ():
        signature = get_variable_signature(schema, definition)
        if isinstance(signature, GraphQLError) or (
            signature.name not in variables and (definition.default_value or not _is_required(signature.type))
        ):
            continue
        value = variables.get(signature.name)

        def add(error: GraphQLError, path: list[str | int], given: Any = value, named: Any = signature) -> None:
            if len(found) >= MOST_TOLD:
                raise _Enough
            for field, each in _errors(error, [named.name, *path], given, named.type):
                found.setdefault(field, each)

        try:
            validate_input_value(value, signature.type, add)
        except _Enough:
            break
    return list(found.values())


def _errors(
    error: GraphQLError, path: Sequence[str | int], given: Any, type_: Any
) -> Iterator[tuple[str, GraphQLError]]:
    """Give what is wrong at a place, by field; `path` begins with the variable's name."""
    value, declared = given, type_
    for place, step in enumerate(path[1:], 1):
        if _is_one_of(declared) and isinstance(value, dict) and value.get(str(step)) is None:
            # A member of which there may be one alone is null: it is the object that is wrong.
            path = path[:place]
            break
        value, declared = _below(value, declared, step)
    named = get_named_type(declared)
    field = _text(path)
    if value is None:
        yield field, _made(field, _missing(field), _GIVE_A_VALUE)
    elif isinstance(named, GraphQLInputObjectType) and isinstance(value, dict):
        yield from _of_object(field, value, named)
    elif isinstance(named, GraphQLEnumType) and not isinstance(value, dict | list):
        message = say("{field}: {value!r} is no {type}.", field=field, value=_short(value), type=named.name)
        yield field, _made(field, message, say("give one of: {known}", known=sorted(named.values)), value)
    else:
        yield field, _made(field, *_of_scalar(field, error, named.name), value)


def _made(field: str, message: Sentence, remedy: Sentence, value: Any = None) -> GraphQLError:
    extensions: dict[str, Any] = {"code": "BAD_QUERY", "retryable": False, "field": field, "remedy": told(remedy)}
    if isinstance(value, str | int | float | bool):
        extensions["value"] = _short(value)
    return PublicError(told(message), extensions=extensions)


def _missing(field: str) -> Sentence:
    return say("{field} is missing.", field=field)


def _of_object(
    field: str, value: Mapping[str, Any], named: GraphQLInputObjectType
) -> Iterator[tuple[str, GraphQLError]]:
    """Say which members of an input are missing, or are none."""
    for name in value:
        if name not in named.fields:
            near = suggestion_list(name, list(named.fields))
            remedy = (
                say("did you mean {name}?", name=near[0])
                if near
                else say("give: {members}", members=sorted(named.fields))
            )
            where = f"{field}.{name}"
            yield where, _made(where, say("{field} has no field {name!r}.", field=field, name=name), remedy)
    if named.is_one_of:
        remedy = say("give one of: {members}", members=sorted(named.fields))
        yield field, _made(field, say("{field} has to have exactly one field.", field=field), remedy)
    for name, each in named.fields.items():
        if isinstance(each.type, GraphQLNonNull) and each.default_value is Undefined and value.get(name) is None:
            where = f"{field}.{name}"
            yield where, _made(where, _missing(where), _GIVE_A_VALUE)


def _of_scalar(field: str, error: GraphQLError, type_name: str) -> tuple[Sentence, Sentence]:
    """Say what a scalar says of a value; those of our own say behind a semicolon what they take."""
    what, _, remedy = error.message.rstrip(".").partition("; ")
    message = say("{field}: {what}.", field=field, what=what)
    if remedy:
        return message, say("{remedy}", remedy=remedy)
    return message, _NUMBERS_AND_TEXTS.get(type_name) or say("give what {type} takes", type=type_name)


def _below(value: Any, type_: Any, step: str | int) -> tuple[Any, Any]:
    while isinstance(type_, GraphQLNonNull):
        type_ = type_.of_type
    if isinstance(step, int):
        inner = type_.of_type if isinstance(type_, GraphQLList) else type_
        return (value[step] if isinstance(value, list) and step < len(value) else value), inner
    known = type_.fields.get(step) if isinstance(type_, GraphQLInputObjectType) else None
    return (value.get(step) if isinstance(value, dict) else None), known.type if known is not None else type_


def _is_one_of(type_: Any) -> bool:
    named = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
    return isinstance(named, GraphQLInputObjectType) and named.is_one_of


def _is_required(type_: Any) -> bool:
    return isinstance(type_, GraphQLNonNull)


def _text(path: Sequence[str | int]) -> str:
    return "".join(_steps(path))


def _steps(path: Sequence[str | int]) -> Iterator[str]:
    for place, step in enumerate(path):
        if isinstance(step, int):
            yield f"[{step}]"
        else:
            yield f".{step}" if place else step


def _short(value: Any) -> Any:
    return value if not isinstance(value, str) or len(value) <= _LONGEST_VALUE else value[:_LONGEST_VALUE] + "…"
