"""Actions that are coordinated claim their footprint, and keep it as they are."""

import pytest

from opsplan.deconfliction.service.footprints import CLAIMING
from opsplan.operations.service import move_action
from opsplan.operations.states import ActionState, ParticipantState
from opsplan.vocabulary.errors import Invalid, KeysMissing
from tests.opsplan.deconfliction.theatre import TOLD_OF_HIDDEN, Theatre

HERE = (104.92, 11.56)


async def claim_of(theatre: Theatre, action: str) -> dict | None:
    rows = await theatre.graph.read_rows(
        "MATCH (:Record {id: $id})<-[:CLAIMED_FOR]-(c:Claim) RETURN properties(c), "
        "[(c)-[:CLAIM_ON]->(t) | t.id], [(c)-[:CLAIMS_UNIT]->(u) | u.id], COUNT { (c)<-[:ENTRY_OF]-(:ClaimEntry) }",
        {"id": action},
    )
    if not rows:
        return None
    ((properties, targets, units, entries),) = rows
    return {**properties, "targets": targets, "units": units, "entries": entries}


async def move(theatre: Theatre, action: str, to: ActionState, *, seen: tuple[str, ...] = (), by: str = "K") -> None:
    version = (await theatre.world.properties(action))["version"]
    await theatre.world.write(
        lambda writing: move_action(writing, action, to, reason="EXERCISE", expected_version=version),
        actor=theatre.actor(by),
        seen=seen,
    )


async def action_of(theatre: Theatre, owner: str = "K", *, sensitivity: str = "OPEN", **given) -> tuple[str, str]:
    """Make an operation of an agency with one action, and give both ids."""
    who = theatre.actor(owner)
    operation = await theatre.world.operation(actor=who, sensitivity=sensitivity)
    return operation, await theatre.world.action(operation, actor=who, **{"location": HERE, **given})


@pytest.mark.requirement("D1")
async def test_an_action_claims_from_coordination_until_it_is_over(theatre):
    """A draft claims nothing; a coordinated one its place and window, until it is done."""
    target = await theatre.world.target(actor=theatre.actor("K"))
    _, action = await action_of(theatre, targets=[target])
    assert await claim_of(theatre, action) is None
    await move(theatre, action, ActionState.COORDINATED)
    claim = await claim_of(theatre, action)
    assert (claim["start"], claim["end"]) == ("2026-12-01T04:00:00.000Z", "2026-12-01T16:00:00.000Z")
    assert (tuple(claim["location"]), claim["kind"], claim["targets"]) == (HERE, "RAID", [target])
    assert claim["entries"] > 0
    for state in (ActionState.NOTIFIED, ActionState.ACTIVATED, ActionState.UNDER_WAY):
        await move(theatre, action, state)
        assert (await claim_of(theatre, action))["key"] == claim["key"]
    await move(theatre, action, ActionState.DONE)
    gone = await claim_of(theatre, action)
    assert gone["retired_at"] is not None
    assert gone["entries"] == 0
    assert "DONE" not in CLAIMING


@pytest.mark.requirement("D1")
async def test_a_claim_follows_its_action(theatre):
    """Moved, renamed, taken back to draft and coordinated again: the claim is the same record, as the action is now."""
    _, action = await action_of(theatre)
    await move(theatre, action, ActionState.COORDINATED)
    first = await claim_of(theatre, action)
    await theatre.world.change("Action", action, actor=theatre.actor("K"), name="EXERCISE other")
    named = await claim_of(theatre, action)
    assert (named["id"], named["name"], named["key"]) == (first["id"], "EXERCISE other", first["key"])
    await theatre.world.change("Action", action, actor=theatre.actor("K"), window_end="2026-12-01T12:00:00.000Z")
    moved = await claim_of(theatre, action)
    assert (moved["id"], moved["end"]) == (first["id"], "2026-12-01T12:00:00.000Z")
    assert moved["key"] != first["key"]
    await move(theatre, action, ActionState.DRAFT)
    assert (await claim_of(theatre, action))["retired_at"] is not None
    await move(theatre, action, ActionState.COORDINATED)
    back = await claim_of(theatre, action)
    assert (back["id"], back.get("retired_at")) == (first["id"], None)
    assert back["entries"] > 0


