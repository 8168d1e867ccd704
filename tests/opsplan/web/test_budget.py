# Fixture strategy: services of these tests' own, with small budgets and few places, beside the session's; all over the
# session's Neo4j. `held` is a query that waits in the graph until the test lets it go.
"""What agencies may use, over real HTTP and sockets: told in each answer, refused beyond it; urgent changes pass."""

import asyncio
import re
import time
from collections.abc import Iterator

import httpx
import pytest

from opsplan.graph.address import GraphAddress
from opsplan.graph.driver import Graph
from opsplan.main import open_service
from opsplan.vocabulary.actor import Role
from opsplan.vocabulary.errors import SetupError
from tests.opsplan.web.conftest import ABROAD, OTHER, OWN, Api, Running, enter, serving, settings_for
from tests.opsplan.web.processes import free_port
from tests.opsplan.web.slow import SLOW, shut_gate, until_waiting, waiting_at_gate
from tests.opsplan.web.test_socket import connected

NEW, OLD = "application/graphql-response+json", "application/json"
LIMIT = 250_000
ALMOST_ALL = "{ compounds(first: 1000) { nodes { actions(first: 248) { nodes { id } } } } }"
"""Costs 1,000 + 248,000 and reads next to nothing from an empty graph."""
SMALL = "{ compounds(first: 1) { nodes { id } } }"
HELD = "{ held }"
TIMES = {"start": "2026-12-01T00:00:00Z", "end": "2026-12-07T00:00:00Z"}
OPERATION = {"code_name": "EXERCISE Lantern", "h_hour": "2026-12-01T04:00:00Z", **TIMES, "owner": OWN}
STEP = """mutation ($input: TransitionOperationInput!) { transitionOperation(input: $input) {
  __typename ... on Operation { state version } ... on Refusal { code message } } }"""
CREATE = """mutation ($input: CreateCompoundInput!) { createCompound(input: $input) { __typename } }"""
SITE = {"name": "EXERCISE Heron Court", "location": {"longitude": 104.9, "latitude": 11.6}}


@pytest.fixture
def small(graph_server: GraphAddress, world: Graph, tmp_path) -> Iterator[Running]:
    """Run a service in which an agency may spend 250,000 a minute, and have two operations under way."""
    more = {
        "OPSPLAN_COST_PER_MINUTE": str(LIMIT),
        "OPSPLAN_URGENT_COST_PER_MINUTE": str(LIMIT),
        "OPSPLAN_OPERATIONS_AT_ONCE": "2",
        "OPSPLAN_URGENT_OPERATIONS_AT_ONCE": "1",
        "OPSPLAN_PLACE_SECONDS": "0.4",
        "OPSPLAN_METRICS_PORT": str(free_port()),
    }
    with serving(settings_for(graph_server, tmp_path, **more), [SLOW]) as running:
        yield running


@pytest.fixture
async def client(small: Running):
    """Give a client of that service."""
    async with httpx.AsyncClient(base_url=small.url, timeout=30) as client:
        yield client


@pytest.fixture
def ask(small: Running, client: httpx.AsyncClient):
    """Give a maker of callers of that service."""
    return lambda code=OWN, *roles: Api(client, small.token(code, *roles))


def _step(record_id: str) -> dict[str, object]:
    return {"input": {"id": record_id, "expectedVersion": 1, "to": "READY", "reason": "EXERCISE: all is prepared"}}


