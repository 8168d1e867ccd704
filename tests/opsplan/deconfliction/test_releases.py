"""Leave to cross a zone: given for the claim as it is, asked for where a claim is hidden, and taken back."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any

import pytest

from opsplan.deconfliction.model import CrossingState
from opsplan.deconfliction.service import ask_watch_centre, decide_crossing, release_in_place, request_release
from opsplan.operations.states import ActionState
from opsplan.records.check import check_row
from opsplan.vocabulary.actor import Role
from opsplan.vocabulary.errors import (
    ActivationRefused,
    Forbidden,
    Invalid,
    NotFound,
    OpsplanError,
    StateConflict,
    VersionConflict,
)
from tests.opsplan.deconfliction.oracle import FURTHER_NOTICE, Plan
from tests.opsplan.deconfliction.test_footprints import HERE, action_of, claim_of, move
from tests.opsplan.deconfliction.theatre import DAY, ZONE, Theatre, row_of
from tests.opsplan.records.world import ADMINISTRATOR, noun

RELEASED, REFUSED = CrossingState.RELEASED, CrossingState.REFUSED


def hospital(**other: Any) -> Plan:
    """Give a hospital of agency L's that is never to be struck, round the place of the actions."""
    given = {"kind": "NO_STRIKE", "radius_m": 300.0, "start": DAY, "end": FURTHER_NOTICE, **other}
    return Plan("hospital", "L", longitude=HERE[0], latitude=HERE[1], **given)


async def crossing_of(theatre: Theatre) -> dict[str, Any]:
    """Give the only crossing there is."""
    ((properties,),) = await theatre.graph.read_rows("MATCH (n:ZoneCrossing) RETURN properties(n)")
    return dict(properties)


async def decide(theatre: Theatre, to: CrossingState, by: str = "L", version: int | None = None) -> None:
    """Let an agency decide of the only crossing there is."""
    stands = await crossing_of(theatre)
    world = theatre.world
    common = {"laws": world.laws, "request_id": "test", "reason": "EXERCISE agreed by telephone"}
    expected = version or stands["version"]
    await decide_crossing(
        world.graph,
        theatre.actor(by),
        world.clock,
        crossing_id=stands["id"],
        to=to,
        expected_version=expected,
        **common,
    )


async def ask(theatre: Theatre, claim: str, of: str = "L", by: str = "K") -> None:
    """Let an agency ask another for the release of its claim."""
    world = theatre.world
    version = (await world.properties(claim))["version"]
    common = {"laws": world.laws, "request_id": "test", "reason": "EXERCISE the only door"}
    contact = theatre.agencies[of]
    await request_release(
        world.graph,
        theatre.actor(by),
        world.clock,
        claim_id=claim,
        contact_id=contact,
        expected_version=version,
        **common,
    )


async def notified(theatre: Theatre, **given: Any) -> str:
    """Make an action of agency K's in the zone that has come up to NOTIFIED."""
    _, action = await action_of(theatre, **given)
    for state in (ActionState.COORDINATED, ActionState.NOTIFIED):
        await move(theatre, action, state)
    return action


async def hindrances(activation: Awaitable[None]) -> list[tuple[str, Any, Any]]:
    """Give the rules, zones and agencies that an activation is refused for; nothing where it is not."""
    try:
        await activation
    except ActivationRefused as refusal:
        return [
            (each.rule, each.facts.get("zone_id"), each.facts.get("contact_id")) for each in refusal.facts["hindrances"]
        ]
    return []


@pytest.mark.requirement("D11")
@pytest.mark.parametrize("kind", ["NO_GO", "RESTRICTED", "NO_STRIKE", "RESERVED"])
async def test_no_action_is_activated_without_the_release(theatre, kind):
    """Refused with zone and owner, whether asked, refused or neither; released, and only by the owner, it goes on."""
    zone = await theatre.keep(hospital(kind=kind))
    action = await notified(theatre)
    missing = [(kind, zone, theatre.agencies["L"])]
    assert await hindrances(move(theatre, action, ActionState.ACTIVATED)) == missing
    assert (await theatre.world.properties(action))["state"] == "NOTIFIED"
    await ask(theatre, (await claim_of(theatre, action))["id"])
    assert await hindrances(move(theatre, action, ActionState.ACTIVATED)) == missing
    with pytest.raises(Forbidden):
        await decide(theatre, RELEASED, by="K")
    await decide(theatre, REFUSED)
    assert await hindrances(move(theatre, action, ActionState.ACTIVATED)) == missing
    await decide(theatre, RELEASED)
    assert await hindrances(move(theatre, action, ActionState.ACTIVATED)) == []
    assert (await theatre.world.properties(action))["state"] == "ACTIVATED"


