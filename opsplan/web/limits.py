"""How large an operation may be, measured on the parsed document before it is validated.

Fragments are counted as often as they are spread, so that a few lines that unfold into millions of fields are
refused; each fragment is measured once, so that measuring them costs nothing of the kind.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How large one operation may be.

    Parameters
    ----------
    depth
        Fields inside fields.
    aliases
        Fields under another name, all together, fragments unfolded.
    fields
        Fields altogether, fragments unfolded.
    repeats
        Mentions of one field in one selection: validation compares each with each other.
    tokens
        Lexical tokens of the document.
    """

    depth: int = 30
    aliases: int = 50
    fields: int = 1_000
    repeats: int = 20
    tokens: int = 5_000


@dataclass(frozen=True, slots=True)
class Size:
    """How large a selection is, fragments unfolded."""

    depth: int = 0
    aliases: int = 0
    fields: int = 0
    repeats: int = 0


def refused_by(document: DocumentNode, limits: Limits) -> list[GraphQLError]:
    """Give an error for each operation of the document that is too large; empty when all may go on."""
    return [error for operation, size in sizes_of(document) for error in _errors(operation, size, limits)]


def sizes_of(document: DocumentNode) -> list[tuple[OperationDefinitionNode, Size]]:
    """Give each operation of a document with its size."""
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    measure = _Measure(fragments)
    return [
        (each, measure.of(each.selection_set))
        for each in document.definitions
        if isinstance(each, OperationDefinitionNode)
    ]


def size_of(document: DocumentNode) -> Size:
    """Give the size of a document's largest operation, measure by measure."""
    sizes = [size for _, size in sizes_of(document)]
    return Size(
        depth=max((each.depth for each in sizes), default=0),
        aliases=max((each.aliases for each in sizes), default=0),
        fields=max((each.fields for each in sizes), default=0),
        repeats=max((each.repeats for each in sizes), default=0),
    )


def _errors(operation: OperationDefinitionNode, size: Size, limits: Limits) -> Iterable[GraphQLError]:
    for name, is_, most in (
        ("depth", size.depth, limits.depth),
        ("aliases", size.aliases, limits.aliases),
        ("fields", size.fields, limits.fields),
        ("repeats", size.repeats, limits.repeats),
    ):
        if is_ > most:
            yield GraphQLError(
                f"The operation is too large ({name} {is_:,}, at most {most:,}); ask for less at once.",
                nodes=[operation],
                extensions={
                    "code": "QUERY_TOO_LARGE",
                    "retryable": False,
                    "measure": name,
                    "value": is_,
                    "limit": most,
                    "remedy": f"keep its {name} at {most:,} or below",
                },
            )


class _Measure:
    """Measures selections, each fragment once. A fragment that spreads itself counts as nothing there: validation
    refuses it."""

    def __init__(self, fragments: dict[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments
        self._known: dict[str, Size] = {}

    def of(self, selection_set: SelectionSetNode | None) -> Size:
        depth = aliases = fields = repeats = 0
        mentions: Counter[str] = Counter()
        for selection in selection_set.selections if selection_set else ():
            if isinstance(selection, FieldNode):
                inner = self.of(selection.selection_set)
                depth = max(depth, inner.depth + 1)
                aliases += inner.aliases + (selection.alias is not None)
                fields += inner.fields + 1
                repeats = max(repeats, inner.repeats)
                mentions[(selection.alias or selection.name).value] += 1
            else:
                inner = self._spread(selection)
                depth = max(depth, inner.depth)
                aliases += inner.aliases
                fields += inner.fields
                repeats = max(repeats, inner.repeats)
        return Size(depth, aliases, fields, max(repeats, *mentions.values(), 0))

    def _spread(self, selection: object) -> Size:
        if isinstance(selection, InlineFragmentNode):
            return self.of(selection.selection_set)
        if not isinstance(selection, FragmentSpreadNode):
            return Size()
        name = selection.name.value
        if name not in self._known:
            fragment = self._fragments.get(name)
            self._known[name] = Size()
            if fragment is not None:
                self._known[name] = self.of(fragment.selection_set)
        return self._known[name]
