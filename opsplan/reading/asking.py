"""Fields made ready to be read: compiled once for each shape of a request, filled with the values of this one."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLObjectType,
    OperationDefinitionNode,
    OperationType,
    get_named_type,
    is_abstract_type,
)
from graphql.execution.values import VariableValues

from opsplan.reading.compile.bindings import Request
from opsplan.reading.compile.operation import Ground, Operation, compile_root, compile_stored
from opsplan.reading.compile.root import Compiled
from opsplan.reading.compile.selection import Document
from opsplan.reading.complete.generate import Completer, generate
from opsplan.reading.complete.marker import READ, StoredRecord

_SHAPES_OF_TRUSTED = 20
"""How many compiled root fields there is room for, on the average, for each operation of a trusted document."""

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Bounded(Generic[Key, Value]):
    """A cache of bounded size; what was not used for longest goes first."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[Key, Value] = OrderedDict()

    def make_room(self, more: int) -> None:
        """Let it hold so many more."""
        self._size += more

    def get(self, key: Key, make: Callable[[], Value]) -> Value:
        """Give what is kept under `key`, made when it is not there."""
        kept = self._kept
        if key in kept:
            kept.move_to_end(key)
            return kept[key]
        made = make()
        kept[key] = made
        if len(kept) > self._size:
            kept.popitem(last=False)
        return made


@dataclass(frozen=True, slots=True)
class Ready:
    """A field that is compiled, with its completer."""

    compiled: Compiled
    complete: Completer


@dataclass(frozen=True, slots=True)
class Asked:
    """A field that is ready to be read, with the values of one request and its place in the answer.

    `compile_ms` says how long its statement took to be made, in milliseconds; None when it was known.
    """

    ready: Ready
    parameters: dict[str, Any]
    slots: list[Any]
    path: tuple[str | int, ...]
    compile_ms: float | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """One request of an operation."""

    apart: Operation
    variables: VariableValues
    shape: Hashable
    request: Request


class Asks:
    """Makes fields ready, and keeps what was compiled.

    Parameters
    ----------
    ground
        What compilation stands on.
    kept
        How many operations, and how many compiled shapes of their fields, are kept.
    """

    def __init__(self, ground: Ground, kept: int) -> None:
        self._ground = ground
        self._operations: Bounded[int, Operation] = Bounded(kept)
        self._ready: Bounded[Hashable, Ready] = Bounded(kept)
        self._trusted: dict[int, Operation] = {}
        self._trusted_ready: Bounded[Hashable, Ready] = Bounded(0)

    def keep(self, document: DocumentNode) -> None:
        """Keep the operations of a trusted document for good, and what is compiled for them apart from all others.

        So nobody can make them go by asking for many other things.
        """
        fragments = fragments_of(document)
        for each in document.definitions:
            if isinstance(each, OperationDefinitionNode):
                self._trusted[id(each)] = Operation(self._ground, each, fragments)
                self._trusted_ready.make_room(_SHAPES_OF_TRUSTED)

    def _shelf(self, apart: Operation) -> Bounded[Hashable, Ready]:
        return self._trusted_ready if id(apart.node) in self._trusted else self._ready

    def apart(
        self, operation: OperationDefinitionNode, fragments: Callable[[], Mapping[str, FragmentDefinitionNode]]
    ) -> Operation:
        """Give an operation, taken apart."""
        # What is taken apart keeps the operation, so no other one can have its identity meanwhile.
        trusted = self._trusted.get(id(operation))
        if trusted is not None:
            return trusted
        return self._operations.get(id(operation), lambda: Operation(self._ground, operation, fragments()))

    def root(self, asking: Asking, key: str, mentions: Sequence[FieldNode]) -> Asked:
        """Make a root field of the reading room ready.

        Raises
        ------
        OpsplanError
            If it is refused.
        """
        actor = asking.request.actor

        def make() -> Compiled:
            return compile_root(self._ground, asking.apart.fragments, key, mentions, actor, asking.variables)

        known = (asking.apart.number, key, asking.shape, self._ground.policy.key(actor))
        return self._filled(known, make, asking, (key,))

    def marked(self, asking: Asking, mark: Any, mentions: Sequence[FieldNode], path: tuple[str | int, ...]) -> Asked:
        """Make ready what a resolver left a mark for; raises as `root`."""
        key, actor = str(path[-1]), asking.request.actor
        if mark is READ:
            return self.root(asking, key, mentions)
        what = (mark.noun, type(mark))

        def make() -> Compiled:
            ground, fragments, variables = self._ground, asking.apart.fragments, asking.variables
            takes_cursors = asking.apart.node.operation is not OperationType.MUTATION
            return compile_stored(ground, fragments, what, key, mentions, actor, variables, takes_cursors=takes_cursors)

        known = (asking.apart.number, id(mentions[0]), what, asking.shape, self._ground.policy.key(actor))
        asking = replace(asking, request=replace(asking.request, mark=mark))
        return self._filled(known, make, asking, path)

    def answers(self, asking: Asking, key: str, mentions: Sequence[FieldNode]) -> list[Asked]:
        """Make the reading of each record ready that a mutation's field may give; raises as `root`."""
        mutation = self._ground.schema.mutation_type
        field = mutation.fields.get(mentions[0].name.value) if mutation else None
        return [] if field is None else self._records(asking, field, mentions, (key,))

    def events(self, asking: Asking, key: str, mentions: Sequence[FieldNode]) -> list[Asked]:
        """Make the reading of each record ready that an event of a subscription's field may hold; raises as `root`."""
        schema = self._ground.schema
        root = schema.subscription_type.fields.get(mentions[0].name.value) if schema.subscription_type else None
        event = get_named_type(root.type) if root is not None else None
        if not isinstance(event, GraphQLObjectType):
            return []
        document = Document(schema, asking.apart.fragments, asking.variables)
        found: list[Asked] = []
        for inner, nodes in document.subfields(mentions, event).items():
            field = event.fields.get(nodes[0].name.value)
            if field is not None:
                found += self._records(asking, field, nodes, (key, inner))
        return found

    def _records(
        self, asking: Asking, field: GraphQLField, mentions: Sequence[FieldNode], path: tuple[str | int, ...]
    ) -> list[Asked]:
        of = get_named_type(field.type)
        members = self._ground.schema.get_possible_types(of) if is_abstract_type(of) else [of]
        nouns = [each.name for each in members if each.name in self._ground.shapes.catalogue]
        return [self.marked(asking, StoredRecord(noun, ""), mentions, path) for noun in nouns]

    def _filled(
        self, known: Hashable, make: Callable[[], Compiled], asking: Asking, path: tuple[str | int, ...]
    ) -> Asked:
        spent_ms: float | None = None

        def timed() -> Ready:
            nonlocal spent_ms
            begun = time.perf_counter()
            compiled = make()
            ready = Ready(compiled, generate(compiled.view))
            spent_ms = (time.perf_counter() - begun) * 1_000
            return ready

        ready = self._shelf(asking.apart).get(known, timed)
        return Asked(ready, *ready.compiled.bindings.fill(asking.variables, asking.request), path, spent_ms)


def fragments_of(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    """Give a document's fragments by name."""
    return {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
