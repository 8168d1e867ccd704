"""A policy for tests, drawn from a seed, that hides records, relationships and properties; and what it leaves.

It hides records marked TLP:RED from all but their owner, some relationships where the record that declares them has an
odd version, and some properties where their record has an even one. Which ones is drawn anew for each seed, over all
nouns, so that a new noun, relation or property is hidden sometimes without a change here.
"""

import random
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

from opsplan.reading.shape.fields import Hop
from opsplan.reading.shape.shapes import ALWAYS_KEPT
from opsplan.records.declaration import Catalogue, Direction, Noun, Property, Relation
from opsplan.vocabulary.actor import Actor
from tests.make.world import Thing, World

_SHARE = 0.4
_OPEN = ALWAYS_KEPT | {"retired_at"}
"""Properties that an answer may not lack, and that by which lists leave records out."""


class Secrets:
    """The policy.

    Parameters
    ----------
    catalogue
        All nouns.
    seed
        Says which relationships and properties it hides.
    """

    def __init__(self, catalogue: Catalogue, seed: int) -> None:
        chance = random.Random(seed)
        self.relations = {each for each in _relations(catalogue) if chance.random() < _SHARE}
        self.properties = {each for each in _properties(catalogue) if chance.random() < _SHARE}

    def key(self, actor: Actor) -> Hashable:
        return actor.is_administrator

    def predicate(
        self, actor: Actor, noun: Noun, *, hop: Hop | None = None, declared: Property | None = None
    ) -> str | None:
        if actor.is_administrator:
            return None
        if declared is not None:
            hidden = (noun.name, declared.name) in self.properties
            return "{node}.version % 2 = 1" if hidden else None
        if hop is not None:
            if not isinstance(hop, Relation) or hop.type not in self.relations:
                return None
            declaring = "{other}" if hop.direction is Direction.IN else "{node}"
            return f"{declaring}.version % 2 = 0"
        if noun.system:
            return None
        # An EXISTS, as a real policy would have one, must be possible wherever a predicate is put.
        return "({node}.marking <> 'TLP_RED' OR EXISTS { MATCH ({node}) WHERE {node}.owner_id = $reader.agency_id })"

    def shared(self, actor: Actor, nouns: Sequence[Noun]) -> str | None:
        return None

    def beyond(self, actor: Actor, noun: Noun, hop: Hop, target: Noun) -> str | None:
        return None

    def parameters(self, actor: Actor) -> Mapping[str, Any]:
        return {"agency_id": actor.agency_id}

    def hides(self, thing: Thing, reader: Actor) -> bool:
        """Whether a record is hidden from a reader."""
        if thing.noun.system:
            return False
        return thing.values["marking"] == "TLP_RED" and thing.values["owner_id"] != reader.agency_id

    def world_left(self, world: World, reader: Actor) -> World:
        """Give the world from which everything that is hidden from a reader was deleted."""
        left = World(world.catalogue)
        for thing in world.things.values():
            if not self.hides(thing, reader):
                values = dict(thing.values)
                for name in thing.values:
                    if (thing.noun.name, name) in self.properties and values["version"] % 2 == 0:
                        values[name] = None
                left.add(Thing(thing.noun, values))
        for kind, start, end in sorted(world.links):
            if start in left.things and end in left.things:
                hidden = kind in self.relations and world.things[start].values["version"] % 2 == 1
                if not hidden:
                    left.link(kind, start, end)
        return left


def _relations(catalogue: Catalogue) -> Iterator[str]:
    """The types of relationships that an answer may lack, declared by owned records."""
    seen: dict[str, bool] = {}
    for noun in catalogue:
        for relation in noun.relations:
            if relation.direction is Direction.IN:
                continue
            reference = all(catalogue[each].system for each in relation.targets)
            may_lack = not noun.system and not (relation.required and reference)
            seen[relation.type] = seen.get(relation.type, True) and may_lack
    yield from sorted(each for each, may_lack in seen.items() if may_lack)


def _properties(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """The properties that an answer may lack, by noun."""
    for noun in catalogue:
        for each in () if noun.system else noun.all_properties:
            if not each.required and each.name not in _OPEN and each.name != noun.changed_by_state_machine:
                yield noun.name, each.name
