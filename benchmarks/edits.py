"""Changing a draft by hand, on the reference exercise: how soon the checker's verdict is there.

``python -m benchmarks.edits --size full --edits 200`` loads the exercise into a local Neo4j of its own, has it
scheduled, and then edits the draft over HTTP, one edit after the other, as a coordinator would: moves, swaps, pins,
drops, and what was dropped placed again. Before each tenth edit another agency enters an absence of one of its units,
so that the service has to read and make anew what that may have changed. The last line is
``edits: n=… p50_ms=… p95_ms=… max_ms=… anew_p95_ms=… broken=…``; `anew` are the edits that followed such a change,
`broken` counts the rules that the draft breaks in the end.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from rich.console import Console
from rich.progress import track

from benchmarks.exercise import schedule
from opsplan.demo import documents
from opsplan.demo.client import Client
from opsplan.demo.run import running
from opsplan.exercise import Size, make_exercise
from opsplan.exercise.load import load_exercise
from opsplan.exercise.rows.naming import LEAD
from opsplan.main import Service
from opsplan.main.commands import make_token
from opsplan.nouns import LAWS
from opsplan.settings import Settings
from opsplan.vocabulary.actor import Role
from opsplan.vocabulary.clock import instant_text, system_clock
from opsplan.web.logs import set_up

console = Console(width=None if sys.stdout.isatty() else 150)

OPERATION = (
    "{ operations(where: {exercise: {eq: true}}, orderBy: [CREATED_AT_DESC], first: 1) { nodes { id version } } }"
)
PLACES = """
query ($plan: ID!, $after: String) { plan(id: $plan) { actions(first: 100, after: $after) {
  pageInfo { hasNextPage endCursor } nodes { start staffing mode { id } action { id } } } } }
"""
EDIT = """
mutation ($input: EditPlanInput!) { editPlan(input: $input) { __typename
  ... on PlanEdited { verdict { publishable brokenRules { rule sentence } changes { id }
    goals { goal before after change parts { actionId unitId country change } } } }
  ... on Refusal { code message } } }
"""
UNITS = """
query ($operation: ID!) { operation(id: $operation) { start units(first: 100) { nodes { id owner { code } } } } }
"""
ABSENCE = """
mutation ($input: CreateUnitAbsenceInput!) { createUnitAbsence(input: $input) { __typename
  ... on UnitAbsence { id } ... on Refusal { code message } } }
"""
_EACH = 10


async def main(size: Size, seconds: int, edits: int, seed: int) -> int:
    """Run it and print the figures."""
    set_up("error")
    exercise = make_exercise(size, seed)

    async def prepare(service: Service) -> str:
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
                took, anew, broken = await _edit(client, plan["id"], others, edits, random.Random(seed))
    took.sort()
    anew.sort()
    console.print(
        f"edits: n={len(took)} p50_ms={share_of(took, 0.5):.0f} p95_ms={share_of(took, 0.95):.0f} "
        f"max_ms={took[-1]:.0f} anew_p95_ms={share_of(anew, 0.95):.0f} broken={broken}",
        highlight=False,
        soft_wrap=True,
    )
    return 0


def share_of(sorted_ms: list[float], share: float) -> float:
    """Give the value below which a share of the values lies."""
    return sorted_ms[min(len(sorted_ms) - 1, int(share * len(sorted_ms)))]


async def _edit(
    client: Client, plan: str, others: Callable[[int], Awaitable[None]], edits: int, chance: random.Random
) -> tuple[list[float], list[float], int]:
    places = await _places(client, plan)
    dropped: list[dict[str, Any]] = []
    took: list[float] = []
    anew: list[float] = []
    broken = 0
    for number in track(range(edits), description="edits", console=console):
        if number % _EACH == _EACH - 1:
            await others(number)
        step = _step(places, dropped, chance)
        begun = time.perf_counter()
        told = (await client.ask(EDIT, input={"planId": plan, "steps": [step], "reason": "EXERCISE"}))["editPlan"]
        ms = 1000 * (time.perf_counter() - begun)
        assert told["__typename"] == "PlanEdited", told
        took.append(ms)
        if number % _EACH == _EACH - 1:
            anew.append(ms)
        broken = len(told["verdict"]["brokenRules"])
    return took, anew, broken


async def others_of(
    client: Client, operation: str, address: str, settings: Settings
) -> Callable[[int], Awaitable[None]]:
    """Give what enters an absence of the so-manieth unit, as the agency that owns it."""
    found = (await client.ask(UNITS, operation=operation))["operation"]
    units = found["units"]["nodes"]
    start = datetime.fromisoformat(found["start"])

    async def enter(number: int) -> None:
        unit = units[number % len(units)]
        token = make_token(settings, agency_code=unit["owner"]["code"], roles=(Role.PLANNER,))
        span = {"start": instant_text(start), "end": instant_text(start + timedelta(hours=1))}
        async with Client(address, token) as theirs:
            await theirs.change(ABSENCE, input={"unitId": unit["id"], **span})

    return enter


def _step(places: dict[str, Any], dropped: list[dict[str, Any]], chance: random.Random) -> dict[str, Any]:
    """Draw a step, and do it to what is known of the places."""
    action, other = chance.sample(sorted(places), 2)
    place = places[action]
    match chance.choice(("move", "move", "swap_starts", "swap_units", "pin", "drop")):
        case "move":
            start = datetime.fromisoformat(place["start"]) + timedelta(minutes=15 * chance.randint(-8, 8) or 15)
            place["start"] = instant_text(start)
            return {"move": {"actionId": action, "start": place["start"]}}
        case "swap_starts" if place["start"] != places[other]["start"]:
            place["start"], places[other]["start"] = places[other]["start"], place["start"]
            return {"swapStarts": {"actionId": action, "otherActionId": other}}
        case "swap_units":
            mine = [each for units in place["staffing"].values() for each in units]
            theirs = [each for units in places[other]["staffing"].values() for each in units if each not in mine]
            if mine and theirs:
                for units in place["staffing"].values():
                    units[:] = [theirs[0] if each == mine[0] else each for each in units]
                return {"swapUnits": {"actionId": action, "unitId": mine[0], "otherUnitId": theirs[0]}}
        case "pin" if not place.get("pinned"):
            place["pinned"] = True
            return {"pin": action}
    if dropped and chance.random() < 0.5:
        again = dropped.pop()
        places[again["action"]["id"]] = again
        staffing = [{"needId": need, "unitIds": units} for need, units in again["staffing"].items()]
        return {
            "place": {
                "actionId": again["action"]["id"],
                "start": again["start"],
                "modeId": again["mode"]["id"],
                "staffing": staffing,
            }
        }
    dropped.append(places.pop(action) | {"pinned": False})
    return {"drop": action}


async def _places(client: Client, plan: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    after = None
    while True:
        page = (await client.ask(PLACES, plan=plan, after=after))["plan"]["actions"]
        found |= {each["action"]["id"]: each for each in page["nodes"]}
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Edit the reference exercise's draft, and time the verdicts.")
    parser.add_argument("--size", type=Size, default=Size.FULL, choices=list(Size))
    parser.add_argument("--seconds", type=int, default=20, help="budget of the search before")
    parser.add_argument("--edits", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    sys.exit(asyncio.run(main(given.size, given.seconds, given.edits, given.seed)))
