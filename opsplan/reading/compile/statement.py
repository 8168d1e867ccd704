"""What all parts of one statement share: names, parameters, and every way to a record with the policy on it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from opsplan.reading.compile.bindings import Bindings, Path, or_now
from opsplan.reading.compile.conditions import bound_value, stored
from opsplan.reading.compile.known import between, followed, holds, restricted, seen, shown
from opsplan.reading.compile.search import Found, lucene, search_pieces, whole_pieces
from opsplan.reading.compile.selection import Document
from opsplan.reading.complete.late import Computation
from opsplan.reading.limits import Limits
from opsplan.reading.names import camel
from opsplan.reading.policy import Policy
from opsplan.reading.shape.fields import Hop, OwnerHop, ValueField
from opsplan.reading.shape.shapes import Shapes
from opsplan.records.declaration import Computed, Derived, Direction, Kind, Noun, Relation
from opsplan.records.search import index_name
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.errors import Invalid
from opsplan.vocabulary.sentences import say


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
    everything else is a parameter. `takes_cursors` is false for the answer of a mutation.
    """

    shapes: Shapes
    document: Document
    limits: Limits
    policy: Policy
    actor: Actor
    takes_cursors: bool = True
    bindings: Bindings = field(default_factory=Bindings)
    computations: list[Computation] = field(default_factory=list)
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
                say(
                    "{path}: the selection has more than {most_parts} references and lists.",
                    path=path,
                    most_parts=self.limits.most_parts,
                ),
                field=path,
                value=self._parts,
                remedy=say("ask for less at once, in several operations"),
            )

    def computation(self, computed: Computed, slots: Mapping[str, int]) -> int:
        """Note that a field is to be computed with the arguments in these slots; give the computation's number."""
        one = Computation(computed, dict(slots))
        if one not in self.computations:
            self.computations.append(one)
        return self.computations.index(one)

    def value(self, noun: Noun, node: str, value: ValueField) -> str:
        """Give the expression of a property as the reader may see it."""
        if value.declared is None:
            return f"{node}.{value.key}"
        return shown(self.policy, self.actor, (noun,), node, value.key) or f"{node}.{value.key}"

    def visible(self, nouns: Noun | Sequence[Noun], node: str) -> list[str]:
        """Give the policy's conditions on a record that is of one noun, or of one of several."""
        return seen(self.policy, self.actor, (nouns,) if isinstance(nouns, Noun) else nouns, node)

    def visible_over(self, noun: Noun, node: str, hop: Hop, nouns: Sequence[Noun], other: str) -> list[str]:
        """As `visible`, of what a hop leads to from `node`, a record of `noun` that is there for the reader."""
        beyond = self.policy.beyond(self.actor, noun, hop, nouns[0]) if len(nouns) == 1 else None
        if beyond is None:
            return self.visible(nouns, other)
        return [holds(beyond.replace("{node}", node))] if beyond else []

    def in_force(self, noun: Noun, node: str) -> list[str]:
        """Give the condition that a record is not retired."""
        return [] if noun.system else [f"NOT {node}:Retired"]

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
        owner = shown(self.policy, self.actor, (noun,), node, "owner_id") or f"{node}.owner_id"
        label = "|".join(each.label for each in targets)
        if isinstance(hop, Relation):
            conditions = followed(self.policy, self.actor, self.shapes.catalogue, noun, hop, node, other)
        else:
            predicate = self.policy.predicate(self.actor, noun, hop=hop)
            conditions = [] if predicate is None else [holds(between(predicate, node, other))]
        if isinstance(hop, OwnerHop):
            return Way(f"MATCH ({other}:Record&{label} {{id: {owner}}}) ", conditions)
        if isinstance(hop, Derived):
            edge = self.name("e") if hop.edge else None
            text = self._derived(noun, hop, node, other, edge, given)
            return Way(f"{text} WITH {other}{f', {edge}' if edge else ''} ", conditions, edge)
        left = "<-" if hop.direction is Direction.IN else "-"
        right = "->" if hop.direction is Direction.OUT else "-"
        text = f"MATCH ({node}){left}[:{hop.type}]{right}({other}:{label}) "
        if hop.direction is Direction.BOTH:
            text += f"WITH DISTINCT {other} "
        return Way(text, conditions)

    def _derived(
        self,
        noun: Noun,
        derived: Derived,
        node: str,
        other: str,
        edge: str | None,
        given: tuple[int, dict[str, Any]] | None,
    ) -> str:
        text = restricted(self.policy, self.actor, self.shapes.catalogue, self.shapes.way(noun, derived))
        text = text.replace("{node}", node).replace("{other}", other)
        if edge is not None:
            text = text.replace("{edge}", edge)
        for bound, allowed in derived.bounds.items():
            chosen = bound_value(bound, given[1].get(camel(bound)) if given else None, allowed)
            text = text.replace(f"{{{bound}}}", str(chosen))
        for name, kind in derived.parameters.items():
            parameter = self._derived_parameter(name, kind, given)
            text = re.sub(rf"\${name}\b", lambda _, parameter=parameter: parameter, text)  # type: ignore[misc]
        return text.strip()

    def _derived_parameter(self, name: str, kind: Kind, given: tuple[int, dict[str, Any]] | None) -> str:
        if given is None:
            return "$now" if kind is Kind.INSTANT else "null"
        path: Path = (camel(name),)
        if kind is Kind.INSTANT:
            return self.bindings.parameter(given[0], path, or_now)
        return self.bindings.parameter(given[0], path, stored)

    def text_search(self, noun: Noun, node: str, arguments: int, path: Path) -> tuple[str, list[str]]:
        """Give the clause that finds the records of a noun by their names, from its full-text index, and conditions.

        The index knows names that the reader may not; what it finds by them is left out before anything is counted.
        """
        parameter = self.bindings.parameter(arguments, path, lucene)
        text = f"CALL db.index.fulltext.queryNodes('{index_name(noun)}', {parameter}) YIELD node AS {node} WITH {node} "
        if not self.found(noun, node).is_restricted:
            return text, []
        return text, [self.text_condition(noun, node, self.bindings.parameter(arguments, path, search_pieces))]

    def text_condition(self, noun: Noun, node: str, pieces: str) -> str:
        """Give the predicate that a record is found by a text, whose pieces are a parameter: as the index answers."""
        return self.found(noun, node).condition(pieces)

    def text_points(self, noun: Noun, node: str, arguments: int, path: Path) -> str:
        """Give the measure of how well a text finds a record."""
        pieces = self.bindings.parameter(arguments, path, search_pieces)
        return self.found(noun, node).points(pieces, self.bindings.parameter(arguments, path, whole_pieces))

    def found(self, noun: Noun, node: str) -> Found:
        """Give what a record is found by, as far as the reader may see it."""
        return Found(self.policy, self.actor, noun, node)
