"""Payload unions: the record, or one of the refusals."""

from collections.abc import Sequence
from typing import Annotated, Any, Union

import strawberry

from opsplan.calls.refusals import REFUSALS


def payload_union(name: str, records: Sequence[Any], description: str) -> Any:
    """Make the union of records' types and all refusals."""
    return Annotated[
        Union[(*records, *REFUSALS)],
        strawberry.union(name, description=description),
    ]
