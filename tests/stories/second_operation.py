"""Another operation beside the exercise's, which uses a unit and a resource of it."""

from datetime import timedelta

from tests.oracle import Facts
from tests.oracle.facts import Pool, Resource, Unit
from tests.stories.exercise_story import Story
from tests.stories.plan_faults import Scene


def to_be_shared(scene: Scene) -> tuple[Unit, Resource]:
    """Give the unit in use that has most time, and a resource of its country."""
    facts = scene.facts
    by_country = {each.pool.country: each for each in facts.resources if each.capacities}
    used = {unit for placement in scene.plan.placements for unit in placement.staff}
    fit = [facts.units[key] for key in sorted(used) if facts.units[key].country in facts.units[key].may_act_in]
    at_home = [unit for unit in fit if unit.country in by_country]
    unit = min(at_home, key=lambda each: sum((span.end - span.start for span in each.absences), timedelta()))
    return unit, by_country[unit.country or ""]


def second_operation(story: Story, facts: Facts, unit: Unit, pool: Pool) -> str:
    """Enter an operation of one action of an hour at the unit's home, which needs the unit and one of the pool."""
    frame = {"start": facts.span.start.isoformat(), "end": facts.span.end.isoformat()}
    operation = story.write("create", "Operation", codeName="EXERCISE Second", hHour=facts.h_hour.isoformat(), **frame)
    action = story.write(
        "create",
        "Action",
        name="EXERCISE surveillance at home",
        kind="SURVEILLANCE",
        location={"longitude": unit.home.longitude, "latitude": unit.home.latitude},
        windowStart=frame["start"],
        windowEnd=frame["end"],
        operationId=operation,
        country=unit.country,
    )
    mode = story.write("create", "ActionMode", name="EXERCISE one unit", duration="PT1H", actionId=action)
    story.write("create", "UnitNeed", unitKind=unit.kind, unitType=unit.type, count=1, modeId=mode)
    spoken = {"language": pool.language} if pool.language else {}
    need = {"resourceKind": pool.kind, "held": "PT1H", "modeId": mode, **spoken}
    story.write("create", "ResourceNeed", amount=1, **need)
    story.host(unit.country or "", operation)
    return operation
