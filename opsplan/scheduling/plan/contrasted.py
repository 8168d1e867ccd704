"""Why an action's place differs between two plans, found by trying its other place: in the graph's words.

What was done by hand, refused or marked is known otherwise (`scheduling.service.compare`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

from opsplan.scheduling.answer import PlacedAction, Reason
from opsplan.scheduling.plan.breaches import broken_rules
from opsplan.scheduling.plan.compare import Difference, DifferenceKind
from opsplan.scheduling.plan.judge import said_of_lost
from opsplan.scheduling.plan.placed import Lost, Missing, placements_of
from opsplan.scheduling.plan.scored import GOALS, MORE_IS_BETTER, in_units
from opsplan.scheduling.plan.words import Words
from opsplan.scheduling.problem.frame import Frame
from opsplan.vocabulary.sentences import first_of, say
from solver import Breach, Contrast, Contraster, Score, is_tie, score

UNIT_LOST = "UNIT_LOST"
WINDOW_MOVED = "WINDOW_MOVED"
LOCKED = "LOCKED"
RULE_BROKEN = "RULE_BROKEN"
WITHDRAWN = "WITHDRAWN"
PLACE_GONE = "PLACE_GONE"
MADE_ROOM = "MADE_ROOM"
ROOM_WAS_MADE = "ROOM_WAS_MADE"
TIED_TO = "TIED_TO"
BETTER_IN_GOAL = "BETTER_IN_GOAL"

MOST_TRIED = 500
"""Differences whose places are tried; of more than that, as two schedules of their own have, the rest is left."""

_BY_RULE = {
    "unit_needs": UNIT_LOST,
    "permitted_countries": UNIT_LOST,
    "calendars": UNIT_LOST,
    "windows": WINDOW_MOVED,
    "locks": LOCKED,
}
_BY_LOSS = {Missing.UNIT: UNIT_LOST, Missing.ACTION: WITHDRAWN}
_SHOWN = 5


class Tried:
    """Tries places of two plans, each in the other one.

    Parameters
    ----------
    first, second
        The rows of the plans.
    frame
        The operation as it stands now: both are held in it.
    names
        Names of records that may be in play no more, by id.
    """

    def __init__(
        self,
        first: Sequence[PlacedAction],
        second: Sequence[PlacedAction],
        frame: Frame,
        names: Mapping[str, str],
    ) -> None:
        self._frame = frame
        self._names = names
        self._words = Words(frame.problem, frame.index)
        before, lost = placements_of(first, frame.index)
        after, _ = placements_of(second, frame.index)
        self._lost: dict[str, Lost] = {each.action_id: each for each in lost}
        self._number = {action_id: number for number, action_id in enumerate(frame.index.action_ids)}
        self._known = ({each.action for each in before}, {each.action for each in after})
        self._back = Contraster(frame.problem, before, after)
        self._forth = Contraster(frame.problem, after, before)
        self._now: Score = score(frame.problem, after)

    def reasons(self, difference: Difference) -> tuple[Reason, ...]:
        """Give what is found of one difference; nothing where nothing is."""
        lost = self._lost.get(difference.action_id)
        if lost is not None:
            broken = said_of_lost(lost, self._names)
            return (Reason(_BY_LOSS.get(lost.missing, PLACE_GONE), broken.sentence, broken.facts),)
        number = self._number.get(difference.action_id)
        if number is None:
            return ()
        if difference.kind is DifferenceKind.ADDED:
            return self._added(number) if number in self._known[1] else ()
        if number not in self._known[0]:
            return ()
        return self._moved(number, dropped=difference.kind is DifferenceKind.DROPPED)

    def _moved(self, number: int, *, dropped: bool) -> tuple[Reason, ...]:
        found = self._back.of(number)
        if found.alone:
            return self._said(found.alone)
        if found.score is not None:
            return () if dropped else self._better(number, found.score)
        return self._room(number, found)

    def _added(self, number: int) -> tuple[Reason, ...]:
        """Tell what the first plan had in the way of a place that only the second gives."""
        found = self._forth.of(number)
        if found.score is not None:
            return self._gained(number)
        if not found.others:
            return ()
        others = self._named(found.others)
        words = say(
            "In the first plan {names} left no room for it there; now they do.",
            names=first_of([each["name"] for each in others[:_SHOWN]], len(others)),
        )
        return (Reason(ROOM_WAS_MADE, words, {"actions": others, "rules": _rules(found.breaches)}),)

    def _gained(self, number: int) -> tuple[Reason, ...]:
        """Tell what is gained by an action that the first plan could have placed there as well."""
        weight = self._frame.problem.actions[number].weight
        words = say("It adds {weight} to placed_weight, and nothing of the first plan was in its way.", weight=weight)
        return (Reason(BETTER_IN_GOAL, words, {"goal": "placed_weight", "by": weight}),)

    def _said(self, breaches: tuple[Breach, ...]) -> tuple[Reason, ...]:
        frame = self._frame
        told = broken_rules(breaches, frame.problem, frame.index, frame.snapshot)
        return tuple(
            Reason(
                _BY_RULE.get(each.rule, RULE_BROKEN),
                say("It cannot be where it was: {sentence}", sentence=each.sentence),
                {"rule": each.rule, **each.facts},
            )
            for each in told
        )

    def _room(self, number: int, found: Contrast) -> tuple[Reason, ...]:
        ties = all(is_tie(each) for each in found.breaches)
        others = self._named(found.others or self._ends(number, found.breaches))
        names = first_of([each["name"] for each in others[:_SHOWN]], len(others))
        facts = {"actions": others, "rules": _rules(found.breaches)}
        if ties:
            return (Reason(TIED_TO, say("It is tied to {names}, and goes with it.", names=names), facts),)
        return (Reason(MADE_ROOM, say("It made room for {names}.", names=names), facts),)

    def _ends(self, number: int, breaches: Iterable[Breach]) -> tuple[int, ...]:
        """Give the actions at the other ends of broken ties."""
        found: set[int] = set()
        for breach in breaches:
            if breach.rule == "simultaneity":
                found |= set(self._frame.problem.groups[int(breach.facts["group"])].actions)
            else:
                found |= {int(breach.facts[name]) for name in ("before", "action") if name in breach.facts}
        return tuple(sorted(found - {number}))

    def _better(self, number: int, where_it_was: Score) -> tuple[Reason, ...]:
        """Tell the first goal that would be worse with the action where it was, all else as in the second plan."""
        now, then = asdict(self._now), asdict(where_it_was)
        goal = next((goal for goal in GOALS if now[goal] != then[goal]), None)
        if goal is None:
            return ()
        gain = then[goal] - now[goal] if goal not in MORE_IS_BETTER else now[goal] - then[goal]
        if gain < 0:
            return ()
        amount = in_units(goal, gain, self._frame.index)
        words = say(
            "Where it was, {goal} would be worse by {amount}, all else being as in the second plan.",
            goal=goal,
            amount=amount,
        )
        return (Reason(BETTER_IN_GOAL, words, {"goal": goal, "by": amount, "action": self._words.action(number)}),)

    def _named(self, numbers: Iterable[int]) -> list[dict[str, str]]:
        return [{"id": self._frame.index.action_ids[number], "name": self._words.action(number)} for number in numbers]


def _rules(breaches: Iterable[Breach]) -> list[str]:
    return sorted({each.rule for each in breaches})
