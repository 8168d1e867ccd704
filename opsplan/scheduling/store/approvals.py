"""Approvals in the graph: the parts that a plan asks hosts to approve, and what their authorities said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opsplan.graph.transaction import Tx
from opsplan.records.writing import ChangeKind, Writing
from opsplan.scheduling.consent.parts import BindingGroup, PlannedPart, SentUnit, fingerprint
from opsplan.scheduling.model import APPROVAL, ApprovalState
from opsplan.scheduling.store import approval_statements as statements
from opsplan.scheduling.store.rows import point_of
from opsplan.vocabulary.clock import instant_from_text
from opsplan.vocabulary.errors import NotFound
from opsplan.vocabulary.ids import mint
from opsplan.vocabulary.sentences import say


@dataclass(frozen=True, slots=True)
class StoredApproval:
    """What an authority was asked and has said of its part of a plan."""

    id: str
    plan_id: str
    operation_id: str
    country: str
    authority_id: str
    authority: str
    properties: Mapping[str, Any]

    @property
    def state(self) -> ApprovalState:
        """What it has said."""
        return ApprovalState(self.properties["state"])

    @property
    def document(self) -> str:
        """The part, as canonical JSON."""
        return str(self.properties["document"])

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the document."""
        return str(self.properties["fingerprint"])


@dataclass(frozen=True, slots=True)
class NewApproval:
    """A part that an authority is asked for; with what it had approved before, if that is the same."""

    country: str
    authority_id: str
    document: str
    values: Mapping[str, Any]
    carried_from: str | None = None


async def read_part_rows(tx: Tx, plan_id: str) -> list[PlannedPart]:
    """Read all placed actions of a plan, as their authorities must know them."""
    return [
        PlannedPart(
            action_id=row["action_id"],
            name=row["name"],
            kind=row["kind"],
            point=point_of(row["point"]),
            country=row["country"],
            mode_id=row["mode_id"],
            mode=row["mode"],
            start=instant_from_text(row["start"]),
            end=instant_from_text(row["end"]),
            group_id=row["group_id"],
            units=tuple(SentUnit(*unit) for unit in row["units"]),
        )
        for row in await tx.run(statements.PART_ROWS, plan=plan_id)
    ]


async def read_groups(tx: Tx, operation_id: str) -> list[BindingGroup]:
    """Read the operation's groups in force."""
    return [BindingGroup(**row) for row in await tx.run(statements.GROUPS, operation=operation_id)]


async def authorities_of(tx: Tx, operation_id: str) -> dict[str, dict[str, str]]:
    """Give, by the country of each host that has accepted, the codes of its approving authorities by their ids."""
    found: dict[str, dict[str, str]] = {}
    for row in await tx.run(statements.AUTHORITIES, operation=operation_id):
        found.setdefault(row["country"], {})[row["authority_id"]] = row["authority"]
    return found


async def published_plans_of_participants(tx: Tx, participant_ids: Iterable[str]) -> list[tuple[str, str]]:
    """Give the published plans of the operations that participants are of, each with the operation."""
    rows = await tx.run(statements.PUBLISHED_OF_PARTICIPANTS, ids=sorted(set(participant_ids)))
    return [(row["plan_id"], row["operation_id"]) for row in rows]


async def approvals_of(tx: Tx, plan_id: str) -> list[StoredApproval]:
    """Read what a plan asks for, and what was said to it; by country. Of each authority, one."""
    return [_stored(row) for row in await tx.run(statements.APPROVALS_OF_PLAN, plan=plan_id)]


async def read_approval(tx: Tx, approval_id: str) -> StoredApproval:
    """Read one.

    Raises
    ------
    NotFound
        When there is none of that id.
    """
    row = await tx.single(statements.APPROVAL, id=approval_id)
    if row is None:
        raise NotFound(
            say("There is no approval {approval_id}.", approval_id=approval_id),
            field="input.approvalId",
            value=approval_id,
            remedy=say("give the id of one, as `approvals` lists them"),
        )
    return _stored(row)


async def approvals_in_force(tx: Tx, operation_id: str, fingerprints: Iterable[str]) -> list[StoredApproval]:
    """Give the approvals of parts of these fingerprints, for any plan of the operation; the first given first.

    A fingerprint is of one authority's part alone: its document names the authority.
    """
    wanted = sorted(set(fingerprints))
    rows = await tx.run(statements.APPROVALS_IN_FORCE, operation=operation_id, fingerprints=wanted)
    return sorted(map(_stored, rows), key=lambda each: (each.properties["answered_at"], each.id))


async def standing_approvals(tx: Tx, operation_id: str, fingerprints: Iterable[str]) -> dict[str, StoredApproval]:
    """Give, by fingerprint, the approval that was given first: what later ones rest on as well."""
    found: dict[str, StoredApproval] = {}
    for approval in await approvals_in_force(tx, operation_id, fingerprints):
        found.setdefault(approval.fingerprint, approval)
    return found


async def signed_of(tx: Tx, plan_id: str) -> list[dict[str, Any]]:
    """Give a plan's approvals with the keys that signed them, whether these are still in force or not."""
    return [dict(row) for row in await tx.run(statements.SIGNED, plan=plan_id)]


async def create_approvals(
    writing: Writing, plan_id: str, owner_id: str, new: Sequence[NewApproval], *, exercise: bool
) -> None:
    """Ask authorities for their parts of a plan; the caller holds the plan's lock."""
    standard = writing.standard_of_made(owner_id, exercise=exercise)
    rows: list[dict[str, Any]] = []
    for each in new:
        approval_id = mint(APPROVAL.name)
        values = {**each.values, "document": each.document, "fingerprint": fingerprint(each.document)}
        rows.append(
            {
                "country": each.country,
                "authority_id": each.authority_id,
                "carried_from": [] if each.carried_from is None else [each.carried_from],
                "properties": {**values, **standard, "id": approval_id},
            }
        )
        told = {**values, "plan": plan_id, "country": each.country, "authority": each.authority_id}
        writing.note(approval_id, APPROVAL.name, ChangeKind.CREATED, None, told)
    made = await writing.tx.single(statements.CREATE_APPROVALS, plan=plan_id, rows=rows)
    assert made is not None
    assert made["ties"] == 2 * len(rows), "each is tied to its country and authority"


async def change_approval(
    writing: Writing,
    approval: StoredApproval,
    values: Mapping[str, Any],
    *,
    refused: Iterable[str] | None = (),
    reason: str | None = None,
) -> None:
    """Set values of an approval, and note it in the history; None removes one.

    `refused` are the actions that it refuses from then on; None leaves them as they are.
    """
    before = {name: approval.properties.get(name) for name in values}
    stamp = {"changed_at": writing.now, "changed_by": writing.actor.subject}
    await writing.tx.run(
        statements.CHANGE_APPROVAL,
        id=approval.id,
        properties={**values, **stamp},
        refused=None if refused is None else sorted(refused),
    )
    writing.note(approval.id, APPROVAL.name, ChangeKind.STATE, before, dict(values), reason=reason)


def _stored(row: Mapping[str, Any]) -> StoredApproval:
    return StoredApproval(
        row["properties"]["id"],
        row["plan_id"],
        row["operation_id"],
        row["country"],
        row["authority_id"],
        row["authority"],
        row["properties"],
    )
