"""The typed client against a real service: what comes is typed, what is refused says why, what fails what to do."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pydantic
import pytest

from opsplan.client import (
    UNSET,
    Client,
    Failed,
    GeoPoint,
    KeyTokens,
    RateLimited,
    Refused,
    ResyncRequired,
    Unauthenticated,
    Unreachable,
    Unreadable,
)
from opsplan.client.generated.enums import (
    CompoundStatus,
    ItemOutcome,
    RecordChangeKind,
    RecordNoun,
    Role,
    TargetKind,
    UpsertMode,
)
from opsplan.client.generated.fragments import Change, CompoundFields
from opsplan.client.generated.input_types import (
    AcknowledgeOrderInput,
    CompoundFilter,
    IdFilter,
    ReportAvailabilityInput,
    ReportedResultFilter,
    UpsertCompoundItem,
    UpsertLinkItem,
    UpsertTargetItem,
)
from opsplan.client.generated.records import Records
from opsplan.client.generated.upsert_compounds import UpsertCompounds
from opsplan.graph.address import GraphAddress
from opsplan.graph.driver import Graph
from tests.opsplan.client.conftest import registered
from tests.opsplan.web.conftest import OWN, Running, agency_id, enter, serving, settings_for
from tests.opsplan.web.processes import free_port, running_service

HERE = GeoPoint(longitude=104.92, latitude=11.56)


def site(number: int, **more: object) -> UpsertCompoundItem:
    """Give an item."""
    given = {"external_id": f"case-{number}", "name": f"EXERCISE Court {number}", "location": HERE, **more}
    return UpsertCompoundItem.model_validate(given)


async def test_it_says_who_it_is(client: Client) -> None:
    """By a key from the beginning: agency, roles, and what may be used."""
    viewer = await client.viewer()
    assert (viewer.agency_code, viewer.roles) == (OWN, [Role.PLANNER])
    assert viewer.expires_at > datetime.now(UTC) + timedelta(minutes=50)
    assert 0 < viewer.limits.remaining <= viewer.limits.cost_per_minute


async def test_items_are_answered_one_by_one(client: Client) -> None:
    """What is taken has its record and version; what is refused says which field, what was given, and what would do."""
    items = [site(1), site(2, name="x" * 300), site(3)]
    answer = await client.upsert_compounds(items, UpsertMode.PARTIAL, "case-load-0001")
    assert not isinstance(answer, Refused)
    assert [each.outcome for each in answer.items] == [ItemOutcome.CREATED, ItemOutcome.REFUSED, ItemOutcome.CREATED]
    refusal = answer.items[1].refusal
    assert isinstance(refusal, Refused)
    assert (refusal.code, refusal.field, refusal.retryable) == ("INVALID", "input.items[1].name", False)
    assert refusal.remedy is not None
    assert "200 characters" in refusal.remedy
    assert [each.version for each in answer.compounds] == [1, 1]
    again = await client.upsert_compounds([site(1)], UpsertMode.ATOMIC)
    assert not isinstance(again, Refused)
    assert again.items[0].outcome is ItemOutcome.UNCHANGED
    assert again.items[0].record_id == answer.items[0].record_id


async def test_a_call_that_is_refused_whole_is_an_answer(client: Client, world: Graph) -> None:
    """It is a `Refused`, of whatever kind, and no exception."""
    refused = await client.upsert_compounds([site(1, owner_id=agency_id("TH-NCB"))])
    told = refused if isinstance(refused, Refused) else refused.items[0].refusal
    assert told is not None
    assert told.code == "FORBIDDEN"
    unknown = await client.acknowledge_order(AcknowledgeOrderInput(order_id="tasking_" + "0" * 26))
    assert isinstance(unknown, Refused)
    assert unknown.code == "NOT_FOUND"
    now = datetime.now(UTC)
    nowhere = await client.report_availability(
        ReportAvailabilityInput(unit_id="unit_" + "0" * 26, available=False, start=now, end=now + timedelta(hours=1))
    )
    assert isinstance(nowhere, Refused)
    # Whoever gave one key to two calls is told, and nothing is done.
    await client.upsert_compounds([site(1)], idempotency_key="one-key-0001")
    other = await client.upsert_compounds([site(2)], idempotency_key="one-key-0001")
    assert isinstance(other, Refused)
    assert other.code == "IDEMPOTENCY_CONFLICT"


async def test_what_is_left_out_stays_and_none_takes_away(client: Client) -> None:
    """A model sends what was given to it, and nothing else."""
    await client.upsert_compounds([site(1, status=CompoundStatus.CONFIRMED, notes="By the river.")])
    await client.upsert_compounds([site(1)])
    await client.upsert_compounds([site(1, notes=None)])
    [kept] = (await client.compounds(first=5)).nodes
    assert (kept.compound_status, kept.notes, kept.version) == (CompoundStatus.CONFIRMED, None, 2)
    assert (kept.compound_location, kept.retired_at) == (HERE, None)
    assert kept.created_at.tzinfo is not None
    none = await client.compounds(where=CompoundFilter(id=IdFilter(in_=["compound_" + "0" * 26])), first=UNSET)
    assert none.nodes == []


async def test_records_of_several_kinds_come_in_one_answer(client: Client) -> None:
    """Each as its page has it, by reference where it refers; what is not there is None."""
    await client.upsert_compounds([site(1)])
    await client.upsert_targets(
        [UpsertTargetItem(external_id="who-1", name="EXERCISE Kestrel", kind=TargetKind.NETWORK)], UpsertMode.ATOMIC
    )
    linked = await client.upsert_links(
        [
            UpsertLinkItem.model_validate(
                {"external_id": "l-1", "kind": "OPERATES", "from_id": "/who-1", "to_id": "/case-1"}
            )
        ]
    )
    assert not isinstance(linked, Refused)
    pages = [await ask(first=10) for ask in (client.compounds, client.targets, client.links)]
    paged = [node for page in pages for node in page.nodes]
    found = await client.records([*(node.id for node in paged), "compound_" + "0" * 26])
    assert found[-1] is None
    assert [each.model_dump(exclude={"typename__"}) for each in found if each] == [each.model_dump() for each in paged]
    [link], [target] = (await client.links(first=10)).nodes, (await client.targets(first=10)).nodes
    assert link.from_ is not None
    assert link.from_.id == target.id


async def test_every_page_and_every_kind_can_be_asked_for(client: Client, world: Graph) -> None:
    """No document is beyond what one operation may ask for, with pages of a thousand and a thousand ids."""
    for ask in (
        client.agencies,
        client.compounds,
        client.victim_estimates,
        client.targets,
        client.identifiers,
        client.links,
        client.units,
        client.unit_absences,
        client.resources,
        client.capacities,
        client.operations,
        client.participants,
        client.offers,
        client.actions,
        client.warrants,
        client.status_reports,
        client.taskings,
    ):
        page = await ask(first=1000)
        assert page.page_info.has_next_page is False
    await client.reported_results(where=ReportedResultFilter(), first=1000)
    assert await client.records([f"compound_{number:026}" for number in range(1000)]) == [None] * 1000


async def test_the_feed_tells_and_a_subscription_follows_it(client: Client) -> None:
    """Both say the same, behind the same cursor; closing a subscription leaves no socket behind."""
    cursor = (await client.changes()).end_cursor
    await client.upsert_compounds([site(1)])
    page = await client.changes(after=cursor, nouns=[RecordNoun.Compound])
    [change] = page.changes
    assert (change.kind, change.noun, page.has_more) == (RecordChangeKind.CREATED, RecordNoun.Compound, False)
    async with aclosing(client.record_changed(nouns=[RecordNoun.Compound], after=cursor)) as events:
        first = await asyncio.wait_for(anext(events), 10)
        assert (first.record_id, first.kind) == (change.record_id, change.kind)
        await client.upsert_compounds([site(1, name="EXERCISE Other Court")])
        second = await asyncio.wait_for(anext(events), 10)
    assert (second.record_id, second.fields) == (change.record_id, ["name"])
    gone = await asyncio.wait_for(_first_failure(client, "operation_" + "0" * 26), 10)
    assert gone.code == "NOT_FOUND"


async def _first_failure(client: Client, operation_id: str) -> Failed:
    with pytest.raises(Failed) as told:
        async for _ in client.operation_changed(operation_id=operation_id):
            pass
    return told.value


async def test_failures_are_of_the_kind_that_the_caller_needs(client: Client, service: Running) -> None:
    """A cursor that is none, a service that is not there, another's page, a token that is none."""
    with pytest.raises(Failed, match="INVALID") as told:
        await client.changes(after="nonsense")
    assert (told.value.code, told.value.retryable) == ("INVALID", False)
    assert told.value.faults[0].remedy
    async with Client(f"http://127.0.0.1:{free_port()}", "token") as nowhere:
        with pytest.raises(Unreachable):
            await nowhere.viewer()
        with pytest.raises(Unreachable):
            await anext(nowhere.record_changed())
    async with Client(f"{service.url}/elsewhere", "token") as elsewhere:
        with pytest.raises(Unreadable):
            await elsewhere.viewer()
        with pytest.raises(Unreachable):
            await anext(elsewhere.record_changed())
    async with Client("nowhere", "token") as none:
        with pytest.raises(Unreadable, match="is no address"):
            await none.viewer()
        with pytest.raises(Unreadable, match="is no address"):
            await anext(none.record_changed())
    async with Client(service.url, "token") as stranger:
        with pytest.raises(Unauthenticated):
            await stranger.viewer()
        with pytest.raises(Unauthenticated):
            await anext(stranger.record_changed())


