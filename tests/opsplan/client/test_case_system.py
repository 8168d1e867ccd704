"""The example's case system stays in step, whatever is killed: nothing is lost, nothing is there twice."""

import asyncio
import random
import re
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from opsplan.client import Client
from opsplan.graph.address import GraphAddress
from opsplan.graph.driver import Graph
from opsplan.vocabulary.actor import Role
from tests.opsplan.client.conftest import registered
from tests.opsplan.client.systems import CaseSystem
from tests.opsplan.web.conftest import OWN, Running, enter, serving, settings_for
from tests.opsplan.web.processes import free_port, running_service
from tests.seeds import FRESH

PLACE = {"longitude": 104.9, "latitude": 11.6}
RETIRE = """mutation ($input: RetireCompoundInput!) {
  retireCompound(input: $input) { __typename ... on Refusal { code message } } }"""


@pytest.fixture
async def system(service: Running, world: Graph, tmp_path: Path) -> CaseSystem:
    """Give a case system of the own agency that has nothing yet."""
    await registered(world, tmp_path / "key.jwk")
    return CaseSystem(tmp_path, service.url, tmp_path / "key.jwk")


async def is_in_step(world: Graph, system: CaseSystem) -> None:
    """Hold what the system has against the graph: each record, in its last version; retired ones may be left out."""
    rows = await world.read_rows(
        "MATCH (n:Compound|Target|Link) RETURN n.id, head([each IN labels(n) WHERE each IN $nouns]), n.version, "
        "n.retired_at IS NOT NULL",
        {"nouns": ["Compound", "Target", "Link"]},
    )
    there = {record: (noun, version, retired) for record, noun, version, retired in rows}
    known = system.records()
    assert {record: told for record, told in known.items() if there.get(record) != told} == {}
    assert [record for record, (_, _, retired) in there.items() if record not in known and not retired] == []
    assert system.asked("SELECT * FROM outbox") == []


async def retired(client: Client, record_id: str) -> None:
    """Have a site retired that is in its first version."""
    given = {"input": {"id": record_id, "expectedVersion": 1, "reason": "test"}}
    data = client.get_data(await client.execute(RETIRE, None, given))
    assert data["retireCompound"]["__typename"] == "Compound", data


@pytest.mark.requirement("P8")
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("kills", [5, pytest.param(100, marks=pytest.mark.long)])
async def test_it_stays_in_step_through_kills(service: Running, world: Graph, system: CaseSystem, kills: int) -> None:
    """It is killed at any instant, while it works on cases of its own and others change what it follows."""
    chance = random.Random(FRESH)
    done = asyncio.Event()
    added: dict[str, str] = {}

    async def others() -> None:
        number = 0
        async with Client(service.url, service.token(OWN, Role.PLANNER)) as client:
            while not done.is_set():
                rows = [
                    {"name": f"EXERCISE beside {number} {each}", "location": PLACE, "owner": OWN} for each in range(3)
                ]
                made = await enter(world, "Compound", rows)
                await enter(world, "Target", [{"name": f"EXERCISE Who {number}", "kind": "NETWORK", "owner": OWN}])
                if number % 2:
                    await retired(client, made[0])
                number += 1
                await asyncio.sleep(0.3)

    async def own() -> None:
        number = 0
        while not done.is_set():
            case = f"case-{number % 7}"
            added[case] = f"EXERCISE {number}"
            await asyncio.to_thread(system.add, case, added[case])
            number += 1
            await asyncio.sleep(0.2)
        added["count"] = str(number)

    working = [asyncio.create_task(others()), asyncio.create_task(own())]
    try:
        for _ in range(kills):
            with system.running("follow"):
                await asyncio.sleep(chance.uniform(0.8, 3.0))
    finally:
        done.set()
        await asyncio.gather(*working)
    await asyncio.to_thread(system.sync)
    await is_in_step(world, system)
    count = int(added.pop("count"))
    rows = await world.read_rows(
        "MATCH (c:Compound) WHERE c.external_id STARTS WITH 'case-' RETURN c.external_id, c.name"
    )
    assert sorted(tuple(row) for row in rows) == sorted(added.items())
    [[changes]] = await world.read_rows(
        "MATCH (m:Commit) WHERE m.actor = $by MATCH (c:Change {commit_id: m.id}) RETURN count(c)",
        {"by": f"client:{OWN}:Case system"},
    )
    # Each entry has a name of its own, so that one that was lost or done twice would be missing or too much.
    assert changes == count > kills
    assert "Traceback" not in system.said(), system.said()[-3_000:]


@pytest.mark.timeout(300)
async def test_it_goes_on_when_the_service_was_killed(graph_server: GraphAddress, world: Graph, tmp_path: Path) -> None:
    """It waits, says so, and needs nobody to start it again."""
    await registered(world, tmp_path / "key.jwk")
    port = str(free_port())
    environment = {
        "OPSPLAN_NEO4J_URI": graph_server.uri,
        "OPSPLAN_NEO4J_USER": graph_server.user,
        "OPSPLAN_NEO4J_PASSWORD": graph_server.password,
        "OPSPLAN_PORT": port,
    }
    system = CaseSystem(tmp_path, f"http://127.0.0.1:{port}", tmp_path / "key.jwk")
    with running_service(tmp_path, environment) as process:
        await process.ready()
        await asyncio.to_thread(system.sync)
        with system.running("follow") as following:
            process.running.kill()
            process.running.wait()
            system.add("case-1", "EXERCISE in between")
            await enter(world, "Compound", [{"name": "EXERCISE beside", "location": PLACE, "owner": OWN}])
            async with asyncio.timeout(60):
                while "does not answer" not in system.said():
                    assert following.poll() is None, system.said()
                    await asyncio.sleep(0.1)
            with running_service(tmp_path, environment) as again:
                await again.ready()
                async with asyncio.timeout(60):
                    while len(system.records()) < 2:
                        assert following.poll() is None, system.said()
                        await asyncio.sleep(0.1)
                    while not system.said().endswith("In step again.\n"):
                        assert following.poll() is None, system.said()
                        await asyncio.sleep(0.1)
                await is_in_step(world, system)


