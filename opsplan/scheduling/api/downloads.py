"""The files of a run over HTTP: its problem, solution, options, course and facts, for whoever holds a token.

``GET /runs/RUN`` lists them with sizes and checksums, ``GET /runs/RUN/NAME`` gives one. With ``problem.json`` and
``solution.json`` anybody can verify the plan: ``python -m solver verify problem.json --solution solution.json``.
"""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from opsplan.access.rules import Verb, require
from opsplan.calls.door import Door
from opsplan.graph.driver import Graph
from opsplan.scheduling.store.artifacts import list_artifacts, read_artifact
from opsplan.vocabulary.errors import NotFound
from opsplan.vocabulary.sentences import Sentence, say

_LISTING_COST, _FILE_COST = 20, 1_000
"""A file may be as large as the largest page of records."""


def download_routes(graph: Graph, door: Door) -> Sequence[BaseRoute]:
    """Make the routes; each lets its caller in by the door."""

    async def listing(request: Request) -> Response:
        run_id = str(request.path_params["run_id"])
        async with door.enter(request.headers.get("authorization"), _LISTING_COST) as caller:
            require(caller.actor, Verb.READ)
            sees = await door.sees(caller.actor, run_id)
            found = await graph.read(lambda tx: list_artifacts(tx, run_id)) if sees else None
        if found is None:
            raise _nothing(say("There is no schedule run {run_id}.", run_id=run_id), "runId", run_id)
        return JSONResponse({"run": run_id, "files": found})

    async def file(request: Request) -> Response:
        run_id, name = str(request.path_params["run_id"]), str(request.path_params["name"])
        async with door.enter(request.headers.get("authorization"), _FILE_COST) as caller:
            require(caller.actor, Verb.READ)
            sees = await door.sees(caller.actor, run_id)
            content = await graph.read(lambda tx: read_artifact(tx, run_id, name)) if sees else None
        if content is None:
            raise _nothing(say("The run {run_id} has no file {name}.", run_id=run_id, name=name), "name", name)
        headers = {"content-disposition": f'attachment; filename="{run_id}-{name}"'}
        return Response(content, media_type="application/json", headers=headers)

    return (
        Route("/runs/{run_id}", listing, methods=["GET"]),
        Route("/runs/{run_id}/{name}", file, methods=["GET"]),
    )


def _nothing(message: Sentence, field: str, value: str) -> NotFound:
    return NotFound(message, field=field, value=value, remedy=say("GET /runs/RUN lists the files of a run"))