def test_what_is_newer_than_the_client_is_told_or_taken() -> None:
    """A choice that is not listed comes as its word; an answer that cannot be read is said to be one."""
    told = {"cursor": "c", "at": "2026-12-01T04:00:00Z", "kind": "CREATED", "noun": "Zeppelin", "recordId": "z_1"}
    change = Change.model_validate({**told, "fields": [], "by": "anna", "agencyId": None, "reason": None})
    assert change.noun == "Zeppelin"
    assert change.noun not in list(RecordNoun)
    client = Client("http://127.0.0.1:1", "token")
    with pytest.raises(Unreadable, match="name"):
        client.read(CompoundFields, {"id": "compound_1"})


def test_names_that_are_none_are_refused_before_they_are_sent() -> None:
    """A misspelt filter would else give everything, a misspelt field be left out."""
    for kind, given in ((CompoundFilter, {"nmae": None}), (UpsertCompoundItem, {**site(1).model_dump(), "note": "n"})):
        with pytest.raises(pydantic.ValidationError, match="Extra inputs are not permitted"):
            kind.model_validate(given)
    with pytest.raises(TypeError, match="fist"):
        Client("http://127.0.0.1:1", "token").compounds(fist=3)  # type: ignore[call-arg]


TYPED = """import asyncio
from opsplan.client import Client
from opsplan.client.generated.input_types import CompoundFilter

async def main() -> None:
    async with Client("http://127.0.0.1:8000", "token") as client:
        page = await client.compounds(where=CompoundFilter(), first=3)
        names: list[str] = [each.name for each in page.nodes]
        async for event in client.record_changed():
            print(names, event.noun.value)
"""


