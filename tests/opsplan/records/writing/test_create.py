"""Tests of creating: what every record carries, what is refused, and that a refusal leaves nothing behind."""

from typing import Any

import pytest

from opsplan.records.feed import history
from opsplan.records.writing import Writing
from opsplan.vocabulary.actor import Actor, Role
from opsplan.vocabulary.errors import Conflict, Forbidden, Invalid, NotFound, OpsplanError
from opsplan.vocabulary.ids import prefix_in
from tests.opsplan.records.world import ADMINISTRATOR, World, checked, noun, only


async def refused(world: World, name: str, /, actor: Actor | None = None, **given: Any) -> OpsplanError:
    """Give the error that creating a record meets, after making sure that nothing was written."""
    before = await world.graph.read_rows("MATCH (n) RETURN count(n)")
    with pytest.raises(OpsplanError) as met:
        await world.create(name, actor=actor, **given)
    assert await world.graph.read_rows("MATCH (n) RETURN count(n)") == before
    return met.value


async def test_a_record_carries_what_the_service_keeps(world: World) -> None:
    """A new record has a random id, its owner, version 1, who and when, the defaults, and its labels."""
    record_id = await world.compound(external_id="C-1")
    kept = await world.properties(record_id)
    assert prefix_in(record_id) == "compound"
    assert len(record_id) == len("compound_") + 26
    assert only(kept, "owner_id", "version", "exercise", "created_by", "changed_by", "status", "marking") == {
        "owner_id": world.agencies["A"],
        "version": 1,
        "exercise": False,
        "created_by": "user-A",
        "changed_by": "user-A",
        "status": "SUSPECTED",
        "marking": "TLP_AMBER",
    }
    assert kept["created_at"] == kept["changed_at"] == "2026-11-23T08:30:00.000Z"
    assert (kept["location"].longitude, kept["location"].latitude, kept["location"].srid) == (104.92, 11.56, 4326)
    rows = await world.graph.read_rows("MATCH (n:Record:Compound {id: $id}) RETURN labels(n)", {"id": record_id})
    assert sorted(rows[0][0]) == ["Compound", "Record"]


async def test_a_record_has_its_history_from_the_first_day(world: World) -> None:
    """Creation makes one commit with one change: nothing before, all given and kept values after."""
    compound = await world.compound()
    estimate = await world.create(
        "VictimEstimate", compound=compound, nationality="VN", low=1, likely=2, high=3, as_of="2026-11-01T00:00:00Z"
    )
    (commit,) = await history(world.graph, estimate)
    assert (commit.actor, commit.agency_id, commit.request_id) == ("user-A", world.agencies["A"], "test")
    (change,) = commit.changes
    assert (change.kind, change.noun, change.before) == ("CREATED", "VictimEstimate", None)
    assert change.after == {
        "as_of": "2026-11-01T00:00:00.000Z",
        "compound": compound,
        "exercise": False,
        "high": 3,
        "likely": 2,
        "low": 1,
        "marking": "TLP_AMBER",
        "nationality": "country_vn",
        "owner_id": world.agencies["A"],
    }


async def test_references_are_found_by_id_key_and_external_id(world: World) -> None:
    """A record may be named by its id, by an agency's code and external id, or by external id within the owner."""
    compound = await world.compound(external_id="C/1")
    estimate = {"nationality": "VN", "low": 1, "likely": 2, "high": 3, "as_of": "2026-11-01T00:00:00Z"}
    for reference in (compound, f"A-{world.tag}/C/1", "/C/1"):
        made = await world.create("VictimEstimate", compound=reference, **estimate)
        assert await world.referred(made, "ESTIMATED_AT") == [compound]
    grant = await world.create(
        "Jurisdiction",
        basis="CONSENT",
        instrument="x",
        start="2026-11-01T00:00:00Z",
        agency=f"B-{world.tag}",
        over="TH",
    )
    assert await world.referred(grant, "GRANTED_TO") == [world.agencies["B"]]
    assert await world.referred(grant, "OVER") == ["country_th"]


async def test_an_external_id_in_two_nouns_names_neither(world: World) -> None:
    """Where a reference may lead to several nouns, the caller says which; the refusal has the ids to choose from."""
    compound = await world.compound(external_id="X-1")
    target = await world.create("Target", external_id="X-1", name="EXERCISE Heron", kind="PERSON")
    link = {"from": "/X-1", "to": compound, "kind": "OWNS"}
    error = await refused(world, "Link", **link)
    assert isinstance(error, Invalid)
    assert error.field == "from"
    assert compound in error.message
    assert target in error.message
    await world.create("Link", **{**link, "from": target})


