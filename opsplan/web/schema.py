"""The schema, put together: reads and changes of the catalogue's nouns, and what each capability brings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import strawberry
from graphql import GraphQLSchema
from strawberry.schema.config import StrawberryConfig

from opsplan.calls.refusals import payload
from opsplan.jurisdiction.service import refuse_foreign_grant
from opsplan.reading.cursors import CursorKey
from opsplan.reading.policy import EVERYTHING, Policy
from opsplan.reading.reads import Reads
from opsplan.reading.schema import Reading
from opsplan.reading.types.making import new_type, put_fields
from opsplan.reading.types.scalars import SCALARS
from opsplan.records.declaration import Catalogue
from opsplan.web.feed import bind_feed, feed_query
from opsplan.web.mutations.fields import Mutation, bind, mutation_type
from opsplan.web.mutations.invitations import invitation_mutations
from opsplan.web.mutations.mergers import merger_mutations
from opsplan.web.mutations.records import record_mutations
from opsplan.web.mutations.steps import step_mutations
from opsplan.web.mutations.upserts import upsert_mutations
from opsplan.web.subscriptions import bind_subscription, change_enums, subscription_type
from opsplan.web.unseen import hide_unseen
from opsplan.web.viewer import ViewerQuery

AFTER_CREATE = {"Jurisdiction": refuse_foreign_grant}
"""By noun: what its capability checks once a record is created, in the same transaction."""


@dataclass(frozen=True, slots=True)
class Api:
    """What a capability adds to the schema: Strawberry types with fields for each root.

    Two that bring the same field are refused when the schema is built.
    """

    queries: Sequence[type] = ()
    mutations: Sequence[type] = ()
    subscriptions: Sequence[type] = ()


MakeApi = Callable[[Mapping[str, Any]], Api]
"""Makes a capability's fields from the types of records, by noun name."""


@dataclass(frozen=True, slots=True)
class Built:
    """The schema, and the compiled reads over it."""

    schema: GraphQLSchema
    reads: Reads


def build_schema(
    catalogue: Catalogue,
    cursors: CursorKey,
    apis: Sequence[MakeApi] = (),
    *,
    policy: Policy = EVERYTHING,
    timeout_s: float | None = None,
) -> Built:
    """Build the schema of the service.

    Parameters
    ----------
    catalogue
        All nouns.
    cursors
        What seals cursors.
    apis
        What capabilities add.
    policy
        What each reader may see.
    timeout_s
        Seconds that one statement of a read may take.

    Raises
    ------
    ValueError
        If two parts bring the same field.
    """
    reading = Reading(catalogue, policy=policy)
    types = reading.types
    payloads = {
        noun.name: payload(
            f"{noun.name}Result", types.nouns[noun.name], f"The {noun.name}, or why the request was refused."
        )
        for noun in catalogue
    }
    mutations: list[Mutation] = [
        *record_mutations(catalogue, payloads, AFTER_CREATE),
        *step_mutations(payloads),
        *invitation_mutations(payloads),
        *merger_mutations(catalogue, payloads),
        *upsert_mutations(catalogue, types.nouns, AFTER_CREATE),
    ]
    added = [make(types.nouns) for make in apis]
    records = new_type("Reads", "Reads of records.")
    put_fields(records, types.query_fields)
    enums = change_enums(catalogue)
    asked = [records, ViewerQuery, feed_query(*enums), *_of(added, "queries")]
    schema = strawberry.Schema(
        query=_root("Query", "All that can be read.", asked),
        mutation=_root("Mutation", "All that can be changed.", [mutation_type(mutations), *_of(added, "mutations")]),
        subscription=_root(
            "Subscription",
            "All that can be listened to.",
            [subscription_type(types.objects, *enums), *_of(added, "subscriptions")],
        ),
        types=types.extra,
        config=StrawberryConfig(scalar_map=SCALARS),
    )
    bind(schema._schema, mutations)
    bind_subscription(schema._schema, catalogue, cursors)
    bind_feed(schema._schema, catalogue, cursors)
    reads = reading.over(schema, cursors, timeout_s=timeout_s)
    hide_unseen(schema._schema, reads)
    return Built(schema._schema, reads)


def _of(apis: Sequence[Api], root: str) -> list[type]:
    return [each for api in apis for each in getattr(api, root)]


def _root(name: str, description: str, parts: Sequence[Any]) -> Any:
    seen: dict[str, str] = {}
    fields = []
    for part in parts:
        for field in part.__strawberry_definition__.fields:
            if field.python_name in seen:
                raise ValueError(f"{name}.{field.python_name} comes from {seen[field.python_name]} and {part.__name__}")
            seen[field.python_name] = part.__name__
            fields.append(field)
    made = new_type(name, description)
    put_fields(made, fields)
    return made