def test_type_checkers_know_it(tmp_path: Path) -> None:
    """From outside of the clone, by the marker that the wheel has too; a word that is none is found."""
    good, bad = tmp_path / "good.py", tmp_path / "bad.py"
    good.write_text(TYPED)
    bad.write_text(TYPED.replace("first=3", "fist=3").replace("event.noun.", "event.nuon."))
    ended = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file=", "good.py", "bad.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "good.py" not in ended.stdout, ended.stdout
    assert 'Unexpected keyword argument "fist"' in ended.stdout
    assert 'has no attribute "nuon"' in ended.stdout
    assert ended.stdout.count("error:") == 2, ended.stdout


def test_kinds_that_come_after_the_client_are_read_as_what_they_are_of() -> None:
    """A refusal of a new kind is a refusal, a record of a new noun a record; what is known must be as it is known."""
    client = Client("http://127.0.0.1:1", "token")
    said = {"code": "EMBARGOED", "message": "m", "field": None, "value": None, "remedy": None, "retryable": True}
    answer = client.read(
        UpsertCompounds, {"upsertCompounds": {"__typename": "EmbargoedError", **said, "facts": []}}
    ).upsert_compounds
    assert isinstance(answer, Refused)
    assert (answer.code, answer.typename__) == ("EMBARGOED", "EmbargoedError")
    (record,) = client.read(Records, {"nodes": [{"__typename": "Zeppelin", "id": "zeppelin_1"}]}).nodes
    assert record is not None
    assert (record.id, record.typename__) == ("zeppelin_1", "Zeppelin")
    with pytest.raises(Unreadable):
        client.read(Records, {"nodes": [{"__typename": "Compound", "id": "compound_1"}]})