async def test_another_agencys_external_id_is_not_mine(world: World) -> None:
    """An external id without an agency is looked for among the owner's records alone."""
    await world.compound(actor=world.actor("B"), external_id="C1")
    estimate = {"nationality": "VN", "low": 1, "likely": 2, "high": 3, "as_of": "2026-11-01T00:00:00Z"}
    error = await refused(world, "VictimEstimate", compound="/C1", **estimate)
    assert "there is no Compound '/C1'" in error.message


@pytest.mark.parametrize(
    ("relation", "given", "said"),
    [
        ("compound", "compound_0000", "compound: there is no Compound 'compound_0000'; give the id of an existing"),
        ("compound", "NOBODY/1", "compound: there is no Compound 'NOBODY/1'"),
        ("targets", ["target_0000"], "targets: there is no Target 'target_0000'"),
    ],
)
async def test_references_to_nothing_are_refused(world: World, relation: str, given: Any, said: str) -> None:
    """A reference to no record is refused on its field."""
    operation = await world.operation()
    window = {"window_start": "2026-12-01T04:00:00Z", "window_end": "2026-12-01T16:00:00Z"}
    error = await refused(world, "Action", name="Raid", kind="RAID", operation=operation, **window, **{relation: given})
    assert isinstance(error, Invalid)
    assert error.field == relation
    assert said in error.message


async def test_records_out_of_force_are_not_referred_to(world: World) -> None:
    """A new reference to a retired record is refused, and says since when it is retired."""
    compound = await world.compound()
    await world.retire("Compound", compound)
    estimate = {"nationality": "VN", "low": 1, "likely": 2, "high": 3, "as_of": "2026-11-01T00:00:00Z"}
    error = await refused(world, "VictimEstimate", compound=compound, **estimate)
    assert "was retired at 2026-11-23T08:30:00.000Z" in error.message


async def test_exercise_and_live_data_never_meet(world: World) -> None:
    """What belongs to an exercise refers to the exercise only, and live data to live data, in both directions."""
    live, invented = await world.compound(), await world.compound(actor=world.actor("X"), name="EXERCISE Heron")
    assert (await world.properties(invented))["exercise"] is True
    estimate = {"nationality": "VN", "low": 1, "likely": 2, "high": 3, "as_of": "2026-11-01T00:00:00Z"}
    for actor, compound in ((world.actor("A"), invented), (world.actor("X"), live), (ADMINISTRATOR, invented)):
        owner = {"owner": world.agencies["A"]} if actor is ADMINISTRATOR else {}
        error = await refused(world, "VictimEstimate", actor=actor, compound=compound, **estimate, **owner)
        assert "EXERCISE data" in error.message
        assert "live data" in error.message


async def test_an_agency_writes_for_itself_alone(world: World) -> None:
    """A planner cannot make a record that another agency owns; an administrator can, and must name the owner."""
    error = await refused(world, "Target", name="Q", kind="PERSON", owner=f"B-{world.tag}")
    assert isinstance(error, Forbidden)
    error = await refused(world, "Target", actor=ADMINISTRATOR, name="Q", kind="PERSON")
    assert (type(error), error.field) == (Invalid, "owner")
    made = await world.create("Target", actor=ADMINISTRATOR, name="Q", kind="PERSON", owner=f"B-{world.tag}")
    assert (await world.properties(made))["owner_id"] == world.agencies["B"]
    assert isinstance(
        await refused(world, "Target", actor=ADMINISTRATOR, name="Q", kind="PERSON", owner="NOBODY"), NotFound
    )


async def test_readers_write_nothing(world: World) -> None:
    """A token that may only read is refused by the writer itself."""
    error = await refused(world, "Target", actor=world.actor("A", Role.READER), name="Q", kind="PERSON")
    assert isinstance(error, Forbidden)


async def test_only_administrators_make_agencies(world: World) -> None:
    """An agency owns itself, so nobody but an administrator makes one."""
    error = await refused(world, "Agency", actor=world.actor("A"), code=f"N-{world.tag}", name="N", kind="NGO")
    assert isinstance(error, Forbidden)
    taken = await refused(world, "Agency", actor=ADMINISTRATOR, code=f"A-{world.tag}", name="N", kind="NGO")
    assert (type(taken), taken.field) == (Conflict, "code")
    made = await world.create("Agency", actor=ADMINISTRATOR, code=f"N-{world.tag}", name="N", kind="NGO")
    assert (await world.properties(made))["owner_id"] == made


