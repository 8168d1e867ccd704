"""Whether trusted documents fit the schema and its limits; told of all of them before the service begins."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from graphql import GraphQLError, OperationDefinitionNode, parse

from opsplan.reading.most_cost import most_cost
from opsplan.reading.reads import Reads
from opsplan.vocabulary.errors import Invalid
from opsplan.web.documents.manifest import Entry, Fault, label, read_documents
from opsplan.web.documents.trusted import TrustedDocument
from opsplan.web.limits import Limits
from opsplan.web.preparing import Prepared, Unfit, prepare


@dataclass(frozen=True, slots=True)
class Checked:
    """The documents that fit, and all that is wrong with the others."""

    documents: tuple[TrustedDocument, ...]
    faults: tuple[Fault, ...]


def check_documents(path: Path, reads: Reads, limits: Limits) -> Checked:
    """Read the documents of a file or folder and hold each against the schema and the limits.

    Parameters
    ----------
    path
        A manifest, a GraphQL document, or a folder of such; see `opsplan.web.documents.manifest`.
    reads
        The reading room's reads over the schema.
    limits
        How large an operation may be.
    """
    entries, faults = read_documents(path)
    prepared: dict[str, Prepared] = {}
    documents: list[TrustedDocument] = []
    for entry in entries:
        wrong: list[str] = []
        if entry.text not in prepared:
            try:
                prepared[entry.text] = prepare(reads.ground.schema, limits, entry.text, is_kept=True)
            except Unfit as unfit:
                wrong = [_words(each) for each in unfit.errors]
        ready = prepared.get(entry.text)
        if ready is not None:
            wrong = [*_wrong_operations(entry, ready.operations), *_always_refused(ready, reads)]
        if ready is None or wrong:
            names = _names(entry.text, limits)
            faults += [Fault(label(entry, names), each) for each in wrong]
        else:
            documents.append(TrustedDocument(entry.id, entry.text, ready))
    return Checked(tuple(documents), tuple(faults))


def names_of(operations: Iterable[OperationDefinitionNode]) -> list[str]:
    """Give the names of operations, of those that have one."""
    return [each.name.value for each in operations if each.name is not None]


def _wrong_operations(entry: Entry, operations: tuple[OperationDefinitionNode, ...]) -> Iterator[str]:
    if not operations:
        yield "it has no operation; fragments belong into the documents that use them"
    elif entry.declared is not None:
        name, kind = entry.declared
        if [(name, kind)] != [(each.name.value if each.name else "", each.operation.value) for each in operations]:
            yield f"the manifest calls it the {kind} {name}, and its text is not that operation alone"


def _always_refused(prepared: Prepared, reads: Reads) -> Iterator[str]:
    """Say what would be refused whoever asks: what has no variables can be bounded now."""
    for operation in prepared.operations:
        if operation.variable_definitions:
            continue
        try:
            most_cost(reads, prepared.document, operation)
        except Invalid as refused:
            yield refused.message


def _words(error: GraphQLError) -> str:
    places = "; ".join(f"line {each.line}, column {each.column}" for each in error.locations or ())
    return f"{error.message}{f' ({places})' if places else ''}"


def _names(text: str, limits: Limits) -> list[str]:
    """Give the names of a text's operations, where it can be parsed at all."""
    try:
        document = parse(text, no_location=True, max_tokens=limits.tokens)
    except GraphQLError:
        return []
    return names_of(each for each in document.definitions if isinstance(each, OperationDefinitionNode))
