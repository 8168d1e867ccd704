"""All rules, and the check of a whole plan."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from tests.oracle.breach import Breach
from tests.oracle.case import Case
from tests.oracle.facts import Facts
from tests.oracle.plan import Plan
from tests.oracle.rules.amounts import capacity
from tests.oracle.rules.day import duty_and_rest, one_action_at_a_time, travel
from tests.oracle.rules.form import duration, local_time, mandatory, place, well_formed
from tests.oracle.rules.hours import forbidden_hours, warrants, windows
from tests.oracle.rules.staff import calendars, permitted_countries, unit_needs
from tests.oracle.rules.ties import locks, precedence, simultaneity

Rule = Callable[[Case], Iterator[Breach]]

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        rule.__name__: rule
        for rule in (
            well_formed,
            duration,
            place,
            local_time,
            windows,
            forbidden_hours,
            warrants,
            unit_needs,
            permitted_countries,
            calendars,
            one_action_at_a_time,
            travel,
            duty_and_rest,
            capacity,
            precedence,
            simultaneity,
            locks,
            mandatory,
        )
    }
)
"""Every rule by its published name."""


def check(facts: Facts, plan: Plan) -> list[Breach]:
    """Give every breach of every rule, in the order of `RULES`; none means that the plan is accepted.

    A rule says nothing of what it cannot judge: a placement of an action that does not exist is named by `well_formed`
    alone, and the rest of the plan is judged as if it were not there.
    """
    case = Case(facts, plan)
    return [breach for rule in RULES.values() for breach in rule(case)]
