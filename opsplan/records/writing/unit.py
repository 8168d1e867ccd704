"""One transaction's unit of work: who acts, when, what is known of the records met, and what has been changed.

The verbs (`create`, `change`, `retire`, …) are functions over it, each in a file of its name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from opsplan.graph.transaction import Tx
from opsplan.records.declaration import Noun
from opsplan.records.laws import Laws
from opsplan.records.values import canonical_json
from opsplan.vocabulary.actor import Actor, Role
from opsplan.vocabulary.errors import Forbidden
from opsplan.vocabulary.ids import mint
from opsplan.vocabulary.marking import Marking
from opsplan.vocabulary.sentences import Sentence, say

BATCH_ROWS = 2_000
"""Rows per statement: large enough that round trips do not count, small enough for the server's memory."""

_WRITERS = frozenset({Role.PLANNER, Role.COORDINATOR, Role.ADMINISTRATOR})
_WHO_BINDS_OTHERS = _WRITERS - {Role.PLANNER}


class ChangeKind(StrEnum):
    """What happened to a record."""

    CREATED = "CREATED"
    CHANGED = "CHANGED"
    RETIRED = "RETIRED"
    RESTORED = "RESTORED"
    MERGED = "MERGED"
    REMOVED = "REMOVED"
    STATE = "STATE"


@dataclass(slots=True)
class Known:
    """What a unit of work knows of a record it met: where it stands, whose it is, whether it is in force."""

    handle: str
    record_id: str
    noun: str
    owner_id: str | None
    exercise: bool | None
    retired_at: str | None
    coordinators: frozenset[str] | None = None

    @property
    def is_reference(self) -> bool:
        """Whether it is reference data, which belongs to nobody and to both worlds."""
        return self.owner_id is None


