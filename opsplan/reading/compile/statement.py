"""What all parts of one statement share: names, parameters, and every way to a record with the policy on it."""

import re
from dataclasses import dataclass, field
from typing import Any

from opsplan.reading.compile.bindings import Bindings, Path, Request
from opsplan.reading.compile.conditions import bound_value, stored
from opsplan.reading.compile.search import lucene
from opsplan.reading.compile.selection import Document
from opsplan.reading.limits import Limits
from opsplan.reading.names import camel
from opsplan.reading.policy import Policy
from opsplan.reading.shape.fields import Hop, OwnerHop, ValueField
from opsplan.reading.shape.shapes import Shapes
from opsplan.records.declaration import Derived, Direction, Kind, Noun
from opsplan.records.search import index_name
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.errors import Invalid

_NOW = re.compile(r"\$now\b")


@dataclass(frozen=True, slots=True)
class Way:
    """A way to other records: text that binds them, behind which WHERE may stand, and the conditions on the way."""

    text: str
    conditions: list[str]
    edge: str | None = None


@dataclass(slots=True)
class Statement:
    """One statement being put together.

    Nothing of a request's values enters the text: labels, relationship types and hop bounds come from the catalogue,
    everything else is a parameter.
    """

    shapes: Shapes
    document: Document
    limits: Limits
    policy: Policy
    actor: Actor
    bindings: Bindings = field(default_factory=Bindings)
    _names: int = 0
    _parts: int = 0

    def name(self, kind: str = "n") -> str:
        """Give a variable name that stands nowhere else in the statement."""
        self._names += 1
        return f"{kind}{self._names - 1}"

    def count_part(self, path: str) -> None:
        """Count a reference or a list of the selection.

        Raises
        ------
        Invalid
            If there are more than allowed.
        """
        self._parts += 1
        if self._parts > self.limits.most_parts:
            raise Invalid(
                f"{path}: the selection has more than {self.limits.most_parts} references and lists.",
                field=path,
                value=self._parts,
                remedy="ask for less at once, in several operations",
            )

    def value(self, noun: Noun, node: str, value: ValueField) -> str:
        """Give the expression of a property as the reader may see it."""
        if value.declared is None:
            return f"{node}.{value.key}"
        predicate = self.policy.predicate(self.actor, noun, declared=value.declared)
        if predicate is None:
            return f"{node}.{value.key}"
        return f"CASE WHEN {predicate.replace('{node}', node)} THEN {node}.{value.key} END"

    def visible(self, noun: Noun, node: str) -> list[str]:
        """Give the policy's conditions on a record."""
        predicate = self.policy.predicate(self.actor, noun)
        return [] if predicate is None else [f"({predicate.replace('{node}', node)})"]

    def in_force(self, noun: Noun, node: str) -> list[str]:
        """Give the condition that a record is not retired."""
        return [] if noun.system else [f"{node}.retired_at IS NULL"]

    def base_label(self, noun: Noun) -> str:
        """Give the label whose `id` is unique."""
        return "Reference" if noun.system else "Record"

    def hop(
        self,
        noun: Noun,
        node: str,
        hop: Hop,
        target: Noun | tuple[Noun, ...],
        other: str,
        given: tuple[int, dict[str, Any]] | None = None,
    ) -> Way:
        """Give the way from `node`, a record of `noun`, to `other`.

        Parameters
        ----------
        given
            For a derived list: the number of the field's arguments, and their values now.
        """
        targets = target if isinstance(target, tuple) else (target,)
        label = "|".join(each.label for each in targets)
        predicate = self.policy.predicate(self.actor, noun, hop=hop)
        conditions = [] if predicate is None else [f"({predicate.replace('{node}', node).replace('{other}', other)})"]
        if isinstance(hop, OwnerHop):
            return Way(f"MATCH ({other}:Record&{label} {{id: {node}.owner_id}}) ", conditions)
        if isinstance(hop, Derived):
            edge = self.name("e") if hop.edge else None
            text = self._derived(hop, node, other, edge, given)
            return Way(f"{text} WITH {other}{f', {edge}' if edge else ''} ", conditions, edge)
        left = "<-" if hop.direction is Direction.IN else "-"
        right = "->" if hop.direction is Direction.OUT else "-"
        text = f"MATCH ({node}){left}[:{hop.type}]{right}({other}:{label}) "
        if hop.direction is Direction.BOTH:
            text += f"WITH DISTINCT {other} "
        return Way(text, conditions)

    def _derived(
        self, derived: Derived, node: str, other: str, edge: str | None, given: tuple[int, dict[str, Any]] | None
    ) -> str:
        text = derived.cypher.replace("{node}", node).replace("{other}", other)
        if edge is not None:
            text = text.replace("{edge}", edge)
        for bound, allowed in derived.bounds.items():
            chosen = bound_value(bound, given[1].get(camel(bound)) if given else None, allowed)
            text = text.replace(f"{{{bound}}}", str(chosen))
        for name, kind in derived.parameters.items():
            parameter = self._derived_parameter(name, kind, given)
            text = re.sub(rf"\${name}\b", lambda _, parameter=parameter: parameter, text)  # type: ignore[misc]
        self.uses_now(text)
        return text.strip()

    def _derived_parameter(self, name: str, kind: Kind, given: tuple[int, dict[str, Any]] | None) -> str:
        if given is None:
            return self.bindings.now() if kind is Kind.INSTANT else "null"
        path: Path = (camel(name),)
        if kind is Kind.INSTANT:
            return self.bindings.parameter(given[0], path, _or_now)
        return self.bindings.parameter(given[0], path, stored)

    def uses_now(self, text: str) -> None:
        """Note that a declared text speaks of the present instant."""
        if _NOW.search(text):
            self.bindings.now()

    def text_search(self, noun: Noun, node: str, arguments: int, path: Path) -> str:
        """Give the clause that finds the records of a noun by their names, from its full-text index."""
        parameter = self.bindings.parameter(arguments, path, lucene)
        return f"CALL db.index.fulltext.queryNodes('{index_name(noun)}', {parameter}) YIELD node AS {node} WITH {node} "

    def text_condition(self, node: str, parameter: str) -> str:
        """Give the predicate that a record is found by a text: the same answer as the index gives.

        The parameter holds for each word its alternatives, for each alternative the pieces that must all occur.
        """
        kept = f"(' ' + coalesce({node}.search_text, '') + ' ')"
        return (
            f"(size({parameter}) > 0 AND all(word IN {parameter} WHERE any(way IN word WHERE "
            f"all(piece IN way WHERE {kept} CONTAINS piece))))"
        )


def _or_now(value: Any, request: Request) -> Any:
    return request.now if value is None else value
