"""Making Strawberry types from values: classes first, their fields once all classes are there.

Strawberry's own way is a class body with annotations. Types that point at each other in circles would need names
resolved late; here every annotation is a real type, because fields are put in after all classes exist.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING
from keyword import iskeyword
from typing import Any, Optional

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField
from strawberry.types.unset import UNSET

from opsplan.reading.complete.marker import READ


class ReadField(StrawberryField):
    """A field that the reading room answers as a whole; see `opsplan.reading.executor`."""

    @property
    def is_basic_field(self) -> bool:
        """True: its arguments are read by the compiler, never turned into Python objects by Strawberry."""
        return True

    def get_result(self, source: Any, info: Any, args: list[Any], kwargs: Any) -> Any:
        """Give the mark that says: compile this."""
        del source, info, args, kwargs
        return READ


def many(of: Any) -> Any:
    """Give the annotation of a list without nulls."""
    return list[of]


def maybe(of: Any) -> Any:
    """Give the annotation of something that may be null or left out."""
    return Optional[of]  # noqa: UP045 - a value, not an annotation


def new_type(name: str, description: str, *, bases: Sequence[type] = (), interface: bool = False) -> Any:
    """Make an object type, or an interface, without fields."""
    bare: Any = type(name, tuple(bases), {"__annotations__": {}, "__module__": __name__, "__doc__": description})
    return (
        strawberry.interface(bare, description=description)
        if interface
        else strawberry.type(bare, description=description)
    )


def new_input(name: str, description: str, *, one_of: bool = False) -> Any:
    """Make an input type without fields; with `one_of` a caller gives exactly one of them."""
    bare: Any = type(name, (), {"__annotations__": {}, "__module__": __name__, "__doc__": description})
    return strawberry.input(bare, description=description, one_of=one_of)


def put_fields(made: Any, fields: Iterable[StrawberryField]) -> None:
    """Give a type its fields."""
    definition: StrawberryObjectDefinition = made.__strawberry_definition__
    definition.fields = list(fields)


def output(
    name: str,
    annotation: Any,
    description: str,
    arguments: Sequence[StrawberryArgument] = (),
    *,
    nullable: bool = False,
    metadata: Mapping[Any, Any] | None = None,
) -> StrawberryField:
    """Make a field of an object type."""
    field = ReadField(
        python_name=_python_name(name),
        graphql_name=name,
        type_annotation=StrawberryAnnotation(maybe(annotation) if nullable else annotation, namespace={}),
        description=description,
        metadata=metadata,
    )
    field.arguments = list(arguments)
    return field


def input_field(name: str, annotation: Any, description: str, *, required: bool = False) -> StrawberryField:
    """Make a field of an input type."""
    return StrawberryField(
        python_name=_python_name(name),
        graphql_name=name,
        type_annotation=StrawberryAnnotation(annotation if required else maybe(annotation), namespace={}),
        description=description,
        default=MISSING if required else UNSET,
    )


def argument(name: str, annotation: Any, description: str, *, default: object = UNSET) -> StrawberryArgument:
    """Make an argument; one without a default may be left out when its annotation is optional."""
    return StrawberryArgument(
        python_name=_python_name(name),
        graphql_name=name,
        type_annotation=StrawberryAnnotation(annotation, namespace={}),
        description=description,
        default=default,
    )


def _python_name(name: str) -> str:
    return f"{name}_" if iskeyword(name) else name