@pytest.mark.requirement("D11")
async def test_a_release_stands_for_claim_and_zone_as_they_are(theatre):
    """It falls when action or zone move or change their kind, not with a name; of what was so before, none is given."""
    await theatre.keep(hospital())
    action = await notified(theatre)
    world, who = theatre.world, theatre.actor("K")
    changes: list[tuple[dict[str, Any], str]] = [
        ({"window_end": "2026-12-01T12:00:00.000Z"}, "Action"),
        ({"radius_m": 250.0}, "Zone"),
        ({"kind": "NO_GO"}, "Zone"),
        ({"end": "2026-12-31T00:00:00.000Z"}, "Zone"),
    ]
    for given, what in changes:
        seen = (await crossing_of(theatre))["version"]
        await decide(theatre, RELEASED)
        await world.change("Zone", theatre.ids["hospital"], actor=theatre.actor("L"), name="EXERCISE other name")
        assert (await crossing_of(theatre))["state"] == "RELEASED"
        if what == "Action":
            await world.change("Action", action, actor=who, **given)
        else:
            await world.change("Zone", theatre.ids["hospital"], actor=theatre.actor("L"), **given)
        fallen = await crossing_of(theatre)
        assert (fallen["state"], fallen.get("decided"), fallen.get("decided_at")) == ("OPEN", None, None), given
        assert await hindrances(move(theatre, action, ActionState.ACTIVATED)) != []
        with pytest.raises(VersionConflict):
            await decide(theatre, RELEASED, version=seen)
    assert fallen["overlap_end"] == "2026-12-01T12:00:00.000Z"


@pytest.mark.requirement("D11")
async def test_a_release_is_taken_back_before_activation_and_not_after(theatre):
    """Taken back, it stops the action; once that is activated, the owner is told to call and it stands."""
    await theatre.keep(hospital())
    action = await notified(theatre)
    await decide(theatre, RELEASED)
    await decide(theatre, REFUSED)
    assert len(await hindrances(move(theatre, action, ActionState.ACTIVATED))) == 1
    await decide(theatre, RELEASED)
    await move(theatre, action, ActionState.ACTIVATED)
    with pytest.raises(StateConflict, match="what it was released for stands"):
        await decide(theatre, REFUSED)
    assert (await crossing_of(theatre))["state"] == "RELEASED"


async def in_place(theatre: Theatre, claim: str, by: str, *, of: str = "L", asks: bool = False) -> None:
    """Have the watch centre asked, or have an agency release as the watch centre."""
    world = theatre.world
    version = (await world.properties(claim))["version"]
    common = {"laws": world.laws, "request_id": "test", "reason": "EXERCISE nobody answers", "claim_id": claim}
    given = {"contact_id" if asks else "for_agency_id": theatre.agencies[of], "expected_version": version}
    does = ask_watch_centre if asks else release_in_place
    await does(world.graph, theatre.actor(by), world.clock, **common, **given)


@pytest.mark.requirement("D10")
@pytest.mark.requirement("D11")
@pytest.mark.parametrize("sensitivity", ["OPEN", "POINTER"])
async def test_the_watch_centre_releases_in_the_place_of_who_does_not_answer(theatre, sensitivity):
    """Not before half an hour, nor unasked, nor by anybody else, nor for itself; and what the zone's owner then says
    holds. A hidden claim is shown to it, and no more of a hidden zone than whom to call."""
    await theatre.keep(hospital(sensitivity=sensitivity))
    action = await notified(theatre, sensitivity=sensitivity)
    claim = (await claim_of(theatre, action))["id"]
    with pytest.raises(StateConflict, match="asked for nothing"):
        await in_place(theatre, claim, "K", asks=True)
    await ask(theatre, claim)
    with pytest.raises(StateConflict, match="has until"):
        await in_place(theatre, claim, "K", asks=True)
    theatre.world.clock.advance(timedelta(minutes=30))
    with pytest.raises(StateConflict, match="No agency is a watch centre"):
        await in_place(theatre, claim, "K", asks=True)
    for each in "KN":
        centre = {"id": theatre.agencies[each], "watch_centre": True}
        await theatre.world.write(
            lambda writing, row=centre: writing.change(noun("Agency"), [row]), actor=ADMINISTRATOR
        )
    with pytest.raises((StateConflict, NotFound)):
        await in_place(theatre, claim, "N")
    await in_place(theatre, claim, "K", asks=True)
    with pytest.raises(StateConflict, match="has been asked already"):
        await in_place(theatre, claim, "K", asks=True)
    assert len(await theatre.read_by("N", noun("ZoneCrossing"), "n.id")) == (1 if sensitivity == "OPEN" else 0)
    for other in "KM":
        with pytest.raises((Forbidden, NotFound)):
            await in_place(theatre, claim, other)
    assert len(await hindrances(move(theatre, action, ActionState.ACTIVATED))) == 1
    await in_place(theatre, claim, "N")
    crossing = await crossing_of(theatre)
    assert (crossing["state"], crossing["decided_in_place"]) == ("RELEASED", True)
    await decide(theatre, REFUSED)
    assert len(await hindrances(move(theatre, action, ActionState.ACTIVATED))) == 1
    with pytest.raises(StateConflict, match="Nothing of agency"):
        await in_place(theatre, claim, "N")
    await decide(theatre, RELEASED)
    assert not (await crossing_of(theatre)).get("decided_in_place")
    assert await hindrances(move(theatre, action, ActionState.ACTIVATED)) == []


