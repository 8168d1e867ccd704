"""A small client of the API: GraphQL over HTTP, and subscriptions over graphql-transport-ws."""

import json
from collections.abc import AsyncIterator, Mapping
from types import TracebackType
from typing import Any

import httpx
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from opsplan.vocabulary.errors import OpsplanError
from opsplan.vocabulary.sentences import Sentence, say


class Refused(OpsplanError):
    """The API answered with errors, or with a refusal where a result was expected."""

    code = "REFUSED"


class Client:
    """Speaks to one service with one token."""

    def __init__(self, address: str, token: str) -> None:
        self._address = address
        self._token = token
        self._http = httpx.AsyncClient(
            base_url=address,
            headers={"Authorization": f"Bearer {token}", "Accept": "application/graphql-response+json"},
            timeout=60.0,
            # A proxy of the environment has no business between two processes of one machine.
            trust_env=False,
        )

    async def __aenter__(self) -> "Client":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def ask(self, document: str, **variables: Any) -> dict[str, Any]:
        """Send an operation and give its data.

        Raises
        ------
        Refused
            When the answer has errors.
        """
        answer = (await self._http.post("/graphql", json={"query": document, "variables": variables})).json()
        if answer.get("errors"):
            raise Refused(_said(*answer["errors"]))
        data: dict[str, Any] = answer["data"]
        return data

    async def pages(self, document: str, **variables: Any) -> AsyncIterator[dict[str, Any]]:
        """Give the records of all pages of the only field of a query, which takes the cursor as `$after`."""
        after = None
        while True:
            (page,) = (await self.ask(document, **variables, after=after)).values()
            for node in page["nodes"]:
                yield node
            if not page["pageInfo"]["hasNextPage"]:
                return
            after = page["pageInfo"]["endCursor"]

    async def change(self, document: str, **variables: Any) -> dict[str, Any]:
        """Send a mutation of one field and give its result; a refusal in the payload is raised.

        Raises
        ------
        Refused
            When the answer is a refusal.
        """
        (result,) = (await self.ask(document, **variables)).values()
        if "message" in result:
            raise Refused(_said(result))
        given: dict[str, Any] = result
        return given

    async def follow(self, document: str, variables: Mapping[str, Any]) -> AsyncIterator[dict[str, Any]]:
        """Subscribe, and give each event's data until the service completes the stream.

        Raises
        ------
        Refused
            When the service ends it with errors.
        """
        address = self._address.replace("http", "ws", 1) + "/graphql"
        async with connect(
            address, subprotocols=[Subprotocol("graphql-transport-ws")], proxy=None, max_size=2**22
        ) as socket:
            token = {"authorization": f"Bearer {self._token}"}
            await socket.send(json.dumps({"type": "connection_init", "payload": token}))
            await socket.recv()
            payload = {"query": document, "variables": variables}
            await socket.send(json.dumps({"type": "subscribe", "id": "1", "payload": payload}))
            async for text in socket:
                message = json.loads(text)
                match message["type"]:
                    case "next":
                        if message["payload"].get("errors"):
                            raise Refused(_said(message["payload"]["errors"][0]))
                        yield message["payload"]["data"]
                    case "error":
                        raise Refused(_said(message["payload"][0]))
                    case "complete":
                        return
                    case "ping":
                        await socket.send(json.dumps({"type": "pong"}))


def _said(*refusals: Mapping[str, Any]) -> Sentence:
    """Repeat the words of the API."""
    return say("{words}", words="; ".join(each["message"] for each in refusals))
