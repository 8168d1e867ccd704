"""What stands on the service beyond reading and changing records: loads, scheduling.

Each is a `Capability`; the order is the order of opening, and the reverse that of closing.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from opsplan.conduct.api import conduct_mutations
from opsplan.deconfliction.api import settling_mutations, zone_mutations
from opsplan.deconfliction.service import hide_by
from opsplan.deconfliction.worker import open_duty_clock, reviewing
from opsplan.exchange import journal
from opsplan.exchange.load import resume
from opsplan.gazetteer.service import keep_gazetteer
from opsplan.graph.driver import Graph
from opsplan.main.webhooks import open_webhooks
from opsplan.main.wiring import Capability, Ground
from opsplan.nouns import LAWS
from opsplan.orders.api import order_mutations
from opsplan.scheduling.api import (
    alternative_queries,
    approval_mutations,
    availability_mutations,
    comparison_queries,
    download_routes,
    editing,
    explaining_queries,
    progress_subscriptions,
    risk_queries,
    schedule_mutations,
    slot_queries,
    what_ifs,
)
from opsplan.scheduling.worker import SchedulingOffice, open_office
from opsplan.vocabulary.actor import Actor, Role
from opsplan.vocabulary.errors import SetupError
from opsplan.web.health import Check
from opsplan.web.schema import Api
from opsplan.webhooks.api import webhook_mutations

_STARTER = Actor("machine:start", roles=frozenset({Role.ADMINISTRATOR}), reads_all=True)


@asynccontextmanager
async def _gazetteer(ground: Ground) -> AsyncIterator[Mapping[type[Any], Any]]:
    """Keep countries, cities and airports current; records refer to them."""
    await keep_gazetteer(ground.graph, ground.clock)
    yield {}


@asynccontextmanager
async def _unfinished_loads(ground: Ground) -> AsyncIterator[Mapping[type[Any], Any]]:
    """Finish, beside serving, what a crash left of a load; `/readyz` says no until it is done."""

    async def finish() -> None:
        # A file that is on another machine cannot be finished here: readiness goes on saying so.
        with contextlib.suppress(SetupError):
            await resume(ground.graph, LAWS, _STARTER, ground.clock)

    finishing = asyncio.create_task(finish()) if await journal.jobs(ground.graph) else None
    try:
        yield {}
    finally:
        if finishing is not None:
            finishing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await finishing


def _loads_finished(graph: Graph) -> Mapping[str, Check]:
    async def check() -> str | None:
        unfinished = await journal.jobs(graph)
        return f"{len(unfinished)} load unfinished; see opsplan load --status" if unfinished else None

    return {"loads": check}


@asynccontextmanager
async def _scheduling(ground: Ground) -> AsyncIterator[Mapping[type[Any], Any]]:
    """Execute schedule runs, and tell how they go."""
    async with open_office(
        ground.graph,
        ground.clock,
        LAWS,
        solver_workers=ground.settings.solver_workers,
        runs=ground.settings.solver_runs,
    ) as office:
        yield {SchedulingOffice: office}


@asynccontextmanager
async def _hiding(ground: Ground) -> AsyncIterator[Mapping[type[Any], Any]]:
    """Have what is hidden be compared by the cells and hours that are set."""
    settings = ground.settings
    await hide_by(ground.graph, ground.clock, LAWS, resolution=settings.hiding_resolution, hours=settings.hiding_hours)
    yield {}


@asynccontextmanager
async def _reviews(ground: Ground) -> AsyncIterator[Mapping[type[Any], Any]]:
    """Judge claims anew by separation rules that were changed."""
    async with reviewing(ground.graph, ground.clock, LAWS):
        yield {}


def _scheduling_api(nouns: Mapping[str, Any]) -> Api:
    verdicts, edits = editing(nouns)
    outcomes, asking = what_ifs(nouns)
    return Api(
        queries=(
            comparison_queries(nouns),
            explaining_queries(nouns),
            verdicts,
            slot_queries(),
            alternative_queries(),
            outcomes,
            risk_queries(nouns),
        ),
        mutations=(
            schedule_mutations(nouns),
            edits,
            approval_mutations(nouns),
            availability_mutations(nouns),
            asking,
        ),
        subscriptions=(progress_subscriptions(nouns),),
    )


def _hour_api(nouns: Mapping[str, Any]) -> Api:
    return Api(mutations=(conduct_mutations(nouns), order_mutations(nouns)))


@asynccontextmanager
async def _duty_clock(ground: Ground) -> AsyncIterator[Mapping[type[Any], Any]]:
    """Have notices that nobody acknowledges go to the next post, and to the watch centre."""
    async with open_duty_clock(ground.graph, LAWS, ground.clock):
        yield {}


def _settling_api(nouns: Mapping[str, Any]) -> Api:
    return Api(mutations=(settling_mutations(nouns), zone_mutations(nouns)))


def _webhook_api(nouns: Mapping[str, Any]) -> Api:
    return Api(mutations=(webhook_mutations(nouns),))


SETTLING = Capability(api=_settling_api, open=_duty_clock)
"""How conflicts are settled, and what nobody answers goes on."""
HIDING = Capability(open=_hiding)
"""Comparing what is hidden by the cells and hours that are set."""
REVIEWS = Capability(open=_reviews)
"""Carrying changed separation rules through."""

CAPABILITIES: tuple[Capability, ...] = (
    Capability(open=_gazetteer),
    Capability(open=_unfinished_loads, checks=_loads_finished),
    Capability(api=_scheduling_api, open=_scheduling, routes=download_routes),
    HIDING,
    REVIEWS,
    Capability(api=_hour_api),
    SETTLING,
    Capability(api=_webhook_api, open=open_webhooks),
)
"""All that is added to the service's own reads and changes."""
