"""`recordChanged` and `operationChanged`: what happens to records, in the order in which it was committed."""

from collections.abc import AsyncGenerator, Iterable, Mapping
from typing import Any

import strawberry
from graphql import GraphQLSchema

from opsplan.calls.context import Context
from opsplan.events.broadcast import Happened
from opsplan.operations.service import belonging_to, nouns_belonging, refuse_no_operation
from opsplan.reading.complete.marker import StoredRecord
from opsplan.reading.cursors import CursorKey
from opsplan.reading.reads import reads_of
from opsplan.reading.telling import told
from opsplan.reading.types.enums import made_enum
from opsplan.reading.types.making import argument, many, maybe, new_type, output, put_fields
from opsplan.records.declaration import Catalogue
from opsplan.records.writing import ChangeKind
from opsplan.vocabulary.errors import Invalid
from opsplan.vocabulary.sentences import say
from opsplan.web.feed import bind_change, change_fields, open_place
from opsplan.web.unseen import filters_itself

_FIELD = "recordChanged"
_OF_OPERATION = "operationChanged"
_CHANGE = "RecordChange"
_MOST_IDS = 1_000
_KINDS = {
    ChangeKind.CREATED: "It was entered.",
    ChangeKind.CHANGED: "Values or references are other than before.",
    ChangeKind.RETIRED: "It went out of force.",
    ChangeKind.RESTORED: "It came back into force.",
    ChangeKind.MERGED: "It was merged into another.",
    ChangeKind.REMOVED: "It was removed for good (EXERCISE data only).",
    ChangeKind.STATE: "It moved along its state machine.",
}


def change_enums(catalogue: Catalogue) -> tuple[Any, Any]:
    """Make the enums of what changes tell of: kinds of records, and what happens to them."""
    nouns = made_enum(
        "RecordNoun", {noun.name: noun.description for noun in catalogue if not noun.system}, "A kind of record."
    )
    kinds = made_enum(
        "RecordChangeKind", {str(kind): words for kind, words in _KINDS.items()}, "What happened to a record."
    )
    return nouns, kinds


def subscription_type(objects: Mapping[str, Any], nouns: Any, kinds: Any) -> type:
    """Make the Strawberry type that has the subscriptions as its fields.

    Parameters
    ----------
    objects
        The reading room's object types and interfaces, by name.
    nouns, kinds
        Of `change_enums`.
    """
    change = new_type(_CHANGE, "Something that happened to a record.")
    record = output(
        "record", objects["Record"], "The record as it stands now; null when it was removed.", nullable=True
    )
    put_fields(change, change_fields(nouns, kinds, record))
    made: type = new_type("RecordSubscriptions", "What happens.")
    put_fields(
        made,
        [
            output(
                _FIELD,
                change,
                "Tells what happens to records from now on, or behind a cursor, in the order of the commits: nothing "
                "is missing and nothing comes twice.",
                [
                    argument("nouns", maybe(many(nouns)), "Only of these kinds; all, when left out."),
                    argument("ids", list[strawberry.ID] | None, f"Only of these records, at most {_MOST_IDS}."),
                    argument("after", str | None, "Begin behind the change with this cursor."),
                ],
            ),
            output(
                _OF_OPERATION,
                change,
                "Tells what happens to an operation and to all that belongs to it (actions, participants, offers, "
                "plans, approvals, breaches, comments), as `recordChanged` does.",
                [
                    argument("operationId", strawberry.ID, "Which operation."),
                    argument("nouns", maybe(many(nouns)), "Only of these kinds; all, when left out."),
                    argument("after", str | None, "Begin behind the change with this cursor."),
                ],
            ),
        ],
    )
    return made


def bind_subscription(schema: GraphQLSchema, catalogue: Catalogue, cursors: CursorKey) -> None:
    """Let the subscription be fed from the broadcast, and its answer from what happened."""
    assert schema.subscription_type is not None

    async def source(_: Any, info: Any, **arguments: Any) -> AsyncGenerator[Happened, None]:
        policy = reads_of(schema).ground.policy
        async for news in _commits(info.context, arguments, cursors, catalogue):
            for happened in await told(policy, catalogue, news, info.context):
                yield happened

    for name in (_FIELD, _OF_OPERATION):
        field = schema.subscription_type.fields[name]
        field.subscribe = source
        field.resolve = lambda happened, _info, **_arguments: happened
        filters_itself(field)
    bind_change(schema, _CHANGE, catalogue, cursors)
    change: Any = schema.type_map[_CHANGE]
    change.fields["record"].resolve = lambda one, _: StoredRecord(one.noun, one.record_id)


async def _commits(
    context: Context, arguments: Mapping[str, Any], cursors: CursorKey, catalogue: Catalogue
) -> AsyncGenerator[list[Happened], None]:
    """Give what is asked for, of all commits at once that are there: who may hear of them is one question then."""
    asked = arguments.get("nouns")
    nouns = frozenset(getattr(each, "name", each) for each in asked) if asked else _all_nouns(catalogue)
    ids = frozenset(arguments.get("ids") or ())
    if len(ids) > _MOST_IDS:
        raise Invalid(
            say("ids: {count:,} are too many for one subscription.", count=len(ids)),
            field="ids",
            value=len(ids),
            remedy=say("give at most {most_ids}, or none and choose yourself", most_ids=_MOST_IDS),
        )
    operation_id: str | None = arguments.get("operationId")
    if operation_id is not None:
        await refuse_no_operation(context.graph, operation_id)
        nouns &= nouns_belonging(catalogue)
    number, ordinal = None, -1
    if arguments.get("after") is not None:
        number, ordinal = await open_place(cursors, context, arguments["after"])
    # A place is a change, not a commit: the commit is read again, and what was told of it is passed over.
    first = None if number is None else number - 1
    async for commits in context.surroundings.broadcast.listen_together(first):
        wanted = [
            one
            for commit in commits
            for one in commit
            if (number is None or (one.number, one.ordinal) > (number, ordinal))
            and one.noun in nouns
            and (not ids or one.record_id in ids)
        ]
        if operation_id is not None and wanted:
            belonging = await _belonging(context, catalogue, operation_id, wanted)
            wanted = [one for one in wanted if one.record_id in belonging]
        if wanted:
            yield wanted


def _all_nouns(catalogue: Catalogue) -> frozenset[str]:
    return frozenset(noun.name for noun in catalogue)


async def _belonging(
    context: Context, catalogue: Catalogue, operation_id: str, happened: Iterable[Happened]
) -> set[str]:
    """Give those of the records that belong to the operation: one statement for a commit, however large it is."""
    return await belonging_to(context.graph, catalogue, operation_id, sorted({one.record_id for one in happened}))