async def test_what_is_refused_is_kept_with_its_case(world: Graph, system: CaseSystem) -> None:
    """The others are sent; a case that was corrected is sent again."""
    system.add("case-1", "EXERCISE One")
    system.add("case-2", "")
    system.add("case-3", "EXERCISE Three")
    shown = await asyncio.to_thread(system.sync)
    assert "case-2 () refused: INVALID" in shown
    assert len(system.records()) == 2
    system.add("case-2", "EXERCISE Two")
    assert "refused" not in await asyncio.to_thread(system.sync)
    assert set(system.names().values()) == {"EXERCISE One", "EXERCISE Two", "EXERCISE Three"}
    await is_in_step(world, system)


async def test_it_reads_everything_anew_when_it_must(service: Running, world: Graph, system: CaseSystem) -> None:
    """A service that was restored from an older copy: what that has not is let go of. So with a key of another name."""
    await enter(world, "Compound", [{"name": "EXERCISE before", "location": PLACE, "owner": OWN}])
    await asyncio.to_thread(system.sync)
    [[before]] = await world.read_rows("MATCH (s:CommitSequence) RETURN s.number")
    await enter(world, "Compound", [{"name": "EXERCISE lost", "location": PLACE, "owner": OWN}])
    await asyncio.to_thread(system.sync)
    assert set(system.names().values()) == {"EXERCISE before", "EXERCISE lost"}
    # As an older copy would be: without that record, and without the commit that made it.
    await world.run_outside("MATCH (c:Compound {name: 'EXERCISE lost'}) DETACH DELETE c")
    await world.run_outside("MATCH (m:Commit) WHERE m.number > $number DETACH DELETE m", {"number": before})
    await world.run_outside("MATCH (s:CommitSequence) SET s.number = $number", {"number": before})
    # The service notices that within a second.
    await asyncio.sleep(1.5)
    await asyncio.to_thread(system.sync)
    assert set(system.names().values()) == {"EXERCISE before"}
    await is_in_step(world, system)
    (system.path.parent / "key.jwk").unlink()
    await registered(world, system.path.parent / "key.jwk", name="Other system")
    await enter(world, "Compound", [{"name": "EXERCISE after", "location": PLACE, "owner": OWN}])
    await asyncio.to_thread(system.sync)
    await is_in_step(world, system)
    assert set(system.names().values()) == {"EXERCISE before", "EXERCISE after"}


async def test_what_graphql_refuses_does_not_stand_before_the_others(world: Graph, system: CaseSystem) -> None:
    """A country that is none refuses the document, not the item: it is the case's refusal all the same."""
    system.add("case-1", "EXERCISE One")
    with closing(sqlite3.connect(system.path)) as database, database:
        database.execute("UPDATE outbox SET item = json_set(item, '$.country', 'nowhere')")
    system.add("case-2", "EXERCISE Two")
    shown = await asyncio.to_thread(system.sync)
    assert re.search(r"^case-1 \(EXERCISE One\) refused: \w+: .*nowhere", shown, re.MULTILINE), shown
    assert "case-2 (EXERCISE Two) is compound_" in shown
    await is_in_step(world, system)


def test_a_case_that_is_none_is_said_to_be_none(tmp_path: Path) -> None:
    """In one line; nothing is entered."""
    system = CaseSystem(tmp_path, "http://127.0.0.1:9", tmp_path / "key.jwk")
    ended = subprocess.run(system.command("add", "X", "500", "49"), capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
    assert ended.stderr.startswith("That is no case: longitude:")
    assert system.asked("SELECT * FROM local_case") == []


@pytest.fixture
def poor(graph_server: GraphAddress, world: Graph, tmp_path: Path) -> Iterator[Running]:
    """Run a service in which an agency may spend little within a minute."""
    with serving(settings_for(graph_server, tmp_path, OPSPLAN_COST_PER_MINUTE="250000")) as running:
        yield running


@pytest.mark.long
async def test_it_waits_when_the_budget_is_used_up(poor: Running, world: Graph, tmp_path: Path) -> None:
    """It says so, and goes on by itself."""
    await registered(world, tmp_path / "key.jwk")
    system = CaseSystem(tmp_path, poor.url, tmp_path / "key.jwk")
    almost_all = "{ compounds(first: 1000) { nodes { actions(first: 248) { nodes { id } } } } }"
    async with Client(poor.url, poor.token()) as client:
        client.get_data(await client.execute(almost_all))
    system.add("case-1", "EXERCISE One")
    shown = await asyncio.to_thread(system.sync)
    assert "case-1 (EXERCISE One) is compound_" in shown
    await is_in_step(world, system)