async def test_each_answer_tells_its_cost_and_what_is_left(ask):
    """The answer's extensions and its headers say the cost, the limit, the remainder and the time to the reset."""
    response = await ask().post("{ compounds(first: 7) { totalCount nodes { country { code } } } }")
    assert response.json()["extensions"] == {
        "cost": {"cost": 7 + 7 + 1_000, "limit": LIMIT, "remaining": LIMIT - 1_014, "resetSeconds": 60}
    }
    assert response.headers["ratelimit-policy"] == (
        '"cost";q=250000;w=60;opsplan-unit="cost", "operations";q=2;qu="concurrent-requests"'
    )
    assert re.fullmatch(rf'"cost";r={LIMIT - 1_014};t=(60|5\d)', response.headers["ratelimit"])
    second = (await ask(OWN, Role.READER).post("{ viewer { subject } }")).json()["extensions"]["cost"]
    assert (second["cost"], second["remaining"]) == (20, LIMIT - 1_034)
    mixed = (await ask().post(f"{{ viewer {{ subject }} {SMALL[1:-1]} }}")).json()["extensions"]["cost"]
    assert (mixed["cost"], mixed["remaining"]) == (21, LIMIT - 1_055)
    other = (await ask(OTHER).post(SMALL)).json()["extensions"]["cost"]
    assert (other["cost"], other["remaining"]) == (1, LIMIT - 1)
    changed = (await ask().post(CREATE, {"input": SITE})).json()["extensions"]["cost"]
    assert (changed["cost"], changed["remaining"]) == (101, LIMIT - 1_156)


@pytest.mark.requirement("G2")
@pytest.mark.parametrize("accept", [NEW, OLD])
async def test_over_its_budget_an_agency_is_refused_and_nothing_is_touched(small, client, ask, world, accept):
    """Queries and changes get 429 with Retry-After, under both media types; other agencies do not notice."""
    assert (await ask().post(ALMOST_ALL)).status_code == 200
    begun = time.monotonic()
    response = await ask().post("{ compounds(first: 1) { totalCount nodes { id } } }", headers={"accept": accept})
    assert response.status_code == 429
    assert response.headers["content-type"].startswith(accept)
    assert 1 <= int(response.headers["retry-after"]) <= 60
    assert response.headers["ratelimit"] == f'"cost";r=1000;t={response.headers["retry-after"]}'
    content = response.json()
    assert "data" not in content
    (error,) = content["errors"]
    assert "path" not in error
    assert error["extensions"] == {
        "code": "RATE_LIMITED",
        "retryable": True,
        "remedy": error["extensions"]["remedy"],
        "retryAfterSeconds": int(response.headers["retry-after"]),
        "over": "BUDGET",
        "cost": 1_001,
        "limit": LIMIT,
        "remaining": 1_000,
        "facts": {"limit": LIMIT, "windowS": 60, "remaining": 1_000, "waitS": int(response.headers["retry-after"])},
    }
    assert content["extensions"]["cost"]["cost"] == 0
    assert content["extensions"]["cost"]["remaining"] == 1_000
    assert time.monotonic() - begun < 2
    for _ in range(9):
        assert (await ask().post(CREATE, {"input": SITE})).status_code == 200
    answer = await ask().post(CREATE, {"input": SITE})
    assert answer.status_code == 429
    assert answer.json()["extensions"]["cost"]["remaining"] == 1_000 - 9 * 101
    assert await world.read_rows("MATCH (n:Compound) RETURN count(n)") == [[9]]
    assert (await ask(OTHER).post(ALMOST_ALL)).status_code == 200


@pytest.mark.requirement("G2")
async def test_an_operation_that_is_too_costly_is_refused_whole_and_costs_nothing(ask, world):
    """The sum over all fields counts, in queries, mixed queries and answers of changes; nothing is read or changed."""
    three = " ".join(f"f{number}: {ALMOST_ALL[1:-1]}" for number in range(3))
    nested = "actions(first: 1000) { nodes { warrants(first: 300) { nodes { id } } } }"
    for query, variables in (
        (f"{{ {three} }}", None),
        (f"{{ viewer {{ subject }} {three} }}", None),
        (CREATE.replace("__typename", f"... on Compound {{ {nested} }}"), {"input": SITE}),
    ):
        response = await ask().post(query, variables, headers={"accept": NEW})
        assert response.status_code == 400
        content = response.json()
        assert "data" not in content
        (error,) = content["errors"]
        assert error["extensions"]["code"] == "QUERY_TOO_LARGE"
        assert error["extensions"]["largestCost"] == LIMIT < error["extensions"]["cost"]
        assert error["extensions"]["costliest"] in error["message"]
        assert content["extensions"]["cost"]["remaining"] == LIMIT
    assert await world.read_rows("MATCH (n:Compound) RETURN count(n)") == [[0]]


