"""Advice on slots, on the reference exercise: how soon a new action's slots are there, and whether they hold.

``python -m benchmarks.slots --size full --draws 200`` loads the exercise into a local Neo4j of its own, has it
scheduled, and then describes new actions over HTTP, one after the other: at sites of all host countries, of every kind,
with one or two ways, units that some agency has, beds now and then, windows of one to five days. Before each tenth
another agency enters an absence of one of its units, so that the service has to read and make anew what that may have
changed. Each best slot is then checked by `solver.verify`, in a problem that is made for it from the graph alone. The
last line is ``slots: n=… p50_ms=… p95_ms=… max_ms=… cpu_p95_ms=… anew_p95_ms=… none=… verified=…``; `cpu` is what this
process (the service, and this program that asks) computed for an answer, the graph's own work aside; `anew` are those
that followed such a change; `none` counts the actions for which there was no slot.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from rich.console import Console
from rich.progress import track

from benchmarks.edits import others_of, share_of
from benchmarks.exercise import schedule
from opsplan.demo import documents
from opsplan.demo.client import Client
from opsplan.demo.run import running
from opsplan.exercise import Exercise, Size, make_exercise
from opsplan.exercise.load import load_exercise
from opsplan.exercise.rows.naming import LEAD
from opsplan.graph.driver import Graph
from opsplan.main import Service
from opsplan.main.commands import make_token
from opsplan.nouns import LAWS
from opsplan.operations.model import ActionKind
from opsplan.scheduling.plan.placed import placements_of
from opsplan.scheduling.problem.frame import Frame
from opsplan.scheduling.problem.proposed import with_proposed
from opsplan.scheduling.problem.snapshot import Snapshot
from opsplan.scheduling.service import DescribedAction, DescribedMode
from opsplan.scheduling.service.proposed_action import read_proposed
from opsplan.scheduling.store.plans import read_placed
from opsplan.scheduling.store.snapshot import take_snapshot
from opsplan.settings import Settings
from opsplan.vocabulary.actor import Role
from opsplan.vocabulary.clock import instant_from_text, instant_text, system_clock
from opsplan.vocabulary.place import GeoPoint
from opsplan.web.logs import set_up
from solver import Placement, verify

console = Console(width=None if sys.stdout.isatty() else 150)

ADVICE = """
query ($plan: ID!, $action: DescribedAction!) { slotAdvice(planId: $plan, action: $action) { total
  slots { start end localStart earliest latest modeNumber staffing { unitIds }
    goals { goal before after change parts { actionId unitId country change } } }
  blockers { code sentence } } }
