"""A service as a process that trusts documents: how it starts, stops at bad ones, what it logs and counts."""

import json

import httpx
import pytest

from opsplan.web.documents.manifest import sha256_of
from tests.opsplan.web.documents.conftest import VIEWER
from tests.opsplan.web.processes import free_port, running_service

CANARY = "canary-5b1e77"
SEARCH = (
    f"query Search($n: String) {{ compounds(where: {{name: {{contains: $n}}}}) {{ nodes {{ name }} }} }} # {CANARY}"
)


@pytest.fixture(scope="module")
def environment(graph_server):
    return {
        "OPSPLAN_NEO4J_URI": graph_server.uri,
        "OPSPLAN_NEO4J_USER": graph_server.user,
        "OPSPLAN_NEO4J_PASSWORD": graph_server.password,
    }


async def test_bad_documents_stop_the_start_before_the_graph_is_opened(environment, tmp_path):
    """A field that is gone, a hash of another text, a file that is no JSON: one start tells of all, without a Neo4j."""
    folder = tmp_path / "documents"
    folder.mkdir()
    content = {
        "fits": VIEWER,
        "gone": "query Gone { viewer { shoeSize } }",
        sha256_of("other"): VIEWER,
        "broken": "query {",
    }
    (folder / "a.json").write_text(json.dumps(content), encoding="utf-8")
    (folder / "b.json").write_text("{", encoding="utf-8")
    (folder / "c.graphql").write_text("query Deep { viewer { name } }", encoding="utf-8")
    nobody = {"OPSPLAN_NEO4J_URI": f"bolt://127.0.0.1:{free_port()}", "OPSPLAN_TRUSTED_DOCUMENTS": str(folder)}
    with running_service(tmp_path, environment | nobody) as process:
        assert await process.ended(90) != 0
        log = process.text()
    for words in (
        "a.json, gone (Gone): Cannot query field 'shoeSize' on type 'Viewer'",
        f"a.json, {sha256_of('other')}: the id is not the SHA-256 of the text",
        "a.json, broken: Syntax Error",
        "b.json: is no JSON",
        "(Deep): Cannot query field 'name' on type 'Viewer'",
    ):
        assert words in log
    assert "fits" not in log


@pytest.mark.parametrize("content", [None, "{}", "[]"])
async def test_a_manifest_that_holds_nothing_stops_the_start(environment, tmp_path, content):
    """A path that leads nowhere, and a manifest without documents, are slips of the pen."""
    file = tmp_path / "documents.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    more = {"OPSPLAN_TRUSTED_DOCUMENTS": str(file), "OPSPLAN_ONLY_TRUSTED_DOCUMENTS": "on"}
    with running_service(tmp_path, environment | more) as process:
        assert await process.ended(90) != 0
        assert "documents.json" in process.text()


async def test_log_and_metrics_tell_what_was_trusted_and_nothing_of_texts(settled, environment, tmp_path):
    """The log has the trusted document's id, the counter how it was named; neither has a text or a foreign id."""
    file = tmp_path / "documents.json"
    file.write_text(json.dumps({"search": SEARCH, "viewer": VIEWER}), encoding="utf-8")
    port = free_port()
    more = {
        "OPSPLAN_TRUSTED_DOCUMENTS": str(file),
        "OPSPLAN_METRICS_PORT": str(port),
        "OPSPLAN_LOG_LEVEL": "debug",
    }
    with running_service(tmp_path, environment | more) as process:
        await process.ready()
        head = {"authorization": f"Bearer {process.token('KH-NCB')}"}
        async with httpx.AsyncClient(base_url=process.url, timeout=30, headers=head) as client:
            for body in (
                {"documentId": "search", "variables": {"n": CANARY}},
                {"query": SEARCH, "variables": {"n": CANARY}},
                {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "viewer"}}},
                {"query": "{ viewer { roles } }"},
                {"documentId": CANARY},
                {"documentId": CANARY * 10_000},
                {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": CANARY}}},
                {"documentId": "search", "query": CANARY},
                {"documentId": {CANARY: CANARY}},
            ):
                await client.post("/graphql", json=body)
            metrics = (await client.get(f"http://127.0.0.1:{port}/metrics")).text
        log, entries = process.text(), process.entries()
    assert CANARY not in log
    assert [each["trusted"] for each in entries if "operation" in each] == [
        "search",
        "search",
        "viewer",
        *[None] * 5,
    ]
    for named, number in (("by_id", 2), ("by_text", 1), ("other", 1), ("refused", 4)):
        assert f'opsplan_documents_total{{named="{named}"}} {number}.0' in metrics
    assert CANARY not in metrics