async def test_a_change_whose_answer_cannot_be_read_is_not_made(ask, world):
    """A wrong page size in the selection of a change is told before the change, not in its place."""
    create = CREATE.replace("__typename", "... on Compound { actions(first: -1) { nodes { id } } }")
    (error,) = await ask().errors(create, {"input": SITE})
    assert error["extensions"]["field"] == "first"
    assert await world.read_rows("MATCH (n:Compound) RETURN count(n)") == [[0]]


async def test_an_operation_that_failed_stays_charged(ask, world):
    """What was sent to the graph has cost, whatever became of it."""
    (record_id,) = await enter(world, "Operation", [OPERATION])
    await world.run_outside("MATCH (n:Operation) SET n.version = 'no number'")
    query = f'{{ operation(id: "{record_id}") {{ version }} }}'
    content = (await ask().post(query)).json()
    assert content["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert content["extensions"]["cost"]["remaining"] == LIMIT - 1


async def test_one_more_than_may_be_under_way_waits_a_little_and_is_refused(small, client, ask, world):
    """A third operation waits for a place; when none becomes free it is refused, when one does it is answered."""
    async with shut_gate(world) as opens:
        held = [asyncio.create_task(ask().post(HELD)) for _ in range(2)]
        await until_waiting(world, 2)
        begun = time.monotonic()
        refused = await ask().post(SMALL, headers={"accept": NEW})
        assert 0.3 < time.monotonic() - begun < 3
        assert refused.status_code == 429
        assert refused.headers["retry-after"] == "1"
        assert refused.headers["ratelimit"] == '"operations";r=0;t=1'
        assert refused.json()["errors"][0]["extensions"]["over"] == "OPERATIONS_AT_ONCE"
        assert refused.json()["extensions"]["cost"]["remaining"] == LIMIT - 2 * 20
        assert (await ask(OTHER).post(SMALL)).status_code == 200
        patient = asyncio.create_task(ask().post(SMALL))
        await asyncio.sleep(0.1)
        opens.set()
        assert (await patient).json()["data"] == {"compounds": {"nodes": []}}
        assert [each.json()["data"] for each in await asyncio.gather(*held)] == [{"held": True}] * 2


@pytest.mark.parametrize("query", [SMALL, CREATE])
async def test_who_leaves_while_waiting_for_a_place_is_not_served(small, ask, world, query):
    """A query or change whose caller has left before it began is not begun, and takes no place."""
    async with shut_gate(world) as opens:
        held = [asyncio.create_task(ask().post(HELD)) for _ in range(2)]
        await until_waiting(world, 2)
        async with httpx.AsyncClient(base_url=small.url, timeout=0.2) as leaving:
            with pytest.raises(httpx.ReadTimeout):
                await Api(leaving, small.token()).post(query, {"input": SITE} if query is CREATE else None)
        opens.set()
        await asyncio.gather(*held)
    cost = (await ask().post(SMALL)).json()["extensions"]["cost"]
    assert cost["remaining"] == LIMIT - 2 * 20 - 1
    assert await world.read_rows("MATCH (n:Compound) RETURN count(n)") == [[0]]


async def test_urgent_changes_have_places_and_a_budget_of_their_own(small, ask, world):
    """With its budget used up and its places taken, an agency's status of the hour is taken; that is bounded too."""
    record_ids = await enter(world, "Operation", [OPERATION, OPERATION])
    async with shut_gate(world) as opens:
        held = [asyncio.create_task(ask().post(HELD)) for _ in range(2)]
        await until_waiting(world, 2)
        answer = await ask().post(STEP, _step(record_ids[0]))
        assert answer.json()["data"]["transitionOperation"] == {
            "__typename": "Operation",
            "state": "READY",
            "version": 2,
        }
        # The minute has begun a moment ago; on a busy machine a second of it is over.
        assert re.fullmatch(rf'"urgent-cost";r={LIMIT - 101};t=(60|5\d)', answer.headers["ratelimit"])
        assert '"urgent-operations";q=1' in answer.headers["ratelimit-policy"]
        both = STEP.replace("{ transitionOperation", "{ __typename transitionOperation", 1)
        assert (await ask().post(both, _step(record_ids[1]))).status_code == 200
        beside = STEP.replace(
            "{ transitionOperation",
            '{ retireCompound(input: {id: "x", expectedVersion: 1, reason: "x"}) { __typename } transitionOperation',
            1,
        )
        assert (await ask().post(beside, _step(record_ids[1]))).status_code == 429
        opens.set()
        await asyncio.gather(*held)
    assert (await ask().post(ALMOST_ALL)).status_code == 200
    assert (await ask().post("{ compounds { totalCount } }")).status_code == 429
    assert (await ask().post(STEP, _step(record_ids[0]))).status_code == 200
    costly = STEP.replace(
        "... on Operation { state version }",
        "... on Operation { actions(first: 240) { nodes { warrants(first: 1000) { nodes { id } } } } }",
    )
    assert (await ask().post(costly, _step(record_ids[0]))).status_code == 200
    assert (await ask().post(costly, _step(record_ids[0]))).status_code == 429


@pytest.mark.timeout(120)
async def test_a_hundred_slow_queries_do_not_hold_an_urgent_change_up(graph_server, world, tmp_path):
    """Others' slow queries hold every connection that they may; the agency's own budget and places are used up.

    Its ordinary query is not answered, its urgent change is, at once; and the service says that it is ready.
    """
    (record_id,) = await enter(world, "Operation", [OPERATION])
    more = {
        "OPSPLAN_COST_PER_MINUTE": str(LIMIT),
        "OPSPLAN_OPERATIONS_AT_ONCE": "60",
        "OPSPLAN_NEO4J_CONNECTIONS": "24",
        "OPSPLAN_NEO4J_URGENT_CONNECTIONS": "4",
    }
    with serving(settings_for(graph_server, tmp_path, **more), [SLOW]) as running:
        limits = httpx.Limits(max_connections=200)
        async with httpx.AsyncClient(base_url=running.url, timeout=30, limits=limits) as client:
            own = Api(client, running.token())
            assert (await own.post(ALMOST_ALL)).status_code == 200
            async with shut_gate(world) as opens:
                held = [
                    asyncio.create_task(Api(client, running.token(code)).post(HELD))
                    for code in (OTHER, ABROAD)
                    for _ in range(50)
                ]
                held += [asyncio.create_task(own.post(HELD)) for _ in range(40)]
                await until_waiting(world, 20)
                ordinary = asyncio.create_task(own.post(SMALL))
                begun = time.monotonic()
                answer = await own.post(STEP, _step(record_id))
                assert answer.json()["data"]["transitionOperation"]["state"] == "READY"
                assert time.monotonic() - begun < 2
                assert (await client.get("/readyz")).status_code == 200
                assert not ordinary.done()
                assert await waiting_at_gate(world) == 20
                opens.set()
                answers = await asyncio.gather(*held, ordinary)
            assert {each.status_code for each in answers} == {200}


async def test_subscriptions_are_charged_and_go_on_when_the_budget_is_used_up(small, ask, world):
    """Opening one is refused beyond the budget, with the error that says so; an open one misses nothing."""
    text = "subscription { recordChanged(nouns: [Compound]) { recordId record { id owner { code } } } }"
    async with connected(small, small.token()) as socket:
        await socket.subscribe(text)
        await asyncio.sleep(0.3)
        assert (await ask().post(ALMOST_ALL)).status_code == 200
        made = await enter(world, "Compound", [{**SITE, "owner": OWN}])
        first = (await socket.receive())["payload"]
        told = dict(first["extensions"]["cost"])
        # It counts down from the first cost of the minute, and some seconds may have gone by.
        assert 30 < told.pop("resetSeconds") <= 60
        assert told == {"cost": 20, "limit": LIMIT, "remaining": LIMIT - 249_000 - 20}
        used_up = f"{{ {SMALL[1:-1]} compounds2: compounds(first: {LIMIT - 249_000 - 21}) {{ nodes {{ id }} }} }}"
        assert (await ask().post(used_up)).status_code == 200
        assert (await ask().post(SMALL)).status_code == 429
        made += await enter(world, "Compound", [{**SITE, "owner": OWN}] * 12)
        rest = [(await socket.receive())["payload"] for _ in range(12)]
        assert [each["data"]["recordChanged"]["record"]["id"] for each in [first, *rest]] == made
        assert not any(each.get("errors") for each in rest)
        assert rest[-1]["extensions"]["cost"]["remaining"] == 0
        await socket.subscribe(text, "2")
        message = await socket.receive()
        assert message["type"] == "error"
        assert message["payload"][0]["extensions"]["code"] == "RATE_LIMITED"
        assert message["payload"][0]["extensions"]["retryAfterSeconds"] >= 1


async def test_downloads_are_charged_and_have_places_as_operations_have(small, client, ask, world):
    """A route beside GraphQL costs what it says, is refused beyond the budget and the places, and needs a token."""
    head = {"authorization": f"Bearer {small.token()}"}
    assert (await client.get("/download")).status_code == 401
    assert (await client.get("/download", headers=head)).text == "1"
    assert (await ask().post("{ __typename }")).json()["extensions"]["cost"]["remaining"] == LIMIT - 1_000
    async with shut_gate(world):
        held = [asyncio.create_task(ask().post(HELD)) for _ in range(2)]
        await until_waiting(world, 2)
        crowded = await client.get("/download", headers=head)
        assert (crowded.status_code, crowded.headers["retry-after"]) == (429, "1")
    await asyncio.gather(*held)
    assert (await ask().post(ALMOST_ALL)).status_code == 429
    last = "{ compounds(first: 1000) { nodes { actions(first: 247) { nodes { id } } } } }"
    assert (await ask().post(last)).status_code == 200
    refused = await client.get("/download", headers=head)
    assert refused.status_code == 429
    assert refused.json()["errors"][0]["extensions"]["over"] == "BUDGET"
    assert refused.headers["retry-after"] == str(refused.json()["errors"][0]["extensions"]["retryAfterSeconds"])


async def test_cost_and_refusals_are_counted(small, ask, world):
    """Metrics count the cost charged and the operations refused, by kind and share, and by no agency."""
    (record_id,) = await enter(world, "Operation", [OPERATION])
    await ask().post(ALMOST_ALL)
    await ask().post("{ compounds { totalCount } }")
    await ask().post(STEP, _step(record_id))
    async with httpx.AsyncClient() as plain:
        metrics = (await plain.get(f"http://127.0.0.1:{small.settings.metrics_port}/metrics")).text
    assert 'opsplan_cost_total{kind="query",share="ordinary"} 249000.0' in metrics
    assert 'opsplan_cost_total{kind="mutation",share="urgent"} 101.0' in metrics
    assert 'opsplan_rate_limited_total{over="BUDGET",share="ordinary"} 1.0' in metrics
    assert 'opsplan_operations_under_way{share="urgent"} 0.0' in metrics
    assert not re.search("KH|NCB|agency_", metrics)


@pytest.mark.parametrize("field", ["OPSPLAN_COST_PER_MINUTE", "OPSPLAN_URGENT_COST_PER_MINUTE"])
async def test_a_budget_that_holds_no_large_operation_stops_the_start(graph_server, tmp_path, field):
    """A budget below the cost that one operation may have is told at the start, with its name and what would do."""
    with pytest.raises(SetupError) as refused:
        async with open_service(settings_for(graph_server, tmp_path, **{field: "249999"})):
            pass
    assert refused.value.field == field
    assert "250000" in str(refused.value.remedy)