"""
FRAME = "query ($operation: ID!) { operation(id: $operation) { start end } }"
_EACH = 10
_MOST_SHOWN = 3


async def main(size: Size, seconds: int, draws: int, seed: int) -> int:
    """Run it and print the figures; the status is 0 when every best slot holds and 95 % came within a second."""
    set_up("error")
    exercise = make_exercise(size, seed)
    services: list[Service] = []

    async def prepare(service: Service) -> str:
        services.append(service)
        await load_exercise(service.graph, LAWS, system_clock, exercise)
        return LEAD

    with tempfile.TemporaryDirectory(prefix="opsplan-bench-") as folder:
        settings = Settings.from_env({"OPSPLAN_DATA_DIR": folder, "OPSPLAN_SOLVER_WORKERS": "2"})
        async with running(settings, prepare) as (address, coordinator):
            token = make_token(settings, agency_code=coordinator, roles=(Role.COORDINATOR, Role.PLANNER))
            async with Client(address, token) as client:
                operation = (await client.ask(documents.THE_OPERATION))["operations"]["nodes"][0]
                _, plan = await schedule(client, operation["id"], seconds, seed, {})
                others = await others_of(client, operation["id"], address, settings)
                frame = (await client.ask(FRAME, operation=operation["id"]))["operation"]
                actions = Draws(exercise, frame, random.Random(seed))
                took: list[float] = []
                anew: list[float] = []
                cpu: list[float] = []
                blocked: Counter[str] = Counter()
                checker = Checker(services[0].graph, operation["id"], plan["id"])
                checked = 0
                for number in track(range(draws), description="slots", console=console):
                    if number % _EACH == _EACH - 1:
                        await others(number)
                    action = actions.draw()
                    begun, begun_cpu = time.perf_counter(), time.process_time()
                    answer = (await client.ask(ADVICE, plan=plan["id"], action=action))["slotAdvice"]
                    (anew if number % _EACH == _EACH - 1 else took).append(1000 * (time.perf_counter() - begun))
                    cpu.append(1000 * (time.process_time() - begun_cpu))
                    if answer["slots"]:
                        checked += await checker.holds(action, answer["slots"][0])
                    else:
                        blocked[answer["blockers"][0]["code"]] += 1
    every = sorted([*took, *anew])
    console.print(f"blocked by: {dict(blocked)}", highlight=False)
    within = share_of(every, 0.95)
    console.print(
        f"slots: n={draws} p50_ms={share_of(every, 0.5):.0f} p95_ms={within:.0f} max_ms={every[-1]:.0f} "
        f"cpu_p95_ms={share_of(sorted(cpu), 0.95):.0f} anew_p95_ms={share_of(sorted(anew), 0.95):.0f} "
        f"none={sum(blocked.values())} verified={checked}/{draws - sum(blocked.values())}",
        highlight=False,
        soft_wrap=True,
    )
    return 0 if checked == draws - sum(blocked.values()) and within < 1000 else 1


class Draws:
    """Draws new actions as they would be described, over the hosts of an exercise in turn."""

    def __init__(self, exercise: Exercise, frame: Mapping[str, str], chance: random.Random) -> None:
        self._chance = chance
        self._start, self._end = (datetime.fromisoformat(frame[name]) for name in ("start", "end"))
        self._sites: dict[str, list[Mapping[str, float]]] = {}
        for row in exercise.rows("Action"):
            self._sites.setdefault(row["country"], []).append(row["location"])
        self._units: dict[str, list[Mapping[str, Any]]] = {}
        for row in exercise.rows("Unit"):
            for country in row["permitted_countries"]:
                self._units.setdefault(country, []).append(row)
        self._hosts = sorted(set(self._sites) & set(self._units))
        self._drawn = 0

    def draw(self) -> dict[str, Any]:
        """Draw one."""
        chance = self._chance
        host = self._hosts[self._drawn % len(self._hosts)]
        kind = list(ActionKind)[self._drawn % len(ActionKind)]
        self._drawn += 1
        days = (self._end - self._start).days
        first = self._start + timedelta(hours=chance.randrange(24 * max(1, days - 2)))
        last = min(self._end, first + timedelta(days=chance.randint(1, 5)))
        return {
            "kind": kind.value,
            "name": f"EXERCISE new action {self._drawn}",
            "location": chance.choice(self._sites[host]),
            "country": host,
            "windowStart": instant_text(first),
            "windowEnd": instant_text(last),
            "due": instant_text(first + (last - first) / 2),
            "priority": chance.randint(1, 1000),
            "expectedVictims": chance.randrange(50),
            "modes": [self._mode(host) for _ in range(chance.randint(1, 2))],
        }

    def _mode(self, host: str) -> dict[str, Any]:
        chance = self._chance
        kinds = {row["kind"]: row for row in chance.sample(self._units[host], min(2, len(self._units[host])))}
        needs = [
            {
                "unitKind": row["kind"],
                "unitType": min(4, row["type"] + chance.randrange(2)),
                "languages": row["languages"][:1] if chance.random() < 0.3 else [],
            }
            for row in kinds.values()
        ]
        beds = {"resourceKind": "BED", "amount": chance.randint(1, 5), "held": "PT24H"}
        return {
            "duration": f"PT{chance.randint(1, 6)}H",
            "cost": chance.randrange(1000),
            "unitNeeds": needs,
            "resourceNeeds": [beds] if chance.random() < 0.2 else [],
        }


class Checker:
    """Holds slots against the graph, with nothing that the service keeps at hand."""

    def __init__(self, graph: Graph, operation_id: str, plan_id: str) -> None:
        self._graph = graph
        self._operation_id = operation_id
        self._plan_id = plan_id
        self._snapshot: Snapshot | None = None

    async def holds(self, action: Mapping[str, Any], slot: Mapping[str, Any]) -> bool:
        """Whether the plan with the action in the slot breaks no rule that it does not break without."""
        snapshot = await take_snapshot(self._graph, self._operation_id, earlier=self._snapshot)
        self._snapshot = snapshot
        rows = await self._graph.read(lambda tx: read_placed(tx, self._plan_id))
        proposed = await self._graph.read(lambda tx: read_proposed(tx, _described(action), snapshot))
        frame = Frame.over(with_proposed(snapshot, proposed))
        number = {unit: place for place, unit in enumerate(frame.index.unit_ids)}
        start_slot = frame.index.grid.slot_at(instant_from_text(slot["start"]))
        assert start_slot is not None
        units = tuple(tuple(sorted(number[unit] for unit in each["unitIds"])) for each in slot["staffing"])
        place = Placement(len(frame.index.action_ids) - 1, slot["modeNumber"], start_slot, units)
        plan, _ = placements_of(rows, frame.index)
        before, after = ({each.message for each in verify(frame.problem, each)} for each in (plan, (*plan, place)))
        if not after <= before:
            console.print(f"{action['name']}: {sorted(after - before)[:_MOST_SHOWN]}")
        return after <= before


def _described(action: Mapping[str, Any]) -> DescribedAction:
    """Describe an action to the service's own code as its input does."""
    point = action["location"]
    row = {
        "kind": action["kind"],
        "name": action["name"],
        "location": GeoPoint(point["longitude"], point["latitude"]),
        "country": action["country"],
        "window_start": action["windowStart"],
        "window_end": action["windowEnd"],
    }
    modes = [
        DescribedMode(
            {"duration_minutes": mode["duration"], "cost": mode["cost"]},
            [
                {"unit_kind": need["unitKind"], "unit_type": need["unitType"], "languages": need["languages"]}
                for need in mode["unitNeeds"]
            ],
            [
                {"resource_kind": need["resourceKind"], "amount": need["amount"], "held_minutes": need["held"]}
                for need in mode["resourceNeeds"]
            ],
        )
        for mode in action["modes"]
    ]
    return DescribedAction(row, modes)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Ask for slots of new actions on the reference exercise, and time it.")
    parser.add_argument("--size", type=Size, default=Size.FULL, choices=list(Size))
    parser.add_argument("--seconds", type=int, default=20, help="budget of the search before")
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    sys.exit(asyncio.run(main(given.size, given.seconds, given.draws, given.seed)))