@pytest.mark.requirement("D9")
async def test_an_action_is_coordinated_only_with_the_keys_of_what_it_meets(theatre):
    """Two agencies' raids at one place and hour: the second is refused whole until it shows the key."""
    _, one = await action_of(theatre, "K")
    _, other = await action_of(theatre, "L")
    await move(theatre, one, ActionState.COORDINATED)
    with pytest.raises(KeysMissing) as refusal:
        await move(theatre, other, ActionState.COORDINATED, by="L")
    assert (await theatre.world.properties(other))["state"] == "DRAFT"
    assert await claim_of(theatre, other) is None
    (missing,) = refusal.value.facts["missing"]
    assert missing["claim_id"] == (await claim_of(theatre, one))["id"]
    await move(theatre, other, ActionState.COORDINATED, by="L", seen=(missing["key"],))
    assert len(await theatre.conflicts()) == 1
    told = await theatre.graph.read_rows("MATCH (n:Notice) RETURN n.owner_id ORDER BY n.owner_id")
    assert [row[0] for row in told] == sorted((theatre.agencies["K"], theatre.agencies["L"]))


async def test_within_one_operation_nothing_is_deconflicted(theatre):
    """Two agencies' actions of one operation are its coordinators' business."""
    operation, one = await action_of(theatre, "K")
    other = await theatre.world.action(operation, actor=theatre.actor("K"), location=HERE)
    await theatre.graph.run_outside(f"MATCH (n:Record {{id: '{other}'}}) SET n.owner_id = '{theatre.agencies['L']}'")
    await move(theatre, one, ActionState.COORDINATED)
    await move(theatre, other, ActionState.COORDINATED, by="L")
    assert await theatre.conflicts() == set()


@pytest.mark.requirement("D5")
async def test_a_closed_action_is_met_as_a_pointer(theatre):
    """Who may not know of an operation learns whom to call; of one made silent, nothing; of one opened, all."""
    operation, hidden = await action_of(theatre, "K", sensitivity="POINTER")
    await move(theatre, hidden, ActionState.COORDINATED)
    claim = await claim_of(theatre, hidden)
    assert claim["read_by"] == [theatre.agencies["K"]]
    _, open_one = await action_of(theatre, "L")
    with pytest.raises(KeysMissing) as refusal:
        await move(theatre, open_one, ActionState.COORDINATED, by="L")
    (missing,) = refusal.value.facts["missing"]
    assert {name for name, value in missing.items() if value} == TOLD_OF_HIDDEN
    await move(theatre, open_one, ActionState.COORDINATED, by="L", seen=(missing["key"],))
    told = "MATCH (n:Notice {owner_id: $agency}) WHERE n.state <> 'GONE' RETURN n.is_blind, n.key"
    assert await theatre.graph.read_rows(told, {"agency": theatre.agencies["L"]}) == [[True, missing["key"]]]
    key = (await claim_of(theatre, open_one))["key"]
    who = theatre.actor("K")
    await theatre.world.write(
        lambda writing: writing.change(
            theatre.world.laws.catalogue["Operation"], [{"id": operation, "sensitivity": "SILENT"}]
        ),
        actor=who,
        seen=(key,),
    )
    assert await theatre.graph.read_rows(told, {"agency": theatre.agencies["L"]}) == []
    await theatre.world.write(
        lambda writing: writing.change(
            theatre.world.laws.catalogue["Operation"], [{"id": operation, "sensitivity": "OPEN"}]
        ),
        actor=who,
        seen=(key,),
    )
    ((is_blind, shown),) = await theatre.graph.read_rows(told, {"agency": theatre.agencies["L"]})
    assert (is_blind, shown) == (False, (await claim_of(theatre, hidden))["key"])


async def test_who_takes_part_reads_the_claim(theatre):
    """An agency that is invited to a closed operation reads its actions' claims until it leaves."""
    world = await theatre.world.with_desks()
    who = world.actor("A")
    operation = await world.operation(actor=who, sensitivity="POINTER")
    action = await world.action(operation, actor=who, location=HERE)
    version = (await world.properties(action))["version"]
    await world.write(
        lambda writing: move_action(writing, action, ActionState.COORDINATED, reason="E", expected_version=version)
    )
    participant = await world.invite(operation)
    assert set((await claim_of(theatre, action))["read_by"]) == {world.agencies["A"], world.agencies["B"]}
    await world.reply(participant, ParticipantState.DECLINED)
    assert (await claim_of(theatre, action))["read_by"] == [world.agencies["A"]]


async def test_a_claim_of_an_action_is_not_changed_by_hand(theatre):
    """It is the action that has to be changed."""
    _, action = await action_of(theatre)
    await move(theatre, action, ActionState.COORDINATED)
    claim = await claim_of(theatre, action)
    with pytest.raises(Invalid, match="is kept as its action"):
        await theatre.world.change("Claim", claim["id"], actor=theatre.actor("K"), radius_m=500.0)
