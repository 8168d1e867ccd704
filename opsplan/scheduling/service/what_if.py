"""Ask what if: scenarios of one operation are queued as runs of their own, called off together, and compared."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opsplan.graph.driver import Graph
from opsplan.graph.transaction import Tx
from opsplan.records.laws import Laws
from opsplan.records.values import canonical_json
from opsplan.records.writing import IdempotencyKey, Writing, write
from opsplan.scheduling.model import SCHEDULE_RUN, WHAT_IF, RunState
from opsplan.scheduling.rules import MOST_OPEN_SCENARIOS, Basis, Options, check_scenarios, refuse_too_large
from opsplan.scheduling.scenario import Scenario, changes_to_plain, imagine
from opsplan.scheduling.scenario.compare import compared
from opsplan.scheduling.scenario.figures import FILE
from opsplan.scheduling.service.allowed import allow_coordinator, allow_planning
from opsplan.scheduling.service.frames import Frames
from opsplan.scheduling.service.read_facts import FILE as FACTS_FILE
from opsplan.scheduling.service.request import plan_of_operation
from opsplan.scheduling.store.artifacts import read_artifact
from opsplan.scheduling.store.runs import LOCK_OPERATION, OPEN_SCENARIOS, change_run, lock_run
from opsplan.scheduling.store.what_ifs import ScenarioRun, read_what_if
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.clock import Clock
from opsplan.vocabulary.errors import Conflict, StateConflict
from opsplan.vocabulary.sentences import say

BASELINE = "Baseline"
"""The name of the scenario that changes nothing."""
_OPEN = frozenset({RunState.QUEUED, RunState.RUNNING})


async def request_what_if(
    graph: Graph,
    actor: Actor,
    clock: Clock,
    *,
    laws: Laws,
    frames: Frames,
    operation_id: str,
    scenarios: Sequence[Scenario],
    options: Options,
    basis: Basis | None = None,
    request_id: str,
    idempotency: IdempotencyKey | None = None,
) -> str:
    """Queue a run for the operation as it is and one for each scenario, and give the id of the what-if.

    Every scenario is tried on the operation as it stands before anything is queued.

    Raises
    ------
    Forbidden
        When the actor may not schedule the operation.
    NotFound
        When there is no such operation in force, or no such plan.
    Invalid
        When a scenario changes what is not there, or out of range; the field says which.
    OperationTooLarge
        When it holds more than one schedule may.
    StateConflict
        When the operation is over.
    Conflict
        When too many scenarios of the operation wait or run already.
    """
    check_scenarios(scenarios)

    async def may(tx: Tx) -> None:
        standing = await allow_planning(tx, actor, operation_id)
        refuse_too_large(standing.actions, standing.units)

    await graph.read(may)
    frame = await frames.of(operation_id)
    for number, scenario in enumerate(scenarios):
        field = f"input.scenarios[{number}].changes"
        await asyncio.to_thread(imagine, frame.snapshot, scenario.changes, field)

    async def work(writing: Writing) -> str:
        standing = await allow_planning(writing.tx, actor, operation_id)
        await writing.tx.run(LOCK_OPERATION, operation=operation_id)
        row = await writing.tx.single(OPEN_SCENARIOS, operation=operation_id)
        waiting = 0 if row is None else row["open"]
        if waiting + len(scenarios) + 1 > MOST_OPEN_SCENARIOS:
            raise Conflict(
                say("{open} scenarios of this operation wait or run already.", open=waiting),
                field="operationId",
                value=operation_id,
                remedy=say("wait for them to end, or cancel them; {most} may be open", most=MOST_OPEN_SCENARIOS),
            )
        owner_id = standing.owner_id if actor.is_administrator else actor.agency_id
        asked = {
            "operation": operation_id,
            "budget_seconds": options.budget_seconds,
            "workers": options.workers,
            "seed": options.seed,
        }
        new = {**asked, "scenarios": len(scenarios)}
        (what_if_id,) = await writing.create(WHAT_IF, [new], owner_id=owner_id)
        common: dict[str, Any] = {"state": RunState.QUEUED.name, **asked, "attempts": 0, "what_if": what_if_id}
        if basis is not None:
            common["from_plan"] = await plan_of_operation(writing.tx, operation_id, basis.plan_id)
            common["fewest_changes"] = basis.fewest_changes
        if options.slack_permille is not None:
            common["slack_permille"] = options.slack_permille
        every = (Scenario(BASELINE, ()), *scenarios)
        runs = [
            {
                **common,
                "scenario": each.name,
                "scenario_number": number,
                "changes": canonical_json(changes_to_plain(each.changes)),
                # What is scarce is scarce in the operation as it is.
                **({"additions": options.additions} if options.additions and not number else {}),
            }
            for number, each in enumerate(every)
        ]
        await writing.create(SCHEDULE_RUN, runs, owner_id=owner_id)
        return what_if_id

    return await write(graph, actor, clock, work, laws=laws, request_id=request_id, idempotency=idempotency)


async def cancel_what_if(
    graph: Graph,
    actor: Actor,
    clock: Clock,
    *,
    laws: Laws,
    what_if_id: str,
    request_id: str,
    idempotency: IdempotencyKey | None = None,
) -> str:
    """Cancel what still waits or runs of a what-if, and give its id; what has ended keeps its figures.

    Raises
    ------
    NotFound
        When there is no such what-if.
    Forbidden
        When the actor may not schedule its operation.
    StateConflict
        When all of it has ended.
    """

    async def work(writing: Writing) -> str:
        what_if = await read_what_if(writing.tx, what_if_id)
        await allow_coordinator(writing.tx, actor, what_if.operation_id)
        by = actor.agency_code or actor.subject
        some = False
        for each in what_if.runs:
            run = await lock_run(writing.tx, each.id)
            if run.state is RunState.QUEUED:
                changes = {"state": RunState.CANCELLED, "finished_at": writing.now, "reason": f"Cancelled by {by}."}
                await change_run(writing, run, changes)
            elif run.state is RunState.RUNNING and run.properties.get("cancel_requested_at") is None:
                await change_run(writing, run, {"cancel_requested_at": writing.now})
            some = some or run.state in _OPEN
        if not some:
            raise StateConflict(
                say("All scenarios of the what-if have ended already."),
                field="whatIfId",
                value=what_if_id,
                remedy=say("cancel one of which something is QUEUED or RUNNING"),
            )
        return what_if_id

    return await write(graph, actor, clock, work, laws=laws, request_id=request_id, idempotency=idempotency)


@dataclass(frozen=True, slots=True)
class ScenarioOutcome:
    """How one scenario stands: its figures once it has any, and what differs from the baseline's."""

    run: ScenarioRun
    figures: Mapping[str, Any] | None
    differences: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class WhatIfOutcome:
    """How a what-if stands, the baseline first.

    Attributes
    ----------
    ended
        Whether every scenario has ended.
    same_records
        Whether all figures are of the same records: None while fewer than two are there. Scenarios are searched one
        after the other where hands are few, and what was committed meanwhile is in the later ones.
    """

    outcomes: tuple[ScenarioOutcome, ...]
    ended: bool
    same_records: bool | None


