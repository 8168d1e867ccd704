"""The schema, put together from what each capability brings."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types

from opsplan.reading.types.scalars import SCALARS
from opsplan.web.viewer import ViewerQuery


@dataclass(frozen=True, slots=True)
class Api:
    """What a capability adds to the schema: Strawberry types with fields for each root.

    Two that bring the same field are refused when the schema is built.
    """

    queries: Sequence[type] = ()
    mutations: Sequence[type] = ()
    subscriptions: Sequence[type] = ()


@dataclass(frozen=True, slots=True)
class _Roots:
    queries: list[type] = field(default_factory=list)
    mutations: list[type] = field(default_factory=list)
    subscriptions: list[type] = field(default_factory=list)


def build_schema(apis: Sequence[Api] = ()) -> strawberry.Schema:
    """Build the schema of the service."""
    roots = _Roots(queries=[ViewerQuery])
    for api in apis:
        roots.queries.extend(api.queries)
        roots.mutations.extend(api.mutations)
        roots.subscriptions.extend(api.subscriptions)
    config = StrawberryConfig(scalar_map=SCALARS)
    return strawberry.Schema(
        query=_merged("Query", roots.queries),
        mutation=_merged("Mutation", roots.mutations) if roots.mutations else None,
        subscription=_merged("Subscription", roots.subscriptions) if roots.subscriptions else None,
        config=config,
    )


def _merged(name: str, types: Sequence[type]) -> Any:
    seen: dict[str, str] = {}
    for each in types:
        for one in each.__strawberry_definition__.fields:  # type: ignore[attr-defined]
            if one.python_name in seen:
                raise ValueError(f"{name}.{one.python_name} comes from {seen[one.python_name]} and {each.__name__}")
            seen[one.python_name] = each.__name__
    return merge_types(name, tuple(types))