@dataclass(slots=True)
class Unit:
    """The state of one write.

    Attributes
    ----------
    tx, actor, now, laws
        The transaction, who acts, the instant as stored text, the catalogue and rules.
    commit_id
        Id of the commit that all changes of this write belong to.
    changes
        The change records, in order.
    known
        Records met, by id.
    keys
        Ids found for keys and external ids, by (noun, owner, text).
    required
        Ids of records that what was written cannot be without; they must be in force when it commits.
    retired
        Ids of records retired, by noun.
    touched
        Ids of records created or changed, by noun: for the rules over the graph.
    seen
        Keys by which the caller shows what else it has seen (`Noun.committed_with_keys`).
    exigent
        Why it cannot wait for keys that are missing, where the caller says so.
    left
        What one consequence of the write leaves for those that follow, by the capability's own name for it.
    """

    tx: Tx
    actor: Actor
    now: str
    laws: Laws
    commit_id: str = field(default_factory=lambda: mint("Commit"))
    changes: list[dict[str, Any]] = field(default_factory=list)
    known: dict[str, Known] = field(default_factory=dict)
    keys: dict[tuple[str, str, str], str] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)
    retired: dict[str, list[str]] = field(default_factory=dict)
    touched: dict[str, list[str]] = field(default_factory=dict)
    seen: frozenset[str] = frozenset()
    exigent: str | None = None
    left: dict[str, Any] = field(default_factory=dict)

    def readable(self, noun: Noun, node: str) -> str | None:
        """Give the Cypher condition under which the actor may know of ``node``; None where all records are open.

        It takes the parameters of `reader_of`.
        """
        predicate = self.laws.readership.predicate(self.actor, noun)
        return None if predicate is None else f"coalesce({predicate.replace('{node}', node)}, false)"

    def reader_of(self, noun: Noun) -> dict[str, Any]:
        """Give the parameters of a statement with the condition of `readable` in it."""
        is_open = self.laws.readership.predicate(self.actor, noun) is None
        return {} if is_open else {"reader": self.laws.readership.parameters(self.actor)}

    def note(
        self,
        record_id: str,
        noun_name: str,
        kind: ChangeKind | str,
        before: Any,
        after: Any,
        *,
        reason: str | None = None,
    ) -> None:
        """Add a change record: `before` and `after` are JSON values of what changed, or None.

        The verbs do it themselves. Call it for a statement of your own (nouns that the service makes).
        """
        self.changes.append(
            {
                "record_id": record_id,
                "noun": noun_name,
                "kind": str(ChangeKind(kind)),
                "before": None if before is None else canonical_json(before),
                "after": None if after is None else canonical_json(after),
                "reason": reason,
            }
        )

    def changed(
        self,
        noun: Noun,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
        *,
        beside: Mapping[str, Any] = MappingProxyType({}),
        reason: str | None = None,
    ) -> list[dict[str, Any]]:
        """Give the row that makes a record what it is to be, and note it; none where it is so.

        It is for nouns that the service makes: ``id`` and ``properties`` for a statement of your own. `before` are the
        record's stored properties, `after` some of what they are to be; `beside` is written with them and never told.
        """
        other = {name: value for name, value in after.items() if before.get(name) != value}
        if not other:
            return []
        kind = ChangeKind.STATE if "state" in other else ChangeKind.CHANGED
        self.note(before["id"], noun.name, kind, {name: before.get(name) for name in other}, other, reason=reason)
        stamp = {"changed_at": self.now, "changed_by": self.actor.subject}
        return [{"id": before["id"], "properties": {**other, **beside, **stamp}}]

    def standard_of_new(self, owner_id: str, *, exercise: bool) -> dict[str, Any]:
        """Give the standard properties of a record that this write makes, but for its id and marking."""
        return {
            "owner_id": owner_id,
            "version": 1,
            "exercise": exercise,
            "created_at": self.now,
            "created_by": self.actor.subject,
            "changed_at": self.now,
            "changed_by": self.actor.subject,
        }

    def standard_of_made(self, owner_id: str, *, exercise: bool) -> dict[str, Any]:
        """As `standard_of_new`, with the marking of what no caller enters but the service makes."""
        return {**self.standard_of_new(owner_id, exercise=exercise), "marking": Marking.TLP_AMBER.name}

    def may_write(self, noun: Noun) -> None:
        """Refuse an actor who may only read, and one who only plans where records of the noun stop others.

        Raises
        ------
        Forbidden
            When none of the actor's roles may change such records.
        """
        if noun.binds_others and not self.actor.roles & _WHO_BINDS_OTHERS:
            raise Forbidden(
                say(
                    "{noun} records stop what others plan; writing one needs the role COORDINATOR or ADMINISTRATOR.",
                    noun=noun.name,
                ),
                remedy=say("have a coordinator of your agency enter it"),
            )
        if not self.actor.roles & _WRITERS:
            raise Forbidden(
                say("Your token may read only; changing records needs the role PLANNER, COORDINATOR or ADMINISTRATOR."),
                remedy=say("ask your agency's administrator for a token with that role"),
            )

    def must_administer(self, doing: Sentence) -> None:
        """Refuse whoever is no administrator; `doing` says what only one may do.

        Raises
        ------
        Forbidden
            When the actor is none.
        """
        if not self.actor.is_administrator:
            raise Forbidden(
                say("Only an administrator may {doing}.", doing=doing), remedy=say("ask an administrator to do it")
            )

    def may_write_for(self, owner_id: str | None, noun: Noun, record_id: str | None = None) -> None:
        """Refuse an actor of another agency than the owner.

        Raises
        ------
        Forbidden
            When the actor is neither of the owning agency nor an administrator.
        """
        if self.actor.is_administrator or (owner_id is not None and owner_id == self.actor.agency_id):
            return
        what = (
            say("this {noun_name}", noun_name=noun.name)
            if record_id is None
            else say("{noun_name} {record_id}", noun_name=noun.name, record_id=record_id)
        )
        raise Forbidden(
            say("Only the agency that owns {what} may change it.", what=what),
            field="id" if record_id else "owner",
            value=record_id or owner_id,
            remedy=say("ask its owner, or act for that agency"),
            owner_id=owner_id,
        )
