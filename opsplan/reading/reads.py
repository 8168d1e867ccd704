"""The door of the reading room: everything that a schema and a request need to be answered by compiled reads."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
)
from graphql.execution.values import VariableValues

from opsplan.graph.plans import Step
from opsplan.reading.answers import result_of
from opsplan.reading.asking import Asked, Asking, Asks, fragments_of
from opsplan.reading.compile.bindings import Request
from opsplan.reading.compile.cost import refuse_too_costly, total_cost
from opsplan.reading.compile.operation import Ground, Operation
from opsplan.reading.complete.careful import complete_with_care
from opsplan.reading.complete.generate import Irregular
from opsplan.reading.complete.late import fill_in
from opsplan.reading.complete.marker import Completed
from opsplan.reading.context import ReadingContext
from opsplan.reading.cursors import CursorKey
from opsplan.reading.trace import Part, Trace
from opsplan.vocabulary.clock import instant_text


class Reads:
    """Compiled reads over one schema; safe to share among the tasks of one event loop.

    Parameters
    ----------
    ground
        The schema with its shapes, limits and policy.
    cursors
        The key of cursors, the same for all processes of a service.
    timeout_s
        Seconds that a statement may take.
    kept
        How many documents, and how many compiled shapes of them, are kept.
    """

    def __init__(
        self, ground: Ground, cursors: CursorKey, *, timeout_s: float | None = None, kept: int = 1_000
    ) -> None:
        self.ground = ground
        self.cursors = cursors
        self._timeout_s = timeout_s
        self._asks = Asks(ground, kept)

    def keep(self, document: DocumentNode) -> None:
        """Keep the operations of a trusted document, and what is compiled for them, for good."""
        self._asks.keep(document)

    async def answer(
        self,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
        context: ReadingContext,
    ) -> ExecutionResult | None:
        """Answer a query of a valid document without graphql-core, or give None where it has to be graphql-core.

        It has to be where variables do not fit their types, and where a root field is not of the reading room: then
        `opsplan.reading.executor.ReadingExecutor` has the reading room's fields read in between.

        Parameters
        ----------
        document, operation
            The same objects for the same text, so that what was compiled for them is found again.
        variables
            As the caller gave them.

        Raises
        ------
        OpsplanError
            If the operation may cost too much, all its fields together, or the reader's budget is used up: then no
            statement has gone out. What is wrong with one field alone is that field's error in the answer.
        """
        apart = self._asks.apart(operation, lambda: fragments_of(document))
        coerced = apart.variables(variables)
        if isinstance(coerced, list):
            return None
        fields = apart.root_fields(coerced)
        names = {mentions[0].name.value for mentions in fields.values()}
        if not all(name == _TYPENAME or self.ground.reads(name) for name in names):
            return None
        if context.trace is not None:
            context.trace.is_compiled = True
        asking = self._asking(apart, coerced, context)
        asked = [self._tried(asking, key, mentions) for key, mentions in fields.items()]
        self.charge([each for each in asked if isinstance(each, Asked)], context)
        return result_of(self.ground.schema, fields, await self._all(asked, context))

    def foresee(
        self,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
        context: ReadingContext,
    ) -> int:
        """Give what an operation may cost that graphql-core executes, before it begins.

        The bound is of all its root fields together: what is compiled, what mutations give, and a fixed cost for each
        that a resolver answers. Marks that resolvers leave deeper are not foreseen; `charge` bounds them as they come.
        Of a subscription it is what opening it costs.

        Raises
        ------
        OpsplanError
            If it may cost too much, or the answer of a mutation, or an event, cannot be read as it is asked for. So no
            change is made whose answer would be refused, and no subscription opened whose every event would be.
        """
        apart = self._asks.apart(operation, lambda: fragments_of(document))
        coerced = apart.variables(variables)
        if isinstance(coerced, list):
            return 0
        asking, limits = self._asking(apart, coerced, context), self.ground.limits
        cost = 0
        asked: list[Asked | Completed | Exception] = []
        for key, mentions in apart.root_fields(coerced).items():
            name = mentions[0].name.value
            if context.trace is not None and not self.ground.reads(name):
                context.trace.ordinary.append(key)
            if name in _INTROSPECTION:
                cost += limits.largest_page
            elif operation.operation is OperationType.MUTATION:
                cost += 0 if name == _TYPENAME else limits.mutation_cost
                asked += self._asks.answers(asking, key, mentions)
            elif operation.operation is OperationType.SUBSCRIPTION:
                cost += 0 if name == _TYPENAME else limits.other_cost
                for each in self._asks.events(asking, key, mentions):
                    self._bounded([each], 0)
            elif self.ground.reads(name):
                asked.append(self._tried(asking, key, mentions))
            elif name != _TYPENAME:
                cost += limits.other_cost
        return self._bounded([each for each in asked if isinstance(each, Asked)], cost)

    def charge(self, asked: Sequence[Asked], context: ReadingContext, *, before: int = 0) -> int:
        """Have the reader charged for fields that are about to be read, and give what the operation costs by now.

        Parameters
        ----------
        before
            What fields of the same operation have cost before.

        Raises
        ------
        OpsplanError
            If the operation may cost too much with these, or the reader's budget is used up.
        """
        cost = self._bounded(asked, before)
        if asked:
            # A page of no records is a statement all the same.
            context.charge(max(1, cost - before))
        return cost

    def marked(
        self,
        mark: Any,
        mentions: Sequence[FieldNode],
        context: ReadingContext,
        fragments: Mapping[str, FragmentDefinitionNode],
        operation: OperationDefinitionNode,
        variables: VariableValues,
        path: tuple[str | int, ...],
    ) -> Asked:
        """Make ready what a resolver left a mark for, with the selection of its field.

        Raises
        ------
        OpsplanError
            If it is refused.
        """
        apart = self._asks.apart(operation, lambda: fragments)
        return self._asks.marked(self._asking(apart, variables, context), mark, mentions, path)

    async def read(self, asked: Asked, context: ReadingContext) -> Completed:
        """Read one field, in one statement.

        Raises
        ------
        OpsplanError
            If the graph fails.
        """
        if context.trace is not None:
            return await self._traced(asked, context, context.trace)
        text = asked.ready.compiled.text
        rows: list[list[Any]] = []
        if text is not None:
            rows = await context.graph.read_plain(text, asked.parameters, timeout_s=self._timeout_s)
        return await self._completed(asked, rows, context)

    async def _completed(self, asked: Asked, rows: list[list[Any]], context: ReadingContext) -> Completed:
        compiled = asked.ready.compiled
        if compiled.streams:
            rows = [[rows]]
        try:
            done = Completed(asked.ready.complete(rows, asked.slots))
        except Irregular:
            done = complete_with_care(compiled.view, rows, asked.slots, asked.path)
        if compiled.computations:
            await fill_in(done, compiled.view, rows, asked.slots, compiled.computations, context, asked.path)
        return done

    async def _traced(self, asked: Asked, context: ReadingContext, trace: Trace) -> Completed:
        """Read one field as ever, and note how that went."""
        compiled, parameters = asked.ready.compiled, asked.parameters
        rows: list[list[Any]] = []
        profile: Step | None = None
        begun = time.perf_counter()
        if compiled.text is not None and trace.profiles:
            rows, profile = await context.graph.profile_rows(compiled.text, parameters, timeout_s=self._timeout_s)
        elif compiled.text is not None:
            rows = await context.graph.read_plain(compiled.text, parameters, timeout_s=self._timeout_s)
        read = time.perf_counter()
        done = await self._completed(asked, rows, context)
        trace.parts.append(
            Part(
                path=asked.path,
                statement=compiled.text,
                parameters=sorted(parameters),
                was_known=asked.compile_ms is None,
                compile_ms=asked.compile_ms or 0.0,
                read_ms=(read - begun) * 1_000,
                complete_ms=(time.perf_counter() - read) * 1_000,
                rows=len(rows),
                carefully=done.with_care,
                computed=[each.computed.name for each in compiled.computations],
                profile=profile,
            )
        )
        return done

    def _asking(self, apart: Operation, variables: VariableValues, context: ReadingContext) -> Asking:
        actor = context.actor
        reader = self.ground.policy.parameters(actor)
        request = Request(actor, instant_text(context.clock()), self.cursors, reader)
        return Asking(apart, variables, apart.shape(variables), request)

    def _tried(self, asking: Asking, key: str, mentions: Sequence[FieldNode]) -> Asked | Completed | Exception:
        """Make one root field ready; what fails is given, so that the other fields are read to their end."""
        if mentions[0].name.value == _TYPENAME:
            return Completed(str(self.ground.schema.query_type))
        try:
            return self._asks.root(asking, key, mentions)
        except Exception as failure:  # noqa: BLE001 - as in graphql-core, what a field raises becomes its error
            return failure

    def _bounded(self, asked: Sequence[Asked], before: int) -> int:
        priced = [(each.ready.compiled.cost, each.slots) for each in asked]
        cost = before + total_cost(priced)
        refuse_too_costly(cost, priced, self.ground.limits.largest_cost)
        return cost

    async def _all(
        self, asked: Sequence[Asked | Completed | Exception], context: ReadingContext
    ) -> list[Completed | Exception]:
        async def done(each: Asked | Completed | Exception) -> Completed | Exception:
            if not isinstance(each, Asked):
                return each
            try:
                return await self.read(each, context)
            except Exception as failure:  # noqa: BLE001 - as in graphql-core, what a field raises becomes its error
                return failure

        if len(asked) == 1:
            return [await done(asked[0])]
        places = asyncio.Semaphore(self.ground.limits.at_once)

        async def in_turn(each: Asked | Completed | Exception) -> Completed | Exception:
            async with places:
                return await done(each)

        return list(await asyncio.gather(*map(in_turn, asked)))


_TYPENAME = "__typename"
_INTROSPECTION = frozenset({"__schema", "__type"})
_EXTENSION = "opsplan.reads"


def attach(reads: Reads) -> None:
    """Make a schema's executor find its reads."""
    reads.ground.schema.extensions[_EXTENSION] = reads


def reads_of(schema: GraphQLSchema) -> Reads:
    """Give the reads of a schema to which they were attached."""
    found: Reads = schema.extensions[_EXTENSION]
    return found