@pytest.mark.requirement("D11")
async def test_who_only_plans_enters_and_releases_no_zones(theatre):
    """A zone stops everybody's plans: a planner is sent to a coordinator, whatever he wants of one."""
    planner = theatre.actor("L", Role.PLANNER)
    row = row_of(hospital(), "Zone", name="EXERCISE hospital")
    with pytest.raises(Forbidden, match="COORDINATOR"):
        await theatre.world.write(lambda writing: writing.upsert(ZONE, [row]), actor=planner)
    zone = await theatre.keep(hospital())
    for doing in (
        lambda writing: writing.change(ZONE, [{"id": zone, "radius_m": 5.0}]),
        lambda writing: writing.retire(ZONE, [(zone, None)], "EXERCISE"),
    ):
        with pytest.raises(Forbidden, match="COORDINATOR"):
            await theatre.world.write(doing, actor=planner)
    await notified(theatre)
    stands = await crossing_of(theatre)
    with pytest.raises(Forbidden, match="COORDINATOR"):
        await decide_crossing(
            theatre.graph,
            planner,
            theatre.world.clock,
            laws=theatre.world.laws,
            crossing_id=stands["id"],
            to=RELEASED,
            expected_version=stands["version"],
            reason="EXERCISE",
            request_id="test",
        )


@pytest.mark.requirement("D11")
async def test_a_zone_entered_after_activation_is_told_and_stops_nothing(theatre):
    """The crossing is there with the zone, open to both; the action stays ACTIVATED and may be carried out."""
    action = await notified(theatre)
    await move(theatre, action, ActionState.ACTIVATED)
    await theatre.keep(hospital())
    assert (await crossing_of(theatre))["state"] == "OPEN"
    rows = await theatre.graph.read_rows(
        "MATCH (n:ZoneCrossing) MATCH (c:Change {record_id: n.id}) "
        "MATCH (z:Change {record_id: $zone, commit_id: c.commit_id}) RETURN count(*)",
        {"zone": theatre.ids["hospital"]},
    )
    assert rows == [[1]]
    for agency in "KL":
        assert len(await theatre.read_by(agency, noun("ZoneCrossing"), "n.id")) == 1
    await decide(theatre, REFUSED)
    await move(theatre, action, ActionState.UNDER_WAY)
    assert (await theatre.world.properties(action))["state"] == "UNDER_WAY"


@pytest.mark.requirement("D11")
async def test_the_end_of_a_zone_or_of_a_claim_ends_the_crossing(theatre):
    """An ended, retired or restored zone, an action taken back: the crossing goes, and comes again undecided."""
    zone = hospital()
    await theatre.keep(zone)
    action = await notified(theatre)
    await decide(theatre, RELEASED)
    await theatre.withdraw(zone, ZONE)
    assert (await crossing_of(theatre))["state"] == "GONE"
    await theatre.world.write(
        lambda writing: writing.restore(ZONE, [(theatre.ids["hospital"], None)], "back"), actor=theatre.actor("L")
    )
    assert (await crossing_of(theatre))["state"] == "OPEN"
    await decide(theatre, RELEASED)
    await move(theatre, action, ActionState.COORDINATED)
    assert (await crossing_of(theatre))["state"] == "RELEASED"
    await move(theatre, action, ActionState.DRAFT)
    assert (await crossing_of(theatre))["state"] == "GONE"
    with pytest.raises(StateConflict):
        await decide(theatre, RELEASED)
    await move(theatre, action, ActionState.COORDINATED)
    assert (await crossing_of(theatre))["state"] == "OPEN"
    await theatre.world.change(
        "Zone", theatre.ids["hospital"], actor=theatre.actor("L"), end="2026-12-01T04:00:00.000Z"
    )
    assert (await crossing_of(theatre))["state"] == "GONE"


