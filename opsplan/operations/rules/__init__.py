"""Rules of operations and their parts, as pure functions; what a rule needs of other records, the writer looks up.

A file per kind of rule: `operation` and `action` (frames, windows, places, host countries, groups), `order`
(precedences without circles), `participation` (who takes part, and what is offered), `words` (languages, hours).
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from opsplan.operations.rules.action import fill_action
from opsplan.operations.rules.operation import (
    ACTIONS_MORE_OPEN,
    ACTIONS_OUTSIDE_FRAME,
    CLOSED_ACTIONS_OF_OPEN_OPERATIONS,
    actions_left_outside,
    as_closed_as_its_operation,
    closed_actions_left,
    fill_operation,
)
from opsplan.operations.rules.order import PRECEDENCES_OF_OPERATIONS, circle_in, circles, fill_precedence
from opsplan.operations.rules.participation import (
    OFFERS_THAT_OVERLAP,
    PARTICIPANTS_TWICE,
    fill_offer,
    fill_participant,
    offered_twice,
    taking_part_twice,
)
from opsplan.operations.rules.words import (
    QUIET_HOURS_OF_OTHERS,
    fill_language,
    fill_quiet_hours,
    quiet_hours_of_others,
)
from opsplan.records.laws import Afterwards, NounRules

_LANGUAGE: Final = NounRules(fill=fill_language)

RULES: Final[Mapping[str, NounRules]] = MappingProxyType(
    {
        "Operation": NounRules(
            fill=fill_operation,
            afterwards=(
                Afterwards(ACTIONS_OUTSIDE_FRAME, actions_left_outside),
                Afterwards(CLOSED_ACTIONS_OF_OPEN_OPERATIONS, closed_actions_left),
            ),
        ),
        "Action": NounRules(
            fill=fill_action,
            looks_up=("operation", "compound", "group"),
            afterwards=(Afterwards(ACTIONS_MORE_OPEN, as_closed_as_its_operation),),
        ),
        "Precedence": NounRules(
            fill=fill_precedence,
            looks_up=("before", "after"),
            afterwards=(Afterwards(PRECEDENCES_OF_OPERATIONS, circles),),
        ),
        "Participant": NounRules(
            fill=fill_participant,
            looks_up=("operation", "agency", "approving_authority"),
            afterwards=(Afterwards(PARTICIPANTS_TWICE, taking_part_twice),),
        ),
        "Offer": NounRules(
            fill=fill_offer,
            looks_up=("participant", "units", "resources"),
            afterwards=(Afterwards(OFFERS_THAT_OVERLAP, offered_twice),),
        ),
        "Resource": _LANGUAGE,
        "ResourceNeed": _LANGUAGE,
        "QuietHours": NounRules(
            fill=fill_quiet_hours, afterwards=(Afterwards(QUIET_HOURS_OF_OTHERS, quiet_hours_of_others),)
        ),
    }
)
"""The rules of this room's nouns, by name."""

__all__ = ["RULES", "circle_in"]
