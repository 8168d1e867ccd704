"""What a caller may not see is unknown to whatever it asks for: ids of hidden records are exchanged at the door.

Compiled reads have the policy in their statements. All else (mutations, subscriptions, computed queries) takes ids as
arguments and hands them to services, which find records by id for their own work. So before such a field begins, the
ids among its arguments are asked about, kind by kind, and one whose record is hidden from the caller is exchanged
for an id of the same kind that names nothing: whatever the service does and answers is what it would do and
answer if there were no such record, for every service there is or will be. In the answer the caller finds the id that
it gave.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import aclosing
from inspect import isawaitable
from typing import Any

import orjson
from graphql import (
    GraphQLArgumentMap,
    GraphQLError,
    GraphQLField,
    GraphQLID,
    GraphQLSchema,
    get_nullable_type,
    is_input_object_type,
    is_list_type,
)

from opsplan.calls.context import Context
from opsplan.reading.reads import Reads
from opsplan.reading.unseen import unseen
from opsplan.vocabulary.ids import nobodys_id, prefix_in

_FILTERED = "opsplan.filtered"


def filters_itself(field: GraphQLField) -> None:
    """Note of a subscription that it tells of nothing which the listener may not see at that moment."""
    field.extensions[_FILTERED] = True


def hide_unseen(schema: GraphQLSchema, reads: Reads) -> None:
    """Exchange ids at the door of every root field that is not compiled."""
    for root in (schema.query_type, schema.mutation_type, schema.subscription_type):
        for name, field in root.fields.items() if root is not None else ():
            if not field.args or (root is schema.query_type and reads.ground.reads(name)):
                continue
            if root is schema.subscription_type:
                field.subscribe = _subscribing(field, reads)
            elif field.resolve is not None:
                field.resolve = _resolving(field, reads)


def data_given_back(data: Any, context: Context) -> Any:
    """Put the caller's own ids back into the data of an answer, wherever what stood for them is named."""
    if not context.exchanged or data is None:
        return data
    return orjson.loads(_given_back(orjson.dumps(data, option=orjson.OPT_NON_STR_KEYS).decode(), context))


def errors_given_back(errors: list[GraphQLError], context: Context) -> list[GraphQLError]:
    """Put the caller's own ids back into errors that are fit for callers."""
    for error in errors if context.exchanged else ():
        error.message = _given_back(error.message, context)
        error.extensions = data_given_back(error.extensions, context)
    return errors


def _given_back(text: str, context: Context) -> str:
    for stand_in, given in context.exchanged.items():
        text = text.replace(stand_in, given)
    return text


def _resolving(field: GraphQLField, reads: Reads) -> Callable[..., Any]:
    resolve, arguments_of = field.resolve, field.args
    assert resolve is not None

    async def resolve_unseen(source: Any, info: Any, **arguments: Any) -> Any:
        hidden = await _hidden(arguments_of, arguments, info.context, reads)
        answer = resolve(source, info, **_exchanged(arguments_of, arguments, hidden, info.context, reads))
        return await answer if isawaitable(answer) else answer

    return resolve_unseen


def _subscribing(field: GraphQLField, reads: Reads) -> Callable[..., Any]:
    subscribe, arguments_of = field.subscribe, field.args
    is_filtered = field.extensions.get(_FILTERED, False)
    assert subscribe is not None

    async def subscribe_unseen(source: Any, info: Any, **arguments: Any) -> AsyncIterator[Any]:
        context = info.context
        hidden = await _hidden(arguments_of, arguments, context, reads)
        events = subscribe(source, info, **_exchanged(arguments_of, arguments, hidden, context, reads))
        async with aclosing(await events if isawaitable(events) else events) as listening:
            async for each in listening:
                # What was there when it began may have been closed to the listener since.
                if not is_filtered and await _hidden(arguments_of, arguments, context, reads) - hidden:
                    return
                yield each

    return subscribe_unseen


async def _hidden(of: GraphQLArgumentMap, arguments: Mapping[str, Any], context: Context, reads: Reads) -> set[str]:
    """Give the ids among the arguments whose records the caller may not know of, as they were given."""
    given: list[str] = []

    def noted(record_id: str) -> str:
        given.append(record_id)
        return record_id

    _put(of, arguments, noted)
    ground = reads.ground
    return await unseen(ground.policy, ground.shapes.catalogue, given, context.graph, context.actor)


def _exchanged(
    of: GraphQLArgumentMap, arguments: dict[str, Any], hidden: set[str], context: Context, reads: Reads
) -> dict[str, Any]:
    if not hidden:
        return arguments
    nouns = reads.ground.shapes.by_prefix
    stand_ins = {}
    for each in sorted(hidden):
        # The same each time: a request that is sent again with its idempotency key is the same request.
        secret = reads.cursors.seal([each], [b"unseen"]).encode()
        stand_ins[each] = nobodys_id(nouns[str(prefix_in(each.strip()))].name, secret)
        context.exchanged[stand_ins[each]] = each
    return _put(of, arguments, lambda record_id: stand_ins.get(record_id, record_id))


def _put(of: GraphQLArgumentMap, arguments: Mapping[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    """Give the arguments with each id among them changed; texts of other types are left alone."""
    types = {definition.out_name or name: definition.type for name, definition in of.items()}
    return {name: _value(types[name], value, change) for name, value in arguments.items()}


def _value(kind: Any, value: Any, change: Callable[[str], str]) -> Any:
    kind = get_nullable_type(kind)
    if isinstance(value, list) and is_list_type(kind):
        return [_value(kind.of_type, each, change) for each in value]
    if isinstance(value, Mapping) and is_input_object_type(kind):
        types = {field.out_name or name: field.type for name, field in kind.fields.items()}
        return {name: _value(types[name], each, change) for name, each in value.items()}
    return change(value) if kind is GraphQLID and isinstance(value, str) else value
