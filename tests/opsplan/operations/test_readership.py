"""Who reads an operation that is not OPEN: kept with it in the transaction of each write that says so."""

import asyncio
import random
from dataclasses import dataclass, field

import pytest

from opsplan.gazetteer.service import keep_countries
from opsplan.graph.driver import Graph
from opsplan.nouns import CATALOGUE
from opsplan.operations.states import ParticipantState
from opsplan.records.integrity import check_graph
from opsplan.records.readership import DeclaredReadership
from opsplan.vocabulary.actor import Role
from opsplan.vocabulary.errors import Conflict, Invalid
from tests.opsplan.reading.desk import desk_over
from tests.opsplan.records.world import ADMINISTRATOR, World, checked, noun
from tests.seeds import with_fresh

STEPS = 40
_GUESTS = ("B", "C", "D")


@pytest.fixture
async def world(empty_graph: Graph) -> World:
    """Agencies A to D, all of one country, each with a desk."""
    await keep_countries(empty_graph)
    world = await World(empty_graph).open()
    rows = [
        checked("Agency", code=f"{name}-{world.tag}", name=f"Agency {name}", kind="POLICE", country="KH")
        for name in "CD"
    ]
    made = await world.write(lambda writing: writing.create(noun("Agency"), rows), actor=ADMINISTRATOR)
    world.agencies.update(zip("CD", made, strict=True))
    return await world.with_desks()


@dataclass
class Model:
    """What an operation of agency A's is known to and read by, in plain sets."""

    coordinators: set[str] = field(default_factory=set)
    parts: dict[str, tuple[str, ParticipantState, str | None, bool]] = field(default_factory=dict)
    """By participant: its agency, its state, its approving authority, and whether it is retired."""

    def readers(self) -> set[str]:
        """Those who read all of it."""
        playing = [
            (agency, authority)
            for agency, state, authority, is_retired in self.parts.values()
            if not is_retired and state in (ParticipantState.INVITED, ParticipantState.ACCEPTED)
        ]
        return {"A", *self.coordinators, *(each for pair in playing for each in pair if each)}

    def knowers(self) -> set[str]:
        """Those who know that there is one."""
        everybody = [(agency, authority) for agency, _, authority, _ in self.parts.values()]
        return {"A", *self.coordinators, *(each for pair in everybody for each in pair if each)}


@pytest.mark.requirement("D5")
@pytest.mark.parametrize("seed", with_fresh(31))
async def test_readers_are_kept_through_all_that_happens(world: World, seed: int) -> None:
    """After any invitation, reply, withdrawal, retirement, restoration, change of coordinators or of an approving
    authority, the lists are what a plain model says, and each agency reads what is its to read."""
    chance = random.Random(seed)
    operation = await world.operation(sensitivity="SILENT")
    action = await world.action(operation)
    model = Model()
    desk = desk_over(world.graph, policy=DeclaredReadership(CATALOGUE))
    for _ in range(STEPS):
        await _step(chance, world, model, operation)
        stored = await world.properties(operation)
        names = {agency: name for name, agency in world.agencies.items()}
        assert {names[each] for each in stored["read_by"]} == model.readers()
        assert {names[each] for each in stored["known_to"]} == model.knowers()
        reader = chance.choice(["A", *_GUESTS])
        answer = await desk.ask(
            "query ($one: ID!, $other: ID!) { operation(id: $one) { id } action(id: $other) { id } }",
            {"one": operation, "other": action},
            actor=world.actor(reader),
        )
        assert (answer["operation"] is not None) == (reader in model.knowers())
        assert (answer["action"] is not None) == (reader in model.readers())
    assert [each for each in await check_graph(world.graph, CATALOGUE) if each.rule == "READERS"] == []


async def _step(chance: random.Random, world: World, model: Model, operation: str) -> None:
    moves = {ParticipantState.INVITED: ("ACCEPTED", "DECLINED"), ParticipantState.ACCEPTED: ("WITHDRAWN",)}
    playing = {agency for agency, state, _, retired in model.parts.values() if not retired and state in moves}
    free = [each for each in _GUESTS if each not in playing]
    doing = chance.choice(["invite", "invite", "reply", "reply", "coordinate", "retire", "authority"])
    if doing == "invite" and free:
        guest = chance.choice(free)
        role = chance.choice(["HOST", "CONTRIBUTOR"])
        made = await world.invite(operation, guest, by=world.actor("A"), role=role)
        model.parts[made] = (guest, ParticipantState.INVITED, guest if role == "HOST" else None, False)
    elif doing == "coordinate":
        chosen = chance.sample(_GUESTS, k=chance.randrange(3))
        await world.change("Operation", operation, coordinators=[world.agencies[each] for each in chosen])
        model.coordinators = set(chosen)
    elif model.parts:
        part = chance.choice(sorted(model.parts))
        agency, state, authority, retired = model.parts[part]
        if doing == "reply" and not retired and state in moves:
            to = ParticipantState[chance.choice(moves[state])]
            await world.reply(part, to, agency)
            model.parts[part] = (agency, to, authority, retired)
        elif doing == "retire" and not retired:
            await world.retire("Participant", part, actor=world.actor(agency))
            model.parts[part] = (agency, state, authority, True)
        elif doing == "retire" and (agency not in playing or state not in moves):
            row = [(part, None)]
            await world.write(lambda writing: writing.restore(noun("Participant"), row), actor=world.actor(agency))
            model.parts[part] = (agency, state, authority, False)
        elif doing == "authority" and authority is not None and not retired:
            other = chance.choice(["A", *_GUESTS])
            await world.change(
                "Participant", part, approving_authority=world.agencies[other], actor=world.actor(agency)
            )
            model.parts[part] = (agency, state, other, retired)


