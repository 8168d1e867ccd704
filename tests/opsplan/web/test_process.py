"""The service as a process: its log, its faults, its end; by real signals, a real lock in the graph, a real kill."""

import asyncio
import signal
import time
from contextlib import asynccontextmanager

import httpx
import psutil
import pytest

from opsplan.graph.local.options import LocalServerOptions
from opsplan.graph.local.server import start_server
from opsplan.vocabulary.actor import Role
from tests.opsplan.web.conftest import OTHER, OWN, enter
from tests.opsplan.web.processes import free_port, running_service

CANARY = "canary-7f3a9c"
SITE = {"name": f"EXERCISE {CANARY}", "location": {"longitude": 104.9, "latitude": 11.6}, "owner": OWN}
CHANGE = """mutation ($input: ChangeCompoundInput!) { changeCompound(input: $input) {
  __typename ... on Compound { version } ... on Refusal { code } } }"""


@pytest.fixture(scope="module")
def environment(graph_server):
    return {
        "OPSPLAN_NEO4J_URI": graph_server.uri,
        "OPSPLAN_NEO4J_USER": graph_server.user,
        "OPSPLAN_NEO4J_PASSWORD": graph_server.password,
    }


@asynccontextmanager
async def _locked(graph, record_id):
    """Hold a record's lock in the graph, as another writer would, until the block ends."""
    held, release = asyncio.Event(), asyncio.Event()

    async def hold(tx):
        await tx.run("MATCH (n:Record {id: $id}) SET n.lock = true REMOVE n.lock", id=record_id)
        held.set()
        await release.wait()

    holding = asyncio.create_task(graph.write(hold, attempts=1))
    await held.wait()
    try:
        yield
    finally:
        release.set()
        await holding


def _head(process, code=OWN, *roles, **more):
    return {"authorization": f"Bearer {process.token(code, *roles)}", **more}


async def test_sigterm_finishes_the_request_under_way_and_takes_no_new_one(world, environment, tmp_path):
    """A change that waits for a lock when SIGTERM comes is done and answered; then the process ends with status 0."""
    (record_id,) = await enter(world, "Compound", [SITE])
    change = {"input": {"id": record_id, "expectedVersion": 1, "capacity": 9}}
    with running_service(tmp_path, environment) as process:
        await process.ready()
        async with httpx.AsyncClient(base_url=process.url, timeout=30) as client:
            async with _locked(world, record_id):
                asking = asyncio.create_task(
                    client.post("/graphql", json={"query": CHANGE, "variables": change}, headers=_head(process))
                )
                await asyncio.sleep(1)
                process.running.send_signal(signal.SIGTERM)
                await asyncio.sleep(0.5)
                assert not asking.done()
                with pytest.raises(httpx.TransportError):
                    async with httpx.AsyncClient() as another:
                        await another.get(f"{process.url}/healthz", timeout=2)
            answer = await asking
        assert answer.json()["data"]["changeCompound"] == {"__typename": "Compound", "version": 2}
        assert await process.ended() == 0


