"""What stands in the way of an action's activation: open conflicts, zones without release, authority that is missing.

It is asked under the commit sequence, of the graph as it will stand. So whatever is entered at the same instant is seen
either here or, by whoever enters it, as something that is activated already.
"""

from collections.abc import Sequence

from opsplan.deconfliction.service import activated_by, unreleased, unsettled
from opsplan.records.writing.sequence import hold_sequence
from opsplan.records.writing.unit import Unit
from opsplan.scheduling.answer import BrokenRule
from opsplan.scheduling.service.authority import lacking
from opsplan.vocabulary.errors import ActivationRefused, Hindrance
from opsplan.vocabulary.sentences import Sentence, say


async def guard_activation(unit: Unit) -> None:
    """Refuse to activate what may not be. A consequence of every write.

    Raises
    ------
    ActivationRefused
        When an action that the write activates, by whatever step, is in a conflict that is not resolved, crosses a zone
        without its owner's release, or lacks a warrant or a unit's leave; with all that stands in its way.
    """
    actions = activated_by(unit)
    if not actions:
        return
    commit = await hold_sequence(unit.tx)
    hindrances = [
        *await unsettled(unit.tx, actions),
        *await unreleased(unit.tx, actions),
        *_unlawful(await lacking(unit.tx, actions, commit)),
    ]
    if hindrances:
        raise ActivationRefused(
            say("It cannot be activated: {why}", why=_together([each.sentence for each in hindrances])),
            field="to",
            remedy=say(
                "settle each conflict with the other side (proposeResolution, signResolution), ask the zones' owners "
                "for a release, have the authority given, or change the action"
            ),
            hindrances=tuple(hindrances),
        )


def _unlawful(found: dict[str, list[BrokenRule]]) -> list[Hindrance]:
    return [
        Hindrance(
            each.rule,
            each.sentence if isinstance(each.sentence, Sentence) else say("{words}", words=each.sentence),
            action_id,
            each.facts,
        )
        for action_id, rules in sorted(found.items())
        for each in rules
    ]


def _together(sentences: Sequence[Sentence]) -> Sentence:
    joined = sentences[0]
    for each in sentences[1:]:
        joined = say("{one} {other}", one=joined, other=each)
    return joined
