"""The policy of the nouns' own declarations: who may know of a record, and of all that cannot be without it.

A noun says who may read its records (`opsplan.records.declaration.Readership`). What must refer to such a record is
there only with it: an action with its operation, a warrant with its action, a comment with what it is about. So no
answer holds a record that refers to something that is not there for the reader.

Each condition is asked of the graph as it stands, over the relationships that already say what belongs where; nothing
is copied to records that could be forgotten when an operation is closed to others, or opened.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from opsplan.records.declaration import Catalogue, Direction, Noun, Property, Relation
from opsplan.vocabulary.actor import Actor

_MOST_STEPS = 5
"""Longest way from a record over what it must refer to, as from a comment on a part of a mode of an action."""


class DeclaredReadership:
    """The policy of all reading (`opsplan.reading.policy`), and of what writers find by its owner's name for it.

    Parameters
    ----------
    catalogue
        All nouns.

    Raises
    ------
    ValueError
        If a noun follows what is no required relation of its own.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._predicates: dict[str, str | None] = {}
        for noun in catalogue:
            self._followed(noun)
            own = noun.readership.condition
            self._predicates[noun.name] = self._conjunction(noun, "{node}", noun.name.lower(), own)

    def key(self, actor: Actor, /) -> Hashable:
        """Give a small value that two readers share exactly if their predicates have the same text."""
        return actor.reads_all

    def predicate(
        self, actor: Actor, noun: Noun, /, *, hop: object = None, declared: Property | None = None
    ) -> str | None:
        """Give the Cypher predicate on ``{node}``, or None where all is open.

        Records are there or not; what is there is shown whole, so there is none for a `hop` or a property.
        """
        return self._predicates[noun.name] if not actor.reads_all and hop is None and declared is None else None

    def shared(self, actor: Actor, nouns: Sequence[Noun], /) -> str | None:
        """Give one predicate for records of any of these nouns: nothing that they rest on is hidden.

        As it follows whatever a record must refer to, it says the same as the nouns' own do, in a tenth of the text;
        for one noun alone its own is cheaper.
        """
        if actor.reads_all or not any(noun.name in self._restricted for noun in nouns):
            return None
        # What is said of a record itself may be other than what is said of its parts.
        heads = [noun for noun in self._catalogue if noun.readership.of_its_parts is not None]
        by_itself = [f"({{node}}:{noun.name} AND ({noun.readership.condition}))" for noun in heads]
        others = "".join(f"NOT {{node}}:{noun.name} AND " for noun in heads)
        return " OR ".join((*by_itself, f"({others}NOT {self._hidden_below('{node}', 'shared_root')})"))

    def beyond(self, actor: Actor, noun: Noun, hop: object, target: Noun, /) -> str | None:
        """Give what has to hold of ``{node}``, which the reader may know of, for all that a hop leads to to be there.

        Who may know of a record may know of what it must refer to, and of what is there wherever the record is: the
        modes of an action, but not the actions of an operation, of which the head may be known alone.
        """
        if actor.reads_all or not isinstance(hop, Relation) or target.name not in self._restricted:
            return None
        if hop.direction is Direction.OUT:
            is_implied = noun.readership.condition is None and hop in self._closed(noun) and len(hop.targets) == 1
            return "" if is_implied else None
        followed = self._followed(target)
        hangs_on_it_alone = (
            hop.direction is Direction.IN
            and target.readership.condition is None
            and [(each.type, each.targets) for each in followed] == [(hop.type, (noun.name,))]
        )
        return noun.readership.of_its_parts or "" if hangs_on_it_alone else None

    def parameters(self, actor: Actor, /) -> Mapping[str, Any]:
        """Give the values of ``$reader``."""
        return {"agency_id": actor.agency_id}

    def is_open(self, noun: Noun) -> bool:
        """Whether everybody may know of all records of a noun."""
        return self._predicates[noun.name] is None

    @cached_property
    def _restricted(self) -> frozenset[str]:
        """The names of the nouns that say themselves who may read them, or must refer to one that does."""
        found = {noun.name for noun in self._catalogue if noun.readership.condition is not None}
        while True:
            more = {
                noun.name
                for noun in self._catalogue
                if noun.name not in found and any(found & {*each.targets} for each in _required(noun))
            }
            if not more:
                return frozenset(found)
            found |= more

    def _closed(self, noun: Noun) -> Iterator[Relation]:
        """Give the required relations that lead to something not open to everybody."""
        yield from (each for each in _required(noun) if self._restricted & {*each.targets})

    def _followed(self, noun: Noun) -> list[Relation]:
        restricted = list(self._closed(noun))
        named = noun.readership.follows
        if named is None:
            return restricted
        if not {*named} <= {each.name for each in restricted}:
            raise ValueError(f"{noun.name} follows {named}, and not all of it is required and restricted")
        return [each for each in restricted if each.name in named]

    def _conjunction(self, noun: Noun, node: str, prefix: str, own: str | None) -> str | None:
        """Give the predicate of a noun's records, `node`; names of variables within it begin with `prefix`."""
        if noun.name not in self._restricted:
            return None
        parts = [] if own is None else [f"({own.replace('{node}', node)})"]
        for number, relation in enumerate(self._followed(noun)):
            other = f"{prefix}_{number}"
            if len(relation.targets) == 1:
                way, condition = self._way(f"({node})", relation, other)
                parts.append(f"EXISTS {{ MATCH {way} WHERE {condition} }}")
            else:
                parts.append(self._about_any(node, relation, other))
        return " AND ".join(parts)

    def _way(self, before: str, relation: Relation, other: str) -> tuple[str, str]:
        """Give the way over a relation, on to where a condition stands, as one pattern, and that condition."""
        target = self._catalogue[relation.targets[0]]
        # It leads to no other kind of record, so that its label need not be looked at.
        way = f"{before}-[:{relation.type}]->({other})"
        own, followed = _of_its_parts(target), self._followed(target)
        if own is None and len(followed) == 1 and len(followed[0].targets) == 1:
            return self._way(way, followed[0], f"{other}_0")
        condition = self._conjunction(target, other, other, own)
        assert condition is not None
        return way, condition

    def _about_any(self, node: str, relation: Relation, other: str) -> str:
        """Say that what `node` refers to over a relation to many kinds of records is there for the reader."""
        way = f"({node})-[:{relation.type}]->({other})"
        hidden = self._hidden_below(other, f"{other}_0", {relation.type})
        return f"EXISTS {{ MATCH {way} WHERE NOT {hidden} }}"

    def _hidden_below(self, node: str, root: str, but: frozenset[str] | set[str] = frozenset()) -> str:
        """Say that something which `node` rests on, or is, is not there for the reader.

        One condition for all kinds of records, over their required relations: one for each kind would make a text as
        long as all others together, and the server would take longer to plan it than to read.
        """
        types = sorted({each.type for noun in self._catalogue for each in self._followed(noun)} - but)
        roots = [noun for noun in self._catalogue if noun.readership.condition is not None]
        labels = "|".join(noun.name for noun in roots)
        hidden = " OR ".join(
            f"({root}:{noun.name} AND NOT coalesce({str(_of_its_parts(noun)).replace('{node}', root)}, false))"
            for noun in roots
        )
        way = f"({node})-[:{'|'.join(types)}*0..{_MOST_STEPS}]->({root}:{labels})"
        return f"EXISTS {{ MATCH {way} WHERE {hidden} }}"


def _of_its_parts(noun: Noun) -> str | None:
    """Give the condition under which a record's parts may be known."""
    return noun.readership.of_its_parts or noun.readership.condition


def _required(noun: Noun) -> Iterator[Relation]:
    """Give the references that each record of a noun has."""
    for each in noun.relations:
        if each.required and each.direction is Direction.OUT and not each.many:
            yield each