async def test_logs_hold_no_value_and_masked_errors_are_found_by_their_id(world, environment, tmp_path):
    """After queries, changes, refusals, forgeries and faults full of a canary, no line of the log holds it.

    Every line is JSON; each request has its id; the fault that a caller saw masked stands under the error id.
    """
    (record_id,) = await enter(world, "Compound", [SITE])
    await world.run_outside("MATCH (n:Compound) SET n.version = $canary", {"canary": CANARY})
    with running_service(tmp_path, environment | {"OPSPLAN_LOG_LEVEL": "debug"}) as process:
        await process.ready()
        async with httpx.AsyncClient(base_url=process.url, timeout=30) as client:
            head = _head(process, **{"x-request-id": "request-under-test"})
            search = "query ($n: String) { compounds(where: {name: {contains: $n}}) { nodes { name } } }"
            found = await client.post("/graphql", json={"query": search, "variables": {"n": CANARY}}, headers=head)
            assert CANARY in found.text
            for body in (
                {"query": f'{{ compounds(where: {{name: {{eq: "{CANARY}"}}}}) {{ nodes {{ name }} }} }}'},
                {"query": f"{{ {CANARY.replace('-', '_')} }}"},
                {"query": search, "variables": {"n": {CANARY: CANARY}}},
                {"query": search, "operationName": CANARY},
                {"query": f'{{ compound(id: "{CANARY}") {{ name }} }}'},
                {"query": f'{{ compounds(after: "{CANARY}") {{ nodes {{ name }} }} }}'},
                {"query": CHANGE, "variables": {"input": {"id": CANARY, "expectedVersion": 1, "notes": CANARY}}},
            ):
                await client.post("/graphql", json=body, headers=head)
            await client.post("/graphql", content=f'{{"{CANARY}', headers=head | {"content-type": "application/json"})
            await client.get(f"/{CANARY}?{CANARY}={CANARY}", headers={"x-request-id": f"{CANARY} {CANARY}"})
            await client.post("/graphql", json={}, headers={"authorization": f"Bearer {CANARY}.{CANARY}.{CANARY}"})
            await client.post(
                "/graphql", json={}, headers={"authorization": f"Bearer {process.token('XX-' + 'Q' * 30)}"}
            )
            await client.get("/graphql", params={"query": "{ viewer { subject } }", "variables": CANARY}, headers=head)
            retire = """mutation ($input: RetireCompoundInput!) { retireCompound(input: $input) { __typename } }"""
            given = {"id": record_id, "expectedVersion": 1, "reason": CANARY}
            await client.post("/graphql", json={"query": retire, "variables": {"input": given}}, headers=head)
            masked = await client.post(
                "/graphql",
                json={"query": "query ($id: ID!) { compound(id: $id) { version } }", "variables": {"id": record_id}},
                headers=head,
            )
            await world.run_outside("MATCH (n:Record) WHERE n.id = $id SET n.version = 1", {"id": record_id})
            fault = await _fault(world, client, head)
        process.running.send_signal(signal.SIGTERM)
        assert await process.ended() == 0
        assert CANARY not in process.text()
        assert "XX-QQQ" not in process.text()
        assert masked.status_code == 200
        entries = process.entries()
        assert [each for each in entries if each.get("request_id") == "request-under-test"]
        error = fault.json()["errors"][0]
        assert error["extensions"]["code"] == "INTERNAL"
        assert CANARY not in fault.text
        (entry,) = [each for each in entries if each.get("error_id") == error["extensions"]["errorId"]]
        assert entry["kind"][0] == "ValueError"
        assert any("transition" in place for place in entry["places"])


async def _fault(world, client, head):
    """Bring about a fault that nobody expects: an action whose stored state is no state."""
    action = await _action(world)
    await world.run_outside("MATCH (n:Action) SET n.state = $canary", {"canary": CANARY})
    step = "mutation ($input: TransitionActionInput!) { transitionAction(input: $input) { __typename } }"
    given = {"id": action, "expectedVersion": 1, "to": "COORDINATED", "reason": CANARY}
    return await client.post("/graphql", json={"query": step, "variables": {"input": given}}, headers=head)


async def _action(world):
    times = {"start": "2026-12-01T00:00:00Z", "end": "2026-12-07T00:00:00Z"}
    operation = {"code_name": "EXERCISE Lantern", "h_hour": "2026-12-01T04:00:00Z", **times, "owner": OWN}
    (operation_id,) = await enter(world, "Operation", [operation])
    action = {
        "name": "EXERCISE Raid",
        "kind": "RAID",
        "window_start": times["start"],
        "window_end": times["end"],
        "operation": operation_id,
        "location": {"longitude": 104.9, "latitude": 11.6},
        "owner": OWN,
    }
    return (await enter(world, "Action", [action]))[0]


async def test_a_request_that_takes_too_long_is_ended_and_leaves_nothing_behind(world, environment, tmp_path):
    """A change that waits longer than allowed is answered with an error in time, and is not done later either."""
    (record_id,) = await enter(world, "Compound", [SITE])
    change = {"input": {"id": record_id, "expectedVersion": 1, "capacity": 9}}
    with running_service(tmp_path, environment | {"OPSPLAN_REQUEST_SECONDS": "1.5"}) as process:
        await process.ready()
        async with httpx.AsyncClient(base_url=process.url, timeout=30) as client:
            async with _locked(world, record_id):
                answer = await client.post(
                    "/graphql", json={"query": CHANGE, "variables": change}, headers=_head(process)
                )
            assert answer.status_code in (200, 504)
            assert answer.elapsed.total_seconds() < 10
            assert answer.json()["errors"][0]["extensions"]["code"] in ("TIMED_OUT", "REQUEST_TIMED_OUT")
            assert (await client.get("/healthz")).status_code == 200
        version = await world.read_rows("MATCH (n:Record {id: $id}) RETURN n.version", {"id": record_id})
        assert version == [[1]]


