"""One GraphQL operation, from request to answer: measured, validated, executed, its errors made fit for callers.

Strawberry defines the schema; the steps between are graphql-core's own functions, called here one after the other, so
that limits come before validation, and documents that were seen before are neither parsed nor validated again.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import lru_cache
from inspect import isawaitable
from typing import Any, cast

from graphql import (
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    execute,
    subscribe,
)

from opsplan.calls.context import Context
from opsplan.calls.errors import PublicError, describe, public
from opsplan.calls.urgency import is_urgent, urgent_fields
from opsplan.reading.asking import fragments_of
from opsplan.reading.executor import ReadingExecutor
from opsplan.reading.reads import Reads
from opsplan.vocabulary.errors import OpsplanError
from opsplan.web.documents.trusted import NONE_TRUSTED, TrustedDocuments
from opsplan.web.limits import Limits
from opsplan.web.preparing import Prepared, Unfit, bad, prepare
from opsplan.web.requests import GraphQLRequest
from opsplan.web.unseen import data_given_back, errors_given_back
from opsplan.web.variables import errors_in

_OF_A_VARIABLE = "Variable '$"
"""How graphql-core's errors about the values of variables begin."""
_REMEMBERED_DOCUMENTS = 512
_LONGEST_AT_ONCE = 3_000
"""Characters of a document that is prepared at once."""

_LONGEST_REMEMBERED = 20_000
"""Characters of a document; longer ones are prepared anew each time, so that the memory of them stays small."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """One operation of a prepared document, with the caller's variables, not yet coerced.

    `trusted` is the document's id, if it is a trusted one.
    """

    prepared: Prepared
    operation: OperationDefinitionNode
    variables: dict[str, Any]
    trusted: str | None = None

    @property
    def kind(self) -> OperationType:
        """Query, mutation or subscription."""
        return self.operation.operation

    @property
    def name(self) -> str | None:
        """The operation's name, if it has one."""
        return self.operation.name.value if self.operation.name else None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one operation.

    Attributes
    ----------
    data
        The data; meaningful only if `executed`.
    errors
        Fit for callers.
    executed
        Whether execution began; if not, an answer has no `data` at all.
    kind
        The operation's kind where it got that far.
    extensions
        Further facts for the answer.
    """

    data: Any
    errors: list[GraphQLError]
    executed: bool
    kind: OperationType | None = None
    extensions: dict[str, Any] = field(default_factory=dict)

    def content(self) -> dict[str, Any]:
        """Give the answer as the GraphQL specification has it."""
        content: dict[str, Any] = {}
        if self.errors:
            content["errors"] = [error.formatted for error in self.errors]
        if self.executed:
            content["data"] = self.data
        if self.extensions:
            content["extensions"] = self.extensions
        return content


class Operations:
    """Executes operations of one schema.

    Parameters
    ----------
    schema
        The schema.
    limits
        How large an operation may be.
    reads
        The reading room's reads over that schema, which answer most queries whole.
    trusted
        Documents that are prepared already and stay so, and whether no others are taken.
    """

    def __init__(
        self, schema: GraphQLSchema, limits: Limits, reads: Reads, trusted: TrustedDocuments = NONE_TRUSTED
    ) -> None:
        self.schema = schema
        self.limits = limits
        self.trusted = trusted
        self._reads = reads
        for each in trusted:
            reads.keep(each.prepared.document)
        self._urgent = urgent_fields(schema)
        self._preparing = asyncio.Semaphore(1)
        self._remembered = lru_cache(_REMEMBERED_DOCUMENTS)(self._prepare)

    async def chosen(self, request: GraphQLRequest) -> "Chosen | Outcome":
        """As `choose`; a long document is prepared beside the event loop, which others need meanwhile.

        One at a time: the interpreter runs one thing at once, and short requests must not wait behind many long ones.
        """
        if not is_long(request):
            return self.choose(request)
        async with self._preparing:
            return await asyncio.to_thread(self.choose, request)

    def choose(self, request: GraphQLRequest) -> "Chosen | Outcome":
        """Prepare a request's document and choose its operation; an outcome when it is refused."""
        try:
            return self._choose(request)
        except GraphQLError as refused:
            return _refused(refused)
        except Unfit as unfit:
            return Outcome(None, public(unfit.errors), executed=False)
        except OpsplanError as refused:
            return _refused(_error(refused))

    def is_urgent(self, chosen: "Chosen") -> bool:
        """Whether an operation does urgent things only."""
        if chosen.kind is not OperationType.MUTATION:
            return False
        return is_urgent(chosen.operation, fragments_of(chosen.prepared.document), self._urgent)

    async def answer(self, chosen: "Chosen", context: Context) -> Outcome:
        """Execute a query or a mutation.

        Never raises for what a caller or the service did wrong: that stands in the outcome's errors.
        """
        if chosen.kind is OperationType.SUBSCRIPTION:
            return _refused(
                bad("A subscription needs a WebSocket.", "connect with the subprotocol graphql-transport-ws")
            )
        try:
            result = await self._execute(chosen, context)
        except Exception as failure:  # noqa: BLE001 - whatever it is, the caller gets an error id and the log the rest
            return Outcome(None, errors_given_back([_error(failure)], context), executed=False, kind=chosen.kind)
        return _outcome(self._with_fields(result, chosen), chosen.kind, context)

    def _with_fields(self, result: ExecutionResult, chosen: "Chosen") -> ExecutionResult:
        """Give a result whose errors name field, value and remedy, where it was the variables that did not fit."""
        found = result.errors or []
        if result.data is not None or not found or not found[0].message.startswith(_OF_A_VARIABLE):
            return result
        return ExecutionResult(None, errors_in(self.schema, chosen.operation, chosen.variables) or found)

    async def stream(self, request: GraphQLRequest, context: Context) -> AsyncGenerator[Outcome, None]:
        """Execute a subscription, outcome by outcome; nothing else is taken.

        Opening it may be refused by the caller's budget. What it reads later is charged, and does not break it.
        """
        chosen = await self.chosen(request)
        if isinstance(chosen, Outcome):
            yield chosen
            return
        if chosen.kind is not OperationType.SUBSCRIPTION:
            yield _refused(bad("A socket is for subscriptions.", "send queries and mutations by POST"))
            return
        try:
            context.begin(self._foreseen(chosen, context), finishes=True)
            started = subscribe(
                self.schema,
                chosen.prepared.document,
                context_value=context,
                variable_values=chosen.variables,
                operation_name=chosen.name,
                executor_class=ReadingExecutor,
            )
            events = await started if isawaitable(started) else started
            if isinstance(events, ExecutionResult):
                yield _outcome(self._with_fields(events, chosen), chosen.kind, context)
                return
            # Closed with us, so that the source learns at once that nobody listens any more.
            async with aclosing(cast("AsyncGenerator[ExecutionResult, None]", events)):
                async for event in events:
                    yield _outcome(event, chosen.kind, context)
        except Exception as failure:  # noqa: BLE001 - whatever it is, the caller gets an error id and the log the rest
            yield Outcome(None, errors_given_back([_error(failure)], context), executed=False, kind=chosen.kind)

    async def _execute(self, chosen: "Chosen", context: Context) -> ExecutionResult:
        if chosen.kind is OperationType.QUERY and chosen.prepared.is_kept:
            read = await self._reads.answer(chosen.prepared.document, chosen.operation, chosen.variables, context)
            if read is not None:
                return read
        # Once a change is made, its answer is not refused.
        context.begin(self._foreseen(chosen, context), finishes=chosen.kind is OperationType.MUTATION)
        result = execute(
            self.schema,
            chosen.prepared.document,
            context_value=context,
            variable_values=chosen.variables,
            operation_name=chosen.name,
            executor_class=ReadingExecutor,
        )
        return await result if isawaitable(result) else result

    def _foreseen(self, chosen: "Chosen", context: Context) -> int:
        return self._reads.foresee(chosen.prepared.document, chosen.operation, chosen.variables, context)

    def _choose(self, request: GraphQLRequest) -> "Chosen":
        # Where only trusted documents are taken, others end here: they are neither parsed nor measured.
        trusted = self.trusted.find(request)
        prepared = trusted.prepared if trusted is not None else self._prepared(request.query or "")
        return Chosen(
            prepared,
            _operation(prepared, request.operation_name),
            request.variables or {},
            trusted.id if trusted is not None else None,
        )

    def _prepared(self, text: str) -> Prepared:
        return self._remembered(text) if _is_short(text) else self._prepare(text)

    def _prepare(self, text: str) -> Prepared:
        return prepare(self.schema, self.limits, text, is_kept=_is_short(text))


