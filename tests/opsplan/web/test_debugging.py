"""The debug extension: an administrator learns how an operation was read; nobody else does; no value is told."""

import pytest

from opsplan.vocabulary.actor import Role

pytestmark = pytest.mark.usefixtures("settled")

CANARY = "canary-4711"
LIST = """query ($code: String!) {
  agencies(where: {code: {eq: $code}}) { nodes { code country { code localTimes { zone } } } }
}"""


@pytest.fixture
def ask(http, service):
    """Send an operation with extensions, by default as an administrator."""

    async def send(query, extensions, *roles, variables=None, **more):
        token = service.token("KH-NCB", *(roles or (Role.ADMINISTRATOR,)))
        body = {"query": query, "variables": variables, "extensions": extensions, **more}
        return await http.post("/graphql", json=body, headers={"authorization": f"Bearer {token}"})

    return send


async def test_an_administrator_sees_how_a_query_was_read(ask):
    """Each part with its statement, whether it was known, its times, and what Python computed."""
    for was_known in (False, True):
        content = (await ask(LIST, {"debug": True}, variables={"code": CANARY})).json()
        debug = content["extensions"]["debug"]
        assert debug["compiled"] is True
        assert debug["ordinary"] == []
        (part,) = debug["parts"]
        assert part["path"] == ["agencies"]
        assert part["statement"].startswith("MATCH (n0:Record&Agency)")
        assert part["wasKnown"] is was_known
        assert (part["compileMs"] == 0) is was_known
        assert part["readMs"] > 0
        assert part["rows"] == 0
        assert part["carefully"] is False
        assert part["computedInPython"] == ["local_times"]
        assert "dbHits" not in part
        assert set(debug["timings"]) == {"prepareMs", "executeMs"}
        assert CANARY not in str(debug)


async def test_a_profile_tells_database_hits(ask):
    """With `profile` the database itself says what each step cost; the data are the same."""
    plain = (await ask(LIST, {}, variables={"code": "KH-NCB"})).json()
    content = (await ask(LIST, {"debug": {"profile": True}}, variables={"code": "KH-NCB"})).json()
    assert content["data"] == plain["data"]
    assert "debug" not in plain["extensions"]
    (part,) = content["extensions"]["debug"]["parts"]
    assert part["dbHits"] > 0
    assert part["plan"]["operator"] == "ProduceResults"
    hits, steps = 0, [part["plan"]]
    while steps:
        step = steps.pop()
        hits += step["dbHits"]
        steps += step["children"]
    assert hits == part["dbHits"]


async def test_what_is_not_compiled_is_named(ask):
    """Beside a field of ordinary resolvers the records are still read by compiled statements."""
    query = '{ me: viewer { subject } agencies { nodes { code } } one: agency(id: "agency_none") { name } }'
    debug = (await ask(query, {"debug": True})).json()["extensions"]["debug"]
    assert debug["compiled"] is False
    assert debug["ordinary"] == ["me"]
    assert sorted(part["path"] for part in debug["parts"]) == [["agencies"], ["one"]]


async def test_the_record_that_a_mutation_gives_is_a_part(ask):
    """A change's own statements are not told, the reading of its answer is."""
    change = """mutation { createTarget(input: {kind: PERSON, name: "EXERCISE Quill Marrow"}) {
      ... on Target { name } ... on Refusal { message } } }"""
    content = (await ask(change, {"debug": True})).json()
    assert content["data"]["createTarget"] == {"name": "EXERCISE Quill Marrow"}
    debug = content["extensions"]["debug"]
    assert debug["ordinary"] == ["createTarget"]
    assert [part["path"] for part in debug["parts"]] == [["createTarget"]]


@pytest.mark.parametrize("role", [each for each in Role if each is not Role.ADMINISTRATOR])
async def test_nobody_else_may_ask(ask, role):
    """Statements and plans tell how the graph is made and how large it is."""
    response = await ask("{ agencies { nodes { code } } }", {"debug": True}, role)
    assert response.status_code == 403
    assert response.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert "data" not in response.json()


@pytest.mark.parametrize("asked", ["yes", 1, [], {"profile": "yes"}, {"profile": True, "more": 1}])
async def test_what_is_not_understood_is_refused(ask, asked):
    """A slip of the pen is not taken for a yes or a no."""
    response = await ask("{ agencies { nodes { code } } }", {"debug": asked})
    assert response.status_code == 400
    assert "extensions.debug" in response.json()["errors"][0]["message"]


@pytest.mark.parametrize("extensions", [{}, {"debug": False}, {"debug": None}, {"other": True}])
async def test_who_does_not_ask_is_told_nothing(ask, extensions):
    """Other extensions, and a no, leave the answer as it is."""
    response = await ask("{ agencies { nodes { code } } }", extensions, Role.READER)
    assert response.status_code == 200
    assert set(response.json()["extensions"]) == {"cost"}
