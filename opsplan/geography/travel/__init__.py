"""How long people and their gear travel from one site to another: by road, or through airports.

`rules.py` holds the assumptions, `hubs.py` chooses the airports, `minutes.py` computes: `travel_minutes` gives whole
matrices, `route` one journey with its legs. Pure functions; nothing asks a map service.
"""

from opsplan.geography.travel.minutes import Route, TravelModel, route, travel_minutes, travel_model
from opsplan.geography.travel.rules import DEFAULT_RULES, TravelRules

__all__ = ["DEFAULT_RULES", "Route", "TravelModel", "TravelRules", "route", "travel_minutes", "travel_model"]