async def test_readers_are_kept_by_writers_at_once(world: World) -> None:
    """Agencies that are invited at the same moment all read it: no writer misses another's participant."""
    for _ in range(5):
        operation = await world.operation(sensitivity="POINTER")
        await asyncio.gather(*(world.invite(operation, each, by=world.actor("A")) for each in _GUESTS))
        stored = await world.properties(operation)
        assert set(stored["read_by"]) == {world.agencies[each] for each in ("A", *_GUESTS)}


async def test_a_list_that_is_wrong_is_found(world: World) -> None:
    """`opsplan check-graph` names an operation whose readers are not those that it should have."""
    operation = await world.operation()
    await world.graph.run_outside(
        "MATCH (n:Record {id: $id}) SET n.read_by = [$agency]", {"id": operation, "agency": world.agencies["B"]}
    )
    (found,) = [each for each in await check_graph(world.graph, CATALOGUE) if each.rule == "READERS"]
    assert (found.where, found.count, found.some) == ("Operation.read_by, known_to", 1, (operation,))


async def test_a_refusal_names_nothing_that_is_hidden(world: World) -> None:
    """An administrator of one agency who retires another is told that it has part in something, and not in what."""
    operation = await world.operation(sensitivity="SILENT")
    await world.invite(operation, "D", by=world.actor("A"))
    # What is open stands in the way first, as long as there is any of it.
    await world.graph.run_outside(
        "MATCH (n:ContactPoint|DutyShift {owner_id: $agency}) DETACH DELETE n", {"agency": world.agencies["D"]}
    )
    for name, says in (("B", "it still has part in something"), ("A", "Participant participant_")):
        with pytest.raises(Conflict, match=says) as refused:
            await world.retire("Agency", world.agencies["D"], actor=world.actor(name, Role.ADMINISTRATOR))
        assert ("required_by" in refused.value.facts) == (name == "A")


@pytest.mark.parametrize(
    ("operation", "action", "is_right"),
    [
        ("OPEN", None, True),
        ("OPEN", "OPEN", True),
        ("OPEN", "POINTER", False),
        ("OPEN", "SILENT", False),
        ("POINTER", None, True),
        ("POINTER", "SILENT", True),
        ("POINTER", "POINTER", True),
        ("POINTER", "OPEN", False),
        ("SILENT", "SILENT", True),
        ("SILENT", "POINTER", False),
        ("SILENT", "OPEN", False),
    ],
)
async def test_an_action_is_as_closed_as_its_operation(
    world: World, operation: str, action: str | None, is_right: bool
) -> None:
    """Everybody reads plans and figures of an OPEN operation: it holds nothing that is not."""
    made = await world.operation(sensitivity=operation)
    given = {} if action is None else {"sensitivity": action}
    if is_right:
        await world.action(made, **given)
        return
    with pytest.raises(Invalid) as refused:
        await world.action(made, **given)
    assert refused.value.field == "sensitivity"
    assert made in str(refused.value)


async def test_an_operation_with_closed_actions_is_not_opened(world: World) -> None:
    """Opening it would tell everybody of them; it can be, once they are no closer than it."""
    operation = await world.operation(sensitivity="POINTER")
    action = await world.action(operation, sensitivity="SILENT")
    with pytest.raises(Invalid, match=action):
        await world.change("Operation", operation, sensitivity="OPEN")
    await world.change("Action", action, sensitivity=None)
    await world.change("Operation", operation, sensitivity="OPEN")
    desk = desk_over(world.graph, policy=DeclaredReadership(CATALOGUE))
    stranger = world.actor("D", Role.READER)
    answer = await desk.ask("query ($id: ID!) { action(id: $id) { id } }", {"id": action}, actor=stranger)
    assert answer["action"] == {"id": action}
