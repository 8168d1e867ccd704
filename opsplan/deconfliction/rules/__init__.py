"""Rules of deconfliction, as pure functions.

A file per kind of rule: `separation` (how far apart two kinds have to be), `footprint` (what a claim takes, and what
is told of it), `meeting` (whether two are too near), `index` (where a claim is entered and looked for), `keys` (what a
commit has to show), `zone` (whether a claim crosses a zone, and who learns of it), `claim` (what is
entered), `wanting` (whether two want the same), `holds`, `ledger` and `capacity` (what is held of pools, and
whether it is more than there is).
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from opsplan.deconfliction.rules.claim import fill_claim, fill_zone
from opsplan.records.laws import NounRules

RULES: Final[Mapping[str, NounRules]] = MappingProxyType(
    {"Claim": NounRules(fill=fill_claim), "Zone": NounRules(fill=fill_zone)}
)
"""The rules of this room's nouns, by name."""

__all__ = ["RULES"]
