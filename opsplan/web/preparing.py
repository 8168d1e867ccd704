"""From a document's text to one that may be executed: parsed, measured, validated, in this order."""

from dataclasses import dataclass

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    parse,
    validate,
)

from opsplan.calls.errors import PublicError
from opsplan.web.deprecations import deprecated_in
from opsplan.web.limits import Limits, refused_by

_MOST_ERRORS = 20


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A document that is parsed, of bearable size, and valid.

    `is_kept` says that the same text gives this same value again, so that what is compiled for it is worth keeping.
    `deprecated` are the coordinates of what it uses and is deprecated.
    """

    document: DocumentNode
    operations: tuple[OperationDefinitionNode, ...]
    is_kept: bool
    deprecated: tuple[str, ...] = ()


class Unfit(Exception):
    """A document that cannot be executed; `errors` say all that is wrong with it."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__()
        self.errors = errors


def prepare(schema: GraphQLSchema, limits: Limits, text: str, *, is_kept: bool) -> Prepared:
    """Parse, measure and validate a document.

    Raises
    ------
    Unfit
        If one of the three fails.
    """
    try:
        document = parse(text, max_tokens=limits.tokens)
    except GraphQLSyntaxError as refused:
        if "Parsing aborted" in refused.message:
            too_large = bad(
                f"The operation is too large: it may have {limits.tokens:,} tokens, and no deeper nests than "
                f"{limits.depth} fields need.",
                "ask for less at once, and send values as variables",
                code="QUERY_TOO_LARGE",
            )
            raise Unfit([too_large]) from refused
        raise Unfit([refused]) from refused
    errors = refused_by(document, limits) or validate(schema, document, max_errors=_MOST_ERRORS)
    if errors:
        raise Unfit(errors)
    operations = tuple(each for each in document.definitions if isinstance(each, OperationDefinitionNode))
    return Prepared(document, operations, is_kept, deprecated_in(schema, document))


def bad(message: str, remedy: str, *, code: str = "BAD_QUERY") -> GraphQLError:
    """Make the error that tells a caller what is wrong with a document, and what helps."""
    return PublicError(message, extensions={"code": code, "retryable": False, "remedy": remedy})