@pytest.fixture
def poor(graph_server: GraphAddress, world: Graph, tmp_path: Path) -> Iterator[Running]:
    """Run a service in which an agency may spend no more within a minute than one operation may cost."""
    with serving(settings_for(graph_server, tmp_path, OPSPLAN_COST_PER_MINUTE="250000")) as running:
        yield running


async def test_a_budget_that_is_used_up_says_how_long_to_wait(poor: Running) -> None:
    """Over HTTP and over a socket."""
    almost_all = "{ compounds(first: 1000) { nodes { actions(first: 248) { nodes { id } } } } }"
    async with Client(poor.url, poor.token()) as client:
        client.get_data(await client.execute(almost_all))
        with pytest.raises(RateLimited) as told:
            await client.compounds(first=1000)
        assert 0 < told.value.retry_after_s <= 60
        assert told.value.retryable
        # Opening a subscription costs little: the rest is spent first.
        while (await client.viewer()).limits.remaining >= 40:
            pass
        with pytest.raises(RateLimited) as told:
            await asyncio.gather(*(anext(client.record_changed()) for _ in range(3)))
        assert 0 < told.value.retry_after_s <= 60


async def test_a_cursor_of_a_service_that_was_restored_is_told(client: Client, world: Graph) -> None:
    """The feed and a subscription say that everything is to be read anew."""
    await client.upsert_compounds([site(1)])
    cursor = (await client.changes()).end_cursor
    await world.run_outside("MATCH (s:CommitSequence) SET s.number = s.number - 1")
    try:
        with pytest.raises(ResyncRequired):
            await client.changes(after=cursor)
        with pytest.raises(ResyncRequired):
            await asyncio.wait_for(anext(client.record_changed(after=cursor)), 10)
    finally:
        await world.run_outside("MATCH (s:CommitSequence) SET s.number = s.number + 1")


@pytest.mark.timeout(300)
async def test_a_service_that_is_killed_is_unreachable(
    graph_server: GraphAddress, world: Graph, tmp_path: Path
) -> None:
    """Also for who listens: it is told at once, and goes on behind its cursor when the service is there again."""
    key = await registered(world, tmp_path / "key.jwk")
    port = str(free_port())
    environment = {
        "OPSPLAN_NEO4J_URI": graph_server.uri,
        "OPSPLAN_NEO4J_USER": graph_server.user,
        "OPSPLAN_NEO4J_PASSWORD": graph_server.password,
        "OPSPLAN_PORT": port,
    }
    with running_service(tmp_path, environment) as process:
        await process.ready()
        async with Client(process.url, KeyTokens(key, process.url, OWN)) as client:
            cursor = (await client.changes()).end_cursor
            events = client.record_changed(after=cursor)
            await client.upsert_compounds([site(1)])
            first = await asyncio.wait_for(anext(events), 10)
            process.running.kill()
            with pytest.raises(Unreachable):
                await asyncio.wait_for(anext(events), 10)
            with pytest.raises(Unreachable):
                await client.viewer()
            await enter(world, "Compound", [{"name": "EXERCISE beside", "location": HERE.model_dump(), "owner": OWN}])
            with running_service(tmp_path, environment) as again:
                await again.ready()
                async with aclosing(client.record_changed(after=first.cursor)) as later:
                    assert (await asyncio.wait_for(anext(later), 10)).noun is RecordNoun.Compound