def _operation(prepared: Prepared, name: str | None) -> OperationDefinitionNode:
    if name is None:
        if len(prepared.operations) == 1:
            return prepared.operations[0]
        if not prepared.operations:
            raise bad("The document has no operation.", "give a query, mutation or subscription")
        raise bad("The document has several operations.", "name one of them as operationName")
    for operation in prepared.operations:
        if operation.name is not None and operation.name.value == name:
            return operation
    raise bad("The document has no operation of that name.", "name one that it has as operationName")


def is_long(request: GraphQLRequest) -> bool:
    """Whether a request's document may take tenths of a second to be prepared."""
    return len(request.query or "") > _LONGEST_AT_ONCE


def _is_short(query: str) -> bool:
    return len(query) <= _LONGEST_REMEMBERED


def _refused(error: GraphQLError) -> Outcome:
    return Outcome(None, public([error]), executed=False)


def _error(failure: Exception) -> GraphQLError:
    if isinstance(failure, GraphQLError):
        return public([failure])[0]
    message, extensions = describe(failure)
    return PublicError(message, extensions=extensions)


def _outcome(result: ExecutionResult, kind: OperationType, context: Context) -> Outcome:
    errors = public(result.errors or [])
    # Where variables could not be coerced, nothing was executed: no error has a place in the answer.
    executed = result.data is not None or not errors or any(error.path is not None for error in errors)
    data, errors = data_given_back(result.data, context), errors_given_back(errors, context)
    return Outcome(data, errors, executed, kind, dict(result.extensions or {}))
