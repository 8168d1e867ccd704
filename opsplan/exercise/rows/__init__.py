"""From the planned world to rows as files have them: external ids, and references ``AGENCY/external id``.

One file per part of the catalogue; each function yields the rows of one noun, in a fixed order, without keeping them.
Here lives no choice that matters to the plan.
"""

from collections.abc import Callable, Iterator, Mapping

from opsplan.exercise.rows import actions, agencies, claims, contacts, intelligence, means, participation
from opsplan.exercise.scenario import Row, Scenario

ROWS: Mapping[str, Callable[[Scenario], Iterator[Row]]] = {
    "Agency": agencies.agencies,
    "Jurisdiction": agencies.jurisdictions,
    "ContactPoint": contacts.contact_points,
    "DutyShift": contacts.duty_shifts,
    "QuietHours": means.quiet_hours,
    "Compound": intelligence.compounds,
    "VictimEstimate": intelligence.victim_estimates,
    "Target": intelligence.targets,
    "Identifier": intelligence.identifiers,
    "Link": intelligence.links,
    "Operation": actions.operations,
    "Unit": means.units,
    "UnitAbsence": means.absences,
    "Resource": means.resources,
    "Capacity": means.capacities,
    "Participant": participation.participants,
    "Offer": participation.offers,
    "SimultaneityGroup": actions.groups,
    "Action": actions.actions,
    "ActionMode": actions.modes,
    "UnitNeed": actions.unit_needs,
    "ResourceNeed": actions.resource_needs,
    "Precedence": actions.precedences,
    "Warrant": actions.warrants,
    "Claim": claims.claims,
}
"""Makers of rows by noun, each after the nouns that its rows refer to."""

__all__ = ["ROWS"]
