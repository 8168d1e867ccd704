"""Changes that would help, in words: one sentence per kind."""

from collections.abc import Callable, Mapping
from typing import Any

from opsplan.scheduling.plan.clearances import clearances_said
from opsplan.scheduling.plan.conflicts.nouns import Nouns
from opsplan.scheduling.plan.conflicts.told import Plain, ToldRelaxation
from opsplan.vocabulary.sentences import Sentence, say
from solver import UnitNeed


class ChangeTeller(Nouns):
    """Says changes."""

    def relaxation(self, found: Plain) -> ToldRelaxation:
        change = found["change"]
        actions, units = self.about(change)
        return ToldRelaxation(
            change["kind"],
            self._change(change),
            actions,
            units,
            self.facts(change) | self._measured(change),
            found["resolves"],
            found["cost"],
            found["smallest"],
        )

    def _measured(self, change: Plain) -> dict[str, Any]:
        """The amount in people's units."""
        if change["kind"] not in _LONGER:
            return {}
        return {"amount_minutes": change["amount"] * self.index.grid.slot_minutes}

    def _change(self, change: Plain) -> Sentence:
        kind, amount = change["kind"], change["amount"]
        action = "" if change["action"] is None else self.words.action(change["action"])
        unit = "" if change["unit"] is None else self.words.unit(change["unit"])
        if kind in _LONGER:
            return _LONGER[kind](self, change, self.words.length(amount))
        if kind == "CAPACITY_RAISED":
            pool = self.words.pool(change["resource"])
            if change["from_slot"] is None:
                return say("{amount} more of {pool}.", amount=amount, pool=pool)
            return say(
                "{amount} more of {pool} from {start} to {end}.",
                amount=amount,
                pool=pool,
                start=self.words.slot(change["from_slot"]),
                end=self.words.slot(change["until_slot"]),
            )
        if kind == "UNITS_ADDED":
            need = change["need"]
            wanted = self.wanted(UnitNeed(need["kind"], need["type"], 1, tuple(need["skills"])))
            country = self.words.country(self.problem.host(change["action"]))
            return say(
                "{amount} more of {wanted} that may act in {country}, for {action}.",
                amount=amount,
                wanted=wanted,
                country=country,
                action=action,
            )
        if kind == "UNIT_PERMITTED":
            return say("{unit} may act in {country}.", unit=unit, country=self.words.country(change["country"]))
        return _WHOLE[kind](self, change, action)

    def before(self, change: Plain) -> str:
        return self.words.action(self.problem.precedences[change["precedence"]].before)

    def after(self, change: Plain) -> str:
        return self.words.action(self.problem.precedences[change["precedence"]].after)

    def together(self, change: Plain) -> Sentence:
        return self.names(self.problem.groups[change["group"]].actions, self.words.action)


Longer = Callable[[ChangeTeller, Plain, str], Sentence]


def _of_action(make: Callable[[str, str], Sentence]) -> Longer:
    return lambda teller, change, length: make(teller.words.action(change["action"]), length)


def _of_unit(make: Callable[[str, str], Sentence]) -> Longer:
    return lambda teller, change, length: make(teller.words.unit(change["unit"]), length)


_LONGER: Mapping[str, Longer] = {
    "WINDOW_EARLIER": _of_action(lambda a, by: say("The window of {action} begins {by} earlier.", action=a, by=by)),
    "WINDOW_LATER": _of_action(lambda a, by: say("The window of {action} ends {by} later.", action=a, by=by)),
    "WARRANT_EARLIER": _of_action(lambda a, by: say("The warrants of {action} begin {by} earlier.", action=a, by=by)),
    "WARRANT_LATER": _of_action(lambda a, by: say("The warrants of {action} end {by} later.", action=a, by=by)),
    "UNIT_AVAILABLE_EARLIER": _of_unit(lambda u, by: say("{unit} is free {by} earlier.", unit=u, by=by)),
    "UNIT_AVAILABLE_LATER": _of_unit(lambda u, by: say("{unit} is free {by} longer.", unit=u, by=by)),
    "DUTY_LONGER": _of_unit(lambda u, by: say("{unit} may be on duty {by} longer.", unit=u, by=by)),
    "LAG_SHORTER": lambda teller, change, by: say(
        "{after} may start {by} sooner after {before}.", by=by, after=teller.after(change), before=teller.before(change)
    ),
    "LAG_LONGER": lambda teller, change, by: say(
        "{after} may start {by} later after {before}.", by=by, after=teller.after(change), before=teller.before(change)
    ),
    "TOLERANCE_WIDER": lambda teller, change, by: say(
        "The starts of {actions} may lie {by} further apart.", actions=teller.together(change), by=by
    ),
}
"""Kinds of changes whose amount is a length of time."""

_WHOLE: Mapping[str, Longer] = {
    "WARRANT_GRANTED": lambda _teller, _change, action: say("{action} has a warrant for any time.", action=action),
    "FORBIDDEN_HOURS_WAIVED": lambda _teller, _change, action: say("Quiet hours do not bind {action}.", action=action),
    "CLAIMS_SETTLED": lambda teller, change, action: say(
        "{action} may run though others claim what is near, once that is settled with them: {claims}",
        action=action,
        claims=clearances_said(teller.clearances(change)),
    ),
    "LOCK_LIFTED": lambda _teller, _change, action: say("{action} is free to move.", action=action),
    "ACTION_MOVED": lambda _teller, _change, action: say("{action} moves elsewhere.", action=action),
    "MANDATORY_DROPPED": lambda _teller, _change, action: say("{action} is not mandatory.", action=action),
    "PRECEDENCE_WAIVED": lambda teller, change, _action: say(
        "{after} does not depend on {before}.", after=teller.after(change), before=teller.before(change)
    ),
    "GROUP_WAIVED": lambda teller, change, _action: say(
        "{actions} need not start together.", actions=teller.together(change)
    ),
}
"""Kinds of changes that waive something whole."""
