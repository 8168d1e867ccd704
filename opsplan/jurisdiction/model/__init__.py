"""The nouns of who acts: agencies (`agency`), granted jurisdiction (`grant`), and whom to call (`contact`)."""

from opsplan.jurisdiction.model.agency import AGENCY, AgencyKind
from opsplan.jurisdiction.model.checks import starts_before_it_ends
from opsplan.jurisdiction.model.contact import CONTACT_POINT, DUTY_SHIFT, Weekday
from opsplan.jurisdiction.model.grant import JURISDICTION, JURISDICTION_EDGE, JURISDICTION_EDGE_OF_REASONS, Basis

NOUNS = (AGENCY, JURISDICTION, CONTACT_POINT, DUTY_SHIFT)

__all__ = [
    "AGENCY",
    "CONTACT_POINT",
    "DUTY_SHIFT",
    "JURISDICTION",
    "JURISDICTION_EDGE",
    "JURISDICTION_EDGE_OF_REASONS",
    "NOUNS",
    "AgencyKind",
    "Basis",
    "Weekday",
    "starts_before_it_ends",
]
