"""How a noun is declared: one value per kind of record, read by every room that handles records.

>>> from opsplan.records.declaration import Noun, Property, Kind
>>> Noun("Compound", "Compounds", "A scam centre site.", owner="targets",
...      properties=(Property("name", Kind.TEXT, "What planners call it.", required=True),)).label
'Compound'

A file per part: `property` (values), `reference` (relations, derived lists, filters), `computed` (what Python computes
and checks), `readership` (who may know of records), `noun`, and `catalogue` of them all.
"""

from opsplan.records.declaration.catalogue import Catalogue
from opsplan.records.declaration.computed import Computed, Contradiction, Load, Part, RowCheck
from opsplan.records.declaration.noun import Noun
from opsplan.records.declaration.property import STANDARD, Kind, Property
from opsplan.records.declaration.readership import Readers, Readership
from opsplan.records.declaration.reference import Authority, Derived, Direction, Filter, Relation

__all__ = [
    "STANDARD",
    "Authority",
    "Catalogue",
    "Computed",
    "Contradiction",
    "Derived",
    "Direction",
    "Filter",
    "Kind",
    "Load",
    "Noun",
    "Part",
    "Property",
    "Readers",
    "Readership",
    "Relation",
    "RowCheck",
]
