# Fixture strategy: two more services stand beside the session's own, over the same graph: one that knows the documents
# below and takes others too, one that takes them alone. Tests speak to them by real sockets.
"""Fixtures: documents, a manifest of them, and services that trust it."""

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from opsplan.graph.address import GraphAddress
from opsplan.web.documents.manifest import sha256_of
from tests.opsplan.web.conftest import Running, serving, settings_for

NEW = "application/graphql-response+json"
VIEWER = "query Viewer { viewer { subject } }"
AGENCIES = "query Agencies($first: Int!) {\n  agencies(first: $first, orderBy: [CODE_ASC]) { nodes { code } }\n}\n"
TWO = "query One { one: __typename }\nquery Two { two: __typename }"
CHANGE = """mutation Retire($input: RetireCompoundInput!) {
  retireCompound(input: $input) { __typename ... on Refusal { code } }
}"""
CHANGES = "subscription Changes($nouns: [RecordNoun!]) { recordChanged(nouns: $nouns) { recordId kind } }"
LONG = "query Long { viewer { agencyCode } } # " + "long " * 6_000

MANIFEST = {
    "viewer": VIEWER,
    sha256_of(AGENCIES): AGENCIES,
    "x-case:Two.~_-": TWO,
    "e3b0c44298fc1c149afbf4c8996fb924": CHANGE,
    "changes": CHANGES,
    "long": LONG,
}


@dataclass(frozen=True)
class Client:
    """Sends requests as they are given, with a token unless told otherwise."""

    http: httpx.AsyncClient
    service: Running

    async def post(self, *, accept: str = NEW, token: str | None = None, **body: Any) -> httpx.Response:
        """Send a body by POST."""
        return await self.http.post("/graphql", json=body, headers=self._head(accept, token))

    async def get(self, *, accept: str = NEW, token: str | None = None, **members: Any) -> httpx.Response:
        """Send members by GET, as the specification has them in an address."""
        given = {name: each if isinstance(each, str) else json.dumps(each) for name, each in members.items()}
        return await self.http.get("/graphql", params=given, headers=self._head(accept, token))

    def _head(self, accept: str, token: str | None) -> dict[str, str]:
        return {"authorization": f"Bearer {self.service.token() if token is None else token}", "accept": accept}


@pytest.fixture(scope="session")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a manifest as a client's build would."""
    file = tmp_path_factory.mktemp("manifest") / "documents.json"
    file.write_text(json.dumps(MANIFEST), encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def knowing(graph_server: GraphAddress, tmp_path_factory: pytest.TempPathFactory, manifest: Path) -> Iterator[Running]:
    """Run a service that knows trusted documents and takes others too."""
    data_dir = tmp_path_factory.mktemp("knowing")
    with serving(settings_for(graph_server, data_dir, OPSPLAN_TRUSTED_DOCUMENTS=str(manifest))) as running:
        yield running


@pytest.fixture(scope="session")
def strict(graph_server: GraphAddress, tmp_path_factory: pytest.TempPathFactory, manifest: Path) -> Iterator[Running]:
    """Run a service that takes trusted documents alone."""
    more = {"OPSPLAN_TRUSTED_DOCUMENTS": str(manifest), "OPSPLAN_ONLY_TRUSTED_DOCUMENTS": "on"}
    with serving(settings_for(graph_server, tmp_path_factory.mktemp("strict"), **more)) as running:
        yield running


@pytest.fixture(scope="session")
async def client(knowing: Running) -> AsyncIterator[Client]:
    """Give a client of the service that takes others too."""
    async with httpx.AsyncClient(base_url=knowing.url, timeout=30) as http:
        yield Client(http, knowing)


@pytest.fixture(scope="session")
async def strict_client(strict: Running) -> AsyncIterator[Client]:
    """Give a client of the service that takes trusted documents alone."""
    async with httpx.AsyncClient(base_url=strict.url, timeout=30) as http:
        yield Client(http, strict)