async def test_what_a_relation_asks_for_is_asked(world: World) -> None:
    """Only a coordinator puts actions into an operation, and only its owner gives a unit absences."""
    operation = await world.operation(actor=world.actor("B"))
    with pytest.raises(Forbidden) as lacking:
        await world.action(operation)
    assert lacking.value.field == "operation"
    await world.change("Operation", operation, actor=world.actor("B"), coordinators=[world.agencies["A"]])
    action = await world.action(operation)
    mode = {"name": "team", "duration_minutes": 60, "action": action}
    assert isinstance(await refused(world, "ActionMode", actor=world.actor("B"), **mode), Forbidden)
    await world.create("ActionMode", **mode)


async def test_external_ids_are_unique_within_their_owner(world: World) -> None:
    """The same external id twice is refused; in another agency, or for another noun, it is another record."""
    first = await world.target(external_id="T1")
    error = await refused(world, "Target", name="Q", kind="PERSON", external_id="T1")
    assert isinstance(error, Conflict)
    assert (error.field, error.value, error.facts["id"]) == ("external_id", "T1", first)
    twice = [checked("Target", name="Q", kind="PERSON", external_id="T2")] * 2
    with pytest.raises(Conflict) as met:
        await world.write(lambda writing: writing.create(noun("Target"), twice))
    assert met.value.field == "row 2, external_id"
    await world.target(actor=world.actor("B"), external_id="T1")
    await world.compound(external_id="T1")


async def test_the_server_makes_the_ids(world: World) -> None:
    """A caller cannot choose an id; an administrator may, to restore an export, but not one that is taken."""
    given = {"name": "Q", "kind": "PERSON"}
    assert isinstance(await refused(world, "Target", id="target_chosen", **given), Forbidden)
    restored = f"target_{world.tag.lower()}"
    owner = {"owner": world.agencies["A"]}
    assert await world.create("Target", actor=ADMINISTRATOR, id=restored, **owner, **given) == restored
    assert isinstance(await refused(world, "Target", actor=ADMINISTRATOR, id=restored, **owner, **given), Conflict)


async def test_all_rows_or_none(world: World) -> None:
    """One bad row among many leaves nothing, and every bad row is named by its place."""
    rows = [checked("Target", name=f"T{place}", kind="PERSON") for place in range(5)]
    rows[1]["nationalities"] = ["country_xx"]
    rows[3]["nationalities"] = ["country_th", "country_yy"]
    before = await world.graph.read_rows("MATCH (n) RETURN count(n)")
    with pytest.raises(Invalid) as met:
        await world.write(lambda writing: writing.create(noun("Target"), rows))
    assert [(each.row, each.name) for each in met.value.facts["problems"]] == [
        (1, "nationalities"),
        (3, "nationalities"),
    ]
    assert await world.graph.read_rows("MATCH (n) RETURN count(n)") == before


async def test_records_of_one_write_may_refer_to_each_other(world: World) -> None:
    """What was created earlier in the same transaction can be referred to, and it all makes one commit."""

    async def work(writing: Writing) -> list[str]:
        compound = (await writing.create(noun("Compound"), [checked("Compound", name="H", location=(104.92, 11.56))]))[
            0
        ]
        target = (await writing.create(noun("Target"), [checked("Target", name="Q", kind="PERSON")]))[0]
        link = checked("Link", kind="OPERATES", **{"from": target, "to": compound})
        return [compound, target, *await writing.create(noun("Link"), [link])]

    ids = await world.write(work)
    commits = [(await history(world.graph, each))[0] for each in ids]
    assert len({commit.id for commit in commits}) == 1
    assert [commit.changes[0].ordinal for commit in commits] == [0, 1, 2]


async def test_ids_come_in_the_order_of_the_rows(world: World) -> None:
    """Rows are stored sorted, but their ids are given in the order in which the rows came."""
    rows = [checked("Target", name=name, kind="PERSON", external_id=name) for name in "dbca"]
    ids = await world.write(lambda writing: writing.create(noun("Target"), rows))
    assert [(await world.properties(each))["name"] for each in ids] == list("dbca")
