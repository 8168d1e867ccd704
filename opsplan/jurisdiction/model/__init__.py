"""Nouns of who acts: agencies (`agency`), granted jurisdiction (`grant`), whom to call (`contact`), keys (`key`)."""

from opsplan.jurisdiction.model.agency import AGENCY, AgencyKind
from opsplan.jurisdiction.model.checks import starts_before_it_ends
from opsplan.jurisdiction.model.contact import CONTACT_POINT, DUTY_SHIFT, Weekday, on_duty_posts
from opsplan.jurisdiction.model.grant import JURISDICTION, JURISDICTION_EDGE, JURISDICTION_EDGE_OF_REASONS, Basis
from opsplan.jurisdiction.model.key import AGENCY_KEY, KeyUse

NOUNS = (AGENCY, JURISDICTION, CONTACT_POINT, DUTY_SHIFT, AGENCY_KEY)

__all__ = [
    "AGENCY",
    "AGENCY_KEY",
    "CONTACT_POINT",
    "DUTY_SHIFT",
    "JURISDICTION",
    "JURISDICTION_EDGE",
    "JURISDICTION_EDGE_OF_REASONS",
    "NOUNS",
    "AgencyKind",
    "Basis",
    "KeyUse",
    "Weekday",
    "on_duty_posts",
    "starts_before_it_ends",
]