async def outcome_of_what_if(graph: Graph, what_if_id: str) -> WhatIfOutcome:
    """Tell what came of each scenario so far, beside the baseline.

    Raises
    ------
    NotFound
        When there is no such what-if.
    """

    async def work(tx: Tx) -> tuple[tuple[ScenarioRun, ...], list[tuple[bytes | None, bytes | None]]]:
        what_if = await read_what_if(tx, what_if_id)
        files = [
            (await read_artifact(tx, run.id, FILE), await read_artifact(tx, run.id, FACTS_FILE)) for run in what_if.runs
        ]
        return what_if.runs, files

    runs, files = await graph.read(work)
    return await asyncio.to_thread(_outcome, runs, files)


def _outcome(runs: Sequence[ScenarioRun], files: Sequence[tuple[bytes | None, bytes | None]]) -> WhatIfOutcome:
    figures = [None if text is None else json.loads(text) for text, _ in files]
    records = [_without_commit(text) for _, text in files if text is not None]
    baseline = figures[0] if figures else None
    return WhatIfOutcome(
        tuple(
            ScenarioOutcome(run, found, None if baseline is None or found is None else compared(baseline, found))
            for run, found in zip(runs, figures, strict=True)
        ),
        all(run.state not in _OPEN for run in runs),
        None if len(records) < 2 else all(each == records[0] for each in records),
    )


def _without_commit(text: bytes) -> Any:
    """What was read, whenever that was."""
    known = json.loads(text)
    known.pop("commit", None)
    return known
