"""A mutation as a value: its place in the schema, and the function that carries it out."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLSchema
from strawberry.types.unset import UNSET

from opsplan.calls.context import Context
from opsplan.calls.repeating import KEY_WORDS
from opsplan.calls.urgency import URGENT, URGENT_WORDS
from opsplan.reading.types.making import argument, new_type, output, put_fields

Carry = Callable[[Context, str, Mapping[str, Any]], Awaitable[Any]]
"""Carries a mutation out: context, the field's name, its coerced arguments by GraphQL name."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """One mutation: one input object and an idempotency key in, a payload union out.

    An `urgent` one has capacity of its own, see `opsplan.calls.urgency`.
    """

    name: str
    description: str
    input_type: Any
    payload: Any
    carry: Carry
    urgent: bool = False


def mutation_type(mutations: Sequence[Mutation]) -> type:
    """Make the Strawberry type that has the mutations as its fields."""
    made: type = new_type("RecordMutations", "Changes of records.")
    put_fields(
        made,
        [
            output(
                each.name,
                each.payload,
                f"{each.description} {URGENT_WORDS}" if each.urgent else each.description,
                [
                    argument("input", each.input_type, "What is to be done.", default=UNSET),
                    argument("idempotencyKey", str | None, KEY_WORDS),
                ],
                metadata=URGENT if each.urgent else None,
            )
            for each in mutations
        ],
    )
    return made


def bind(schema: GraphQLSchema, mutations: Sequence[Mutation]) -> None:
    """Let each mutation's field be resolved by its function, with arguments as graphql-core coerces them.

    So an input stays a mapping in which what was not given is absent, and null is None.
    """
    assert schema.mutation_type is not None
    for each in mutations:
        schema.mutation_type.fields[each.name].resolve = _resolver(each)


def _resolver(mutation: Mutation) -> Callable[..., Awaitable[Any]]:
    async def resolve(_: Any, info: Any, **arguments: Any) -> Any:
        return await mutation.carry(info.context, mutation.name, arguments)

    return resolve
