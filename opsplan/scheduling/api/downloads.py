"""The files of a run over HTTP: its problem, solution, options, course and facts, for whoever holds a token.

``GET /runs/RUN`` lists them with sizes and checksums, ``GET /runs/RUN/NAME`` gives one. With ``problem.json`` and
``solution.json`` anybody can verify the plan: ``python -m solver verify problem.json --solution solution.json``.
"""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from opsplan.access.identity import Identity
from opsplan.access.rules import Verb, require
from opsplan.graph.driver import Graph
from opsplan.scheduling.store.artifacts import list_artifacts, read_artifact
from opsplan.vocabulary.errors import NotFound


def download_routes(graph: Graph, identity: Identity) -> Sequence[BaseRoute]:
    """Make the routes; each asks `identity` for its caller."""

    async def listing(request: Request) -> Response:
        run_id = await _run_asked_for(request, identity)
        found = await graph.read(lambda tx: list_artifacts(tx, run_id))
        if found is None:
            raise _nothing(f"There is no schedule run {run_id}.", "runId", run_id)
        return JSONResponse({"run": run_id, "files": found})

    async def file(request: Request) -> Response:
        run_id, name = await _run_asked_for(request, identity), request.path_params["name"]
        content = await graph.read(lambda tx: read_artifact(tx, run_id, name))
        if content is None:
            raise _nothing(f"The run {run_id} has no file {name}.", "name", name)
        headers = {"content-disposition": f'attachment; filename="{run_id}-{name}"'}
        return Response(content, media_type="application/json", headers=headers)

    return (
        Route("/runs/{run_id}", listing, methods=["GET"]),
        Route("/runs/{run_id}/{name}", file, methods=["GET"]),
    )


async def _run_asked_for(request: Request, identity: Identity) -> str:
    caller = await identity.of_header(request.headers.get("authorization"))
    require(caller.actor, Verb.READ)
    return str(request.path_params["run_id"])


def _nothing(message: str, field: str, value: str) -> NotFound:
    return NotFound(message, field=field, value=value, remedy="GET /runs/RUN lists the files of a run")
