"""An action as a caller describes it, checked as if it were entered: with the laws of its nouns, writing nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from opsplan.graph.transaction import Tx
from opsplan.operations.model import ACTION, ACTION_MODE, PRECEDENCE, RESOURCE_NEED, UNIT_NEED, WARRANT
from opsplan.reading.names import camel, property_field
from opsplan.records.check import check_row
from opsplan.records.declaration import Noun
from opsplan.records.problem import Problem, invalid
from opsplan.scheduling.problem import snapshot as read
from opsplan.scheduling.problem.proposed import Proposed
from opsplan.scheduling.store import statements
from opsplan.scheduling.store.nearby import claims_near
from opsplan.scheduling.store.rows import point_of, read_quiet
from opsplan.targets.rules import country_of
from opsplan.vocabulary.clock import instant_from_text, instant_text
from opsplan.vocabulary.errors import Invalid, NotFound
from opsplan.vocabulary.ids import mint, reference_id
from opsplan.vocabulary.place import GeoPoint
from opsplan.vocabulary.sentences import say

PATH = "action"
"""The argument that describes the action."""
MOST_PARTS = 100
"""Modes, needs of a mode, warrants, or ties that one description may list."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DescribedMode:
    """A way to do it: its row, and the rows of what it needs; names are those of the nouns' properties."""

    row: Row
    unit_needs: Sequence[Row] = ()
    resource_needs: Sequence[Row] = ()


@dataclass(frozen=True, slots=True)
class DescribedAction:
    """An action as a caller describes it.

    Attributes
    ----------
    row
        Its properties, with its ``compound``, ``country`` and ``group`` by id; without a window the operation's time.
    modes
        Ways to do it.
    warrants
        Their ``start`` and ``end``.
    follows, precedes
        Actions of the operation that come before it, or after it: ``action`` with the lags.
    """

    row: Row
    modes: Sequence[DescribedMode]
    warrants: Sequence[Row] = ()
    follows: Sequence[Row] = ()
    precedes: Sequence[Row] = ()


async def read_proposed(
    tx: Tx, described: DescribedAction, snapshot: read.Snapshot, owner_id: str | None = None
) -> Proposed:
    """Check what is described and give it as it would be read had it been entered in the operation of the snapshot.

    Its owner would be the agency of `owner_id`; without one, nobody's claims are its own.

    Raises
    ------
    Invalid
        With every value that breaks a law of its noun, by its place under ``action``.
    NotFound
        When there is no such compound.
    """
    checked = _Checked(described, snapshot)
    if checked.problems:
        raise invalid(checked.problems)
    point, country = await _place(tx, checked.action)
    known = {action.country for action in snapshot.actions}
    quiet: Iterable[Any] = ()
    if country is not None and country not in known:
        exercise = snapshot.operation.exercise
        quiet = await tx.run(statements.QUIET_HOURS, countries=[country], exercise=exercise)
    made = checked.proposed(point, country)
    action = replace(made.action, owner_id=owner_id or "")
    return replace(
        made,
        action=action,
        quiet_hours=tuple(read_quiet(row) for row in quiet),
        claims=await claims_near(tx, replace(snapshot, actions=(action,))),
    )


async def _place(tx: Tx, action: Row) -> tuple[read.Point | None, str | None]:
    """Give point and host country as they would be filled in: from the compound, then from the point."""
    point, named, kept = action.get("location"), action.get("country"), None
    if action.get("compound") is not None:
        site = await tx.single(statements.COMPOUND, compound=action["compound"])
        if site is None:
            raise NotFound(
                say("There is no compound {compound}.", compound=action["compound"]),
                field=f"{PATH}.compoundId",
                value=action["compound"],
                remedy=say("give the id of a compound"),
            )
        found = point_of(site["point"])
        here = None if found is None else GeoPoint(*found)
        point = here if point is None else point
        if point == here and site["country"] is not None:
            kept = reference_id("Country", site["country"])
    if point is None:
        return None, None if named is None else _code(named)
    country, _, problem = country_of(point, named, kept)
    if problem is not None:
        raise invalid([replace(problem, field=f"{PATH}.country")])
    return (point.longitude, point.latitude), None if country is None else _code(country)


def _code(country_id: str) -> str:
    return country_id.rpartition("_")[2].upper()