async def test_the_service_says_when_its_graph_is_away_and_goes_on_when_it_is_back(
    world, environment, local_server, tmp_path
):
    """With a Neo4j that keeps silent, /readyz says no and callers get an error without internals; then all goes on."""
    query = {"query": "{ compounds { totalCount } }"}
    with running_service(tmp_path, environment | {"OPSPLAN_REQUEST_SECONDS": "2"}) as process:
        await process.ready()
        async with httpx.AsyncClient(base_url=process.url, timeout=30) as client:
            assert (await client.post("/graphql", json=query, headers=_head(process))).status_code == 200
            java = psutil.Process(local_server.java_pid)
            java.suspend()
            try:
                # Its threads stop one after the other, and one may still answer.
                await asyncio.sleep(0.5)
                assert java.status() == psutil.STATUS_STOPPED
                answer = await client.post("/graphql", json=query, headers=_head(process))
                assert answer.json()["errors"][0]["extensions"]["code"] in ("REQUEST_TIMED_OUT", "TIMED_OUT")
                assert "bolt" not in answer.text.lower() + str(answer.headers).lower()
                ready = await client.get("/readyz")
                assert (ready.status_code, ready.text) == (503, '{"ready":false}')
                assert (await client.get("/healthz")).text == "yes\n"
            finally:
                java.resume()
            await process.ready(30)
            answer = await client.post("/graphql", json=query, headers=_head(process))
            assert answer.json()["data"] == {"compounds": {"totalCount": 0}}
        process.running.send_signal(signal.SIGTERM)
        assert await process.ended() == 0
        events = [each["event"] for each in process.entries()]
        assert "not_ready" in events
        assert "ready_again" in events


@pytest.fixture(scope="module")
def outside_folder(tmp_path_factory):
    """Give the data folder of servers that are started one after the other; the first is migrated for all."""
    return tmp_path_factory.mktemp("outside")


@pytest.mark.parametrize(
    ("limit_mb", "told"),
    [
        (None, {"value": "384.00MiB", "limit": "limited"}),
        (0, {"value": "0B", "limit": "unlimited"}),
    ],
)
async def test_readiness_tells_whether_a_transaction_s_memory_is_limited(tmp_path, outside_folder, limit_mb, told):
    """An outside server without a limit is warned of, in /readyz and once in the log; the service is ready even so.

    One that has a limit is told with it, as opsplan's own server has.
    """
    options = LocalServerOptions(data_dir=outside_folder, heap_mb=512, transaction_memory_mb=limit_mb, short_lived=True)
    with start_server(options) as server:
        outside = {
            "OPSPLAN_NEO4J_URI": server.address.uri,
            "OPSPLAN_NEO4J_USER": server.address.user,
            "OPSPLAN_NEO4J_PASSWORD": server.address.password,
        }
        with running_service(tmp_path, outside) as process:
            await process.ready()
            async with httpx.AsyncClient(base_url=process.url, timeout=30) as client:
                answers = [await client.get("/readyz") for _ in range(3)]
            process.running.send_signal(signal.SIGTERM)
            assert await process.ended() == 0
    for answer in answers:
        assert answer.status_code == 200
        content = answer.json()
        assert content["ready"] is True
        assert content["transactionMemory"] == {"setting": "db.memory.transaction.max", **told}
        assert len(content["warnings"]) == (1 if limit_mb == 0 else 0)
    logged = [each for each in process.entries() if each["event"] == "ready_with_warning"]
    assert len(logged) == (1 if limit_mb == 0 else 0)


async def test_metrics_stand_apart_on_loopback_and_hold_no_value(world, environment, tmp_path):
    """Counters are served on a port of their own; the API's port does not serve them; labels are ours alone."""
    port = free_port()
    with running_service(tmp_path, environment | {"OPSPLAN_METRICS_PORT": str(port)}) as process:
        await process.ready()
        async with httpx.AsyncClient(base_url=process.url, timeout=30) as client:
            query = {"query": "{ viewer { subject } }"}
            await client.post("/graphql", json=query, headers=_head(process, OTHER, Role.READER))
            await client.get(f"/{CANARY}")
            assert (await client.get("/metrics")).status_code == 404
            metrics = (await client.get(f"http://127.0.0.1:{port}/metrics")).text
    assert 'opsplan_operations_total{errors="no",kind="query"} 1.0' in metrics
    assert 'opsplan_requests_total{route="other",status="404"}' in metrics
    assert CANARY not in metrics


async def test_a_port_that_is_taken_stops_the_start_with_its_name(environment, tmp_path, service):
    """Where another process listens already, the start ends with a sentence that names the setting."""
    port = service.url.rsplit(":", 1)[1]
    with running_service(tmp_path, environment | {"OPSPLAN_PORT": port}) as process:
        assert await process.ended() != 0
        assert "OPSPLAN_PORT" in process.text() or f"127.0.0.1:{port}" in process.text()


async def test_answers_wait_for_no_acknowledgement(world, environment, tmp_path):
    """Over a connection that stays open an answer goes out whole at once, not in parts that wait for each other."""
    with running_service(tmp_path, environment) as process:
        await process.ready()
        times = []
        async with httpx.AsyncClient(base_url=process.url) as client:
            for _ in range(40):
                begun = time.perf_counter()
                await client.get("/healthz")
                times.append(time.perf_counter() - begun)
    # A delayed acknowledgement takes 40 ms; the first few of a connection are given at once.
    assert min(times[20:]) < 0.03