@pytest.mark.requirement("D11")
@pytest.mark.parametrize(
    ("kind", "binds"), [("NO_GO", True), ("NO_STRIKE", True), ("RESTRICTED", False), ("RESERVED", False)]
)
async def test_what_binds_its_own_owner(theatre, kind, binds):
    """What is dangerous or protected is so for who keeps it; what is held for somebody is not held against him."""
    zone = await theatre.keep(Plan("own", "K", kind, HERE[0], HERE[1], 300.0, DAY, FURTHER_NOTICE))
    action = await notified(theatre)
    expected = [(kind, zone, theatre.agencies["K"])] if binds else []
    assert await hindrances(move(theatre, action, ActionState.ACTIVATED)) == expected


@pytest.mark.requirement("D11")
@pytest.mark.requirement("D5")
async def test_a_hidden_claim_is_shown_to_whoever_is_asked_for_the_release(theatre):
    """The zone's owner learns of a hidden plan when its owner asks; that holds until the plan changes."""
    await theatre.keep(hospital())
    action = await notified(theatre, sensitivity="SILENT")
    claim = await claim_of(theatre, action)

    async def known_to_owner() -> tuple[int, int]:
        crossings = len(await theatre.read_by("L", noun("ZoneCrossing"), "n.id"))
        condition = theatre.world.laws.readership.predicate(theatre.actor("L"), noun("Claim")).replace("{node}", "n")
        claims = await theatre.graph.read_rows(
            f"MATCH (n:Claim) WHERE coalesce({condition}, false) RETURN n.id",
            {"reader": theatre.world.laws.readership.parameters(theatre.actor("L"))},
        )
        return crossings, len(claims)

    assert await known_to_owner() == (0, 0)
    assert await theatre.zone_notices("L") == set()
    assert len(await theatre.read_by("K", noun("ZoneCrossing"), "n.id")) == 1
    assert len(await hindrances(move(theatre, action, ActionState.ACTIVATED))) == 1
    await ask(theatre, claim["id"])
    assert await known_to_owner() == (1, 1)
    assert (await crossing_of(theatre))["asked"] == "EXERCISE the only door"
    with pytest.raises(StateConflict, match="asked already"):
        await ask(theatre, claim["id"])
    await decide(theatre, RELEASED)
    await theatre.world.change("Action", action, actor=theatre.actor("K"), window_end="2026-12-01T12:00:00.000Z")
    assert (await crossing_of(theatre))["state"] == "OPEN"
    assert await known_to_owner() == (0, 0)
    await ask(theatre, claim["id"])
    await decide(theatre, RELEASED)
    assert await hindrances(move(theatre, action, ActionState.ACTIVATED)) == []


@pytest.mark.requirement("D11")
@pytest.mark.requirement("D5")
async def test_of_a_pointer_zone_only_whom_to_call_is_told(theatre):
    """However many an agency has there: one notice, one hindrance, its agency; released when all of them are."""
    await theatre.keep(hospital(sensitivity="POINTER"))
    await theatre.keep(Plan("shelter", "L", "NO_GO", HERE[0], HERE[1], 900.0, DAY, FURTHER_NOTICE, "POINTER"))
    action = await notified(theatre)
    assert await theatre.crossings("K") == set()
    notices = "n.state, n.mark"
    claim = await claim_of(theatre, action)
    mark = f"{claim['id']}|call|{theatre.agencies['L']}"
    assert await theatre.read_by("K", noun("ZoneNotice"), notices) == [["OPEN", mark]]
    called = [("ZONE", None, theatre.agencies["L"])]
    assert await hindrances(move(theatre, action, ActionState.ACTIVATED)) == called
    await ask(theatre, claim["id"])
    assert await theatre.read_by("K", noun("ZoneNotice"), notices) == [["REQUESTED", mark]]
    ids = await theatre.read_by("L", noun("ZoneCrossing"), "n.id, n.version")
    assert len(ids) == 2
    world = theatre.world
    for number, (crossing, version) in enumerate(ids):
        assert await hindrances(move(theatre, action, ActionState.ACTIVATED)) == called
        await decide_crossing(
            world.graph,
            theatre.actor("L"),
            world.clock,
            laws=world.laws,
            crossing_id=crossing,
            to=RELEASED,
            expected_version=version,
            reason="EXERCISE go",
            request_id="test",
        )
        state = "RELEASED" if number else "REQUESTED"
        assert await theatre.read_by("K", noun("ZoneNotice"), notices) == [[state, mark]]
    # Moved within its cell, a hidden zone's releases stand: that they fall would tell of it.
    await theatre.world.change("Zone", theatre.ids["hospital"], actor=theatre.actor("L"), radius_m=310.0)
    assert await hindrances(move(theatre, action, ActionState.ACTIVATED)) == []