class _Checked:
    """The rows of a description, each checked by its noun; `problems` are all that is wrong."""

    def __init__(self, described: DescribedAction, snapshot: read.Snapshot) -> None:
        self.problems: list[Problem] = []
        self._snapshot = snapshot
        self._id, self._action_ids = mint(ACTION.name), {action.id for action in snapshot.actions}
        operation = snapshot.operation
        frame = {"window_start": instant_text(operation.start), "window_end": instant_text(operation.end)}
        given = {name: value for name, value in described.row.items() if value is not None}
        row = {"name": "New action", **frame, **given, "operation": operation.id}
        self.action = self._row(ACTION, row, PATH)
        self._check_frame()
        self._few(described.modes, "modes")
        if not described.modes:
            self._wrong("modes", [], say("there are none"), say("give at least one way to do it"))
        self._modes = [self._mode(mode, number) for number, mode in enumerate(described.modes)]
        self._warrants = [
            self._row(WARRANT, {**each, "reference": "described", "action": self._id}, f"{PATH}.warrants[{number}]")
            for number, each in enumerate(self._few(described.warrants, "warrants"))
        ]
        self._follows = self._ties(described.follows, "follows")
        self._precedes = self._ties(described.precedes, "precedes")

    def proposed(self, point: read.Point | None, country: str | None) -> Proposed:
        """Give all of it as it would be read."""
        action = self.action
        unit_needs: list[read.ReadUnitNeed] = []
        resource_needs: list[read.ReadResourceNeed] = []
        modes: list[read.ReadMode] = []
        for mode, units, resources in self._modes:
            mode_id = mint(ACTION_MODE.name)
            modes.append(read.ReadMode(mode_id, 1, mode["name"], self._id, mode["duration_minutes"], mode["cost"]))
            for need in units:
                languages = tuple(sorted(need.get("languages") or ()))
                kind, type_, count = need["unit_kind"], need["unit_type"], need["count"]
                unit_needs.append(read.ReadUnitNeed(mint(UNIT_NEED.name), 1, mode_id, kind, type_, count, languages))
            for need in resources:
                kind, language, amount = need["resource_kind"], need.get("language"), need["amount"]
                after, held = need["after_start_minutes"], need["held_minutes"]
                resource_needs.append(
                    read.ReadResourceNeed(mint(RESOURCE_NEED.name), 1, mode_id, kind, language, amount, after, held)
                )
        return Proposed(
            read.ReadAction(
                id=self._id,
                version=1,
                name=action["name"],
                kind=action["kind"],
                state="DRAFT",
                point=point,
                country=country,
                window_start=instant_from_text(action["window_start"]),
                window_end=instant_from_text(action["window_end"]),
                due=None if action.get("due") is None else instant_from_text(action["due"]),
                priority=action["priority"],
                mandatory=action["mandatory"],
                expected_victims=action["expected_victims"],
                group_id=action.get("group"),
            ),
            tuple(modes),
            tuple(unit_needs),
            tuple(resource_needs),
            tuple(
                read.ReadWarrant(
                    mint(WARRANT.name), 1, self._id, instant_from_text(each["start"]), instant_from_text(each["end"])
                )
                for each in self._warrants
            ),
            (
                *(self._tie(each, each["action"], self._id) for each in self._follows),
                *(self._tie(each, self._id, each["action"]) for each in self._precedes),
            ),
        )

    def _row(self, noun: Noun, given: Row, path: str) -> Row:
        stored, problems = check_row(noun, given, path=path)
        fields = {each.name: property_field(each) for each in noun.properties}
        fields |= {each.name: f"{camel(each.name)}Id" for each in noun.relations if each.name != "country"}
        self.problems += [replace(each, field=f"{path}.{fields.get(each.name, camel(each.name))}") for each in problems]
        defaults = {each.name: each.default for each in noun.properties if each.default is not None}
        return {**defaults, **{name: value for name, value in stored.items() if value is not None}}

    def _mode(self, mode: DescribedMode, number: int) -> tuple[Row, list[Row], list[Row]]:
        path = f"{PATH}.modes[{number}]"
        own = {"name": f"Mode {number + 1}"}
        row = self._row(ACTION_MODE, {**own, **_given(mode.row), "action": self._id}, path)
        of_mode = {"mode": mint(ACTION_MODE.name)}
        units, resources = [
            [
                self._row(noun, {**_given(each), **of_mode}, f"{path}.{field}[{place}]")
                for place, each in enumerate(self._few(needs, f"modes[{number}].{field}"))
            ]
            for noun, needs, field in (
                (UNIT_NEED, mode.unit_needs, "unitNeeds"),
                (RESOURCE_NEED, mode.resource_needs, "resourceNeeds"),
            )
        ]
        return row, units, resources

    def _ties(self, ties: Sequence[Row], field: str) -> list[Row]:
        found: list[Row] = []
        for number, each in enumerate(self._few(ties, field)):
            if each["action"] not in self._action_ids:
                self._wrong(
                    f"{field}[{number}].actionId",
                    each["action"],
                    say("no action of the operation in play has that id"),
                    say("give the id of an action of the plan's operation"),
                )
                continue
            lags = {name: value for name, value in _given(each).items() if name != "action"}
            both = {"before": each["action"], "after": self._id}
            found.append({**self._row(PRECEDENCE, {**lags, **both}, f"{PATH}.{field}[{number}]"), **each})
        return found

    def _tie(self, row: Row, before_id: str, after_id: str) -> read.ReadPrecedence:
        names = {action.id: action.name for action in self._snapshot.actions} | {self._id: self.action["name"]}
        least = row["min_lag_minutes"] or 0
        return read.ReadPrecedence(
            mint(PRECEDENCE.name), 1, before_id, after_id, names[before_id], "DRAFT", least, row.get("max_lag_minutes")
        )

    def _check_frame(self) -> None:
        group = self.action.get("group")
        if group is not None and group not in {each.id for each in self._snapshot.groups}:
            self._wrong(
                "groupId",
                group,
                say("the operation has no such group"),
                say("give the id of a simultaneity group of the plan's operation"),
            )

    def _few(self, parts: Sequence[Any], field: str) -> Sequence[Any]:
        if len(parts) > MOST_PARTS:
            self._wrong(
                field,
                len(parts),
                say("{count:,} are too many", count=len(parts)),
                say("give at most {most:,}", most=MOST_PARTS),
            )
            return ()
        return parts

    def _wrong(self, field: str, value: Any, message: Any, remedy: Any) -> None:
        self.problems.append(Problem(f"{PATH}.{field}", value, message, remedy, field))


def _given(row: Row) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}


def refuse_both_or_none(action_id: str | None, described: DescribedAction | None) -> None:
    """Refuse a question about no action, or about two.

    Raises
    ------
    Invalid
        When not exactly one of them is given.
    """
    if (action_id is None) == (described is None):
        what = say("neither is given") if action_id is None else say("both are given")
        raise Invalid(
            say("actionId, action: {what}.", what=what),
            field="actionId",
            value=action_id,
            remedy=say("name an action of the operation as actionId, or describe a new one as action"),
        )
