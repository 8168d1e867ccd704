"""Who is sent: as many as needed, of the kind, type and languages needed, permitted there, and not away."""

from collections.abc import Iterator

from tests.oracle.breach import Breach
from tests.oracle.case import Case, Placed, Stay
from tests.oracle.facts import Facts, Unit, UnitNeed


def unit_needs(case: Case) -> Iterator[Breach]:
    """Each need has its count of different units, each of its kind, its type or better, and all its languages."""
    for placed in case.placed:
        staff = placed.placement.staff
        if len(set(staff)) != len(staff):
            yield _breach(placed, "lists a unit twice")
        for need in placed.mode.unit_needs:
            units = placed.placement.staffing.get(need.id)
            if units is None:
                continue  # said by well_formed
            if len(units) != need.count:
                yield _breach(placed, f"has {len(units)} units where {need.count} of {need.kind} are needed")
            for unit in _known(case.facts, units):
                for what in _unfit(need, unit):
                    yield _breach(placed, f"is staffed with {unit.name}, {what}")


def permitted_countries(case: Case) -> Iterator[Breach]:
    """The host country is one in which each unit may act."""
    for placed in case.placed:
        for unit in _known(case.facts, placed.placement.staff):
            if placed.action.country is not None and placed.action.country not in unit.may_act_in:
                sentence = f"{unit.name} may not act in {placed.action.country}, where {placed.action.name} is."
                yield Breach("permitted_countries", (placed.action.id,), sentence)


def calendars(case: Case) -> Iterator[Breach]:
    """A unit acts from the operation's start to its end, outside its absences, and between its uses elsewhere."""
    for unit, stays in case.units():
        free = case.times_free(unit)
        for stay in stays:
            if not any(span.holds(stay.span) for span in free):
                sentence = f"{unit.name} is away during {stay.name} at {stay.span}."
                yield Breach("calendars", (stay.action_id,), sentence)
            elif not _in_time_elsewhere(case, unit, stay):
                sentence = f"{unit.name} cannot go from {stay.name} to its next use by another operation in time."
                yield Breach("calendars", (stay.action_id,), sentence)


def _in_time_elsewhere(case: Case, unit: Unit, stay: Stay) -> bool:
    return all(
        stay.span.end + case.journey(stay.point, use.point) + unit.min_rest <= use.span.start
        for use in case.facts.elsewhere
        if unit.id in use.unit_ids and use.span.start >= stay.span.end
    )


def _unfit(need: UnitNeed, unit: Unit) -> Iterator[str]:
    if unit.kind != need.kind:
        yield f"which is {unit.kind} and not {need.kind}"
    if unit.type > need.type:
        yield f"which is of type {unit.type}, where {need.type} or better is needed"
    if not need.languages <= unit.languages:
        yield f"which does not speak {', '.join(sorted(need.languages - unit.languages))}"


def _known(facts: Facts, unit_ids: tuple[str, ...]) -> list[Unit]:
    return [facts.units[unit_id] for unit_id in unit_ids if unit_id in facts.units]


def _breach(placed: Placed, what: str) -> Breach:
    return Breach("unit_needs", (placed.action.id,), f"{placed.action.name} {what}.")