@pytest.mark.requirement("D11")
@pytest.mark.requirement("D5")
async def test_a_silent_zone_stops_nobody_and_its_owner_alone_is_told(theatre):
    """The plan's owner is told nothing and activates; the zone's owner holds the crossing and must act."""
    await theatre.keep(hospital(sensitivity="SILENT"))
    action = await notified(theatre)
    assert (await theatre.crossings("K"), await theatre.zone_notices("K")) == (set(), set())
    assert len(await theatre.read_by("L", noun("ZoneCrossing"), "n.id")) == 1
    with pytest.raises(StateConflict, match="crosses no zone"):
        await ask(theatre, (await claim_of(theatre, action))["id"])
    assert await hindrances(move(theatre, action, ActionState.ACTIVATED)) == []


@pytest.mark.requirement("D11")
async def test_exercises_and_live_data_are_apart(theatre):
    """A zone of an exercise is crossed by no live plan."""
    world = theatre.world
    row = {"name": "EXERCISE zone", "kind": "NO_GO", "location": HERE, "radius_m": 900.0}
    await world.create("Zone", actor=world.actor("X", Role.COORDINATOR), start="2026-12-01T00:00:00Z", **row)
    action = await notified(theatre)
    assert await hindrances(move(theatre, action, ActionState.ACTIVATED)) == []
    assert await theatre.graph.read_rows("MATCH (n:ZoneCrossing) RETURN n.id") == []


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"start": "2026-12-02T00:00:00Z", "end": "2026-12-01T00:00:00Z"}, "end"),
        ({"start": "9999-12-31T00:00:00Z"}, "start"),
        ({"outline": [[0, 0], [1, 1], [1, 0], [0, 1]]}, "outline"),
    ],
)
async def test_what_is_no_zone_is_refused_by_its_field(theatre, given, field):
    """A time that ends before it begins, one beyond the calendar, corners that make no polygon."""
    whole = {"name": "EXERCISE zone", "kind": "NO_GO", "location": HERE, "start": "2026-12-01T00:00:00Z", **given}
    row, problems = check_row(noun("Zone"), whole)
    if not problems:
        with pytest.raises(Invalid) as refusal:
            await theatre.world.write(lambda writing: writing.create(ZONE, [row]), actor=theatre.actor("K"))
        problems = list(refusal.value.facts["problems"])
    assert [each.field for each in problems] == [field]


@pytest.mark.requirement("D11")
async def test_a_zone_and_an_activation_at_once_see_each_other(theatre):
    """Sixteen times over: the action is refused, or is activated and its crossing stands when the zone does."""
    outcomes = set()
    for number in range(16):
        place = (HERE[0] + number * 0.5, HERE[1])
        action = await notified(theatre, location=place)
        zone = Plan(f"zone {number}", "L", "NO_GO", place[0], place[1], 300.0, DAY, FURTHER_NOTICE)
        first, second = (theatre.keep(zone), move(theatre, action, ActionState.ACTIVATED))
        tried = await asyncio.gather(*((first, second) if number % 2 else (second, first)), return_exceptions=True)
        refused = [each for each in tried if isinstance(each, BaseException)]
        assert all(isinstance(each, OpsplanError) for each in refused), refused
        state = (await theatre.world.properties(action))["state"]
        assert state == ("NOTIFIED" if any(isinstance(each, ActivationRefused) for each in refused) else "ACTIVATED")
        rows = await theatre.graph.read_rows(
            "MATCH (:Record {id: $id})<-[:CLAIMED_FOR]-(:Claim)<-[:CROSSING_OF]-(n:ZoneCrossing) RETURN n.state",
            {"id": action},
        )
        assert rows == [["OPEN"]]
        outcomes.add(state)
    assert outcomes == {"NOTIFIED", "ACTIVATED"}
