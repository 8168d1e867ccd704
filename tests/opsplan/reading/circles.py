"""Who may know of what of a drawn world, by the declared readership, in Python; and the worlds that readers are left.

Written from the words of the design, without the product's predicates: an operation that is not OPEN is there for those
to whom it is known, all that hangs on it for those alone who read it, an agency's own participant always; a claim that
is not OPEN for its owner, and so a zone; a conflict for who may know of both its claims, a crossing for who may know of
claim and zone, a notice for whom it is for.
"""

from collections.abc import Iterable, Iterator

from opsplan.records.declaration import Catalogue, Direction, Relation
from tests.make.world import Thing, World

HANGS_ON_AN_OPERATION = (
    "Action",
    "ActionMode",
    "Approval",
    "AuthorityGap",
    "Offer",
    "Participant",
    "Plan",
    "PlanBreach",
    "PlanEdit",
    "PlannedAction",
    "Precedence",
    "ReportedResult",
    "ResourceNeed",
    "RotaGap",
    "ScheduleRun",
    "SimultaneityGroup",
    "StatusReport",
    "Tasking",
    "UnitNeed",
    "UnplacedAction",
    "Warrant",
    "WhatIf",
)
"""All of an operation but comments, which may be about anything."""
HANGS_ON_A_CLAIM = ("Conflict", "ZoneCrossing")
THEIR_SIDES_ALONE = ("Notice", "ProbeAlert", "ZoneNotice")
"""What one side is told."""
BETWEEN_SIDES = ("ConflictMessage", "Resolution", "Override")
"""For those whom the service names on them; drawn worlds name nobody."""

THEIR_OWNERS_ALONE = ("WebhookEndpoint", "WebhookDelivery")
"""Machinery of one agency: an endpoint, and what was sent to it."""
_FOLLOWING = (*HANGS_ON_AN_OPERATION, *HANGS_ON_A_CLAIM, "Comment", "WebhookDelivery")


class Circle:
    """What an agency may know of a world.

    Parameters
    ----------
    world
        Of which all of a plan, and both ends of a precedence, are of one operation (`of_one_operation`).
    agency_id
        The reader's agency.
    """

    def __init__(self, world: World, agency_id: str | None) -> None:
        self._world = world
        self._agency_id = agency_id

    def knows(self, thing: Thing) -> bool:
        """Whether the reader may know of a record."""
        if thing.noun.name == "Operation":
            return self._is_among(thing, "known_to")
        return self._reads(thing)

    def world_left(self) -> World:
        """Give the world without what the reader may not know of."""
        return _part_of(self._world, {each.id for each in self._world.things.values() if self.knows(each)})

    def _owns(self, thing: Thing) -> bool:
        return self._agency_id is not None and thing.values["owner_id"] == self._agency_id

    def _is_among(self, operation: Thing, readers: str) -> bool:
        return operation.values["sensitivity"] == "OPEN" or self._agency_id in operation.values[readers]

    def _reads(self, thing: Thing) -> bool:
        """Whether the reader may know of what hangs on a record."""
        if thing.noun.name == "Operation":
            return self._is_among(thing, "read_by")
        if thing.noun.name == "Participant" and thing.values["owner_id"] == self._agency_id:
            return True
        if thing.noun.name in ("Claim", "Zone"):
            return thing.values.get("sensitivity") == "OPEN" or self._owns(thing)
        if thing.noun.name == "WebhookEndpoint":
            return self._owns(thing)
        if thing.noun.name in THEIR_SIDES_ALONE:
            return self._owns(thing)
        if thing.noun.name in BETWEEN_SIDES:
            return False
        if thing.noun.name in _FOLLOWING:
            return all(self._reads(each) for each in _rests_on(self._world, thing))
        return True


def of_one_operation(world: World) -> World:
    """Lead each record of a drawn world to one operation by all its ways, and leave out what then leads to none."""
    for noun in ("Plan", "PlannedAction", "UnplacedAction", "Precedence"):
        world = _led_to_one(world, noun)
    while True:
        kept = {each.id for each in world.things.values() if _is_whole(world, each)}
        if len(kept) == len(world.things):
            return world
        world = _part_of(world, kept)


def _led_to_one(world: World, noun: str) -> World:
    """Point all required references of a noun's records but the first to records of the first one's operation."""
    first, *others = list(_required(world.catalogue, noun))
    types = {each.type for each in others}
    links = {each for each in world.links if each[0] not in types or world.things[each[1]].noun.name != noun}
    for number, thing in enumerate(world.of(noun)):
        operations = _operations_of_all(world, world.along(first, thing))
        for each in others:
            (target,) = each.targets
            fitting = [end for end in world.of(target) if _operations_of_all(world, [end]) == operations]
            if operations and fitting:
                links.add((each.type, thing.id, fitting[number % len(fitting)].id))
    led = World(world.catalogue, dict(world.things))
    for link in sorted(links):
        led.link(*link)
    return led


def _is_whole(world: World, thing: Thing) -> bool:
    if thing.noun.name not in _FOLLOWING:
        return True
    required = list(_required(world.catalogue, thing.noun.name))
    if not all(world.along(each, thing) for each in required):
        return False
    return thing.noun.name not in HANGS_ON_AN_OPERATION or len(_operations_of_all(world, [thing])) == 1


def _operations_of_all(world: World, things: Iterable[Thing]) -> set[str]:
    return {each.id for thing in things for each in _operations(world, thing)}


def _operations(world: World, thing: Thing) -> Iterator[Thing]:
    if thing.noun.name == "Operation":
        yield thing
    elif thing.noun.name in HANGS_ON_AN_OPERATION:
        for each in _rests_on(world, thing):
            yield from _operations(world, each)


def _rests_on(world: World, thing: Thing) -> list[Thing]:
    return [end for each in _required(world.catalogue, thing.noun.name) for end in world.along(each, thing)]


def _required(catalogue: Catalogue, noun: str) -> Iterator[Relation]:
    for each in catalogue[noun].relations:
        if each.required and not each.many and each.direction is Direction.OUT:
            yield each


def _part_of(world: World, kept: set[str]) -> World:
    left = World(world.catalogue)
    for thing in world.things.values():
        if thing.id in kept:
            left.add(thing)
    for kind, start, end in sorted(world.links):
        if start in kept and end in kept:
            left.link(kind, start, end)
    return left
