"""`changes`: the feed of changes as a query, page by page, for callers that hold no socket.

A place in the feed is sealed in a cursor with the instant at which it was given. One that is older than it may be, or
ahead of what the graph holds (which was restored from a copy, then), is refused with RESYNC_REQUIRED: the caller reads
everything anew and goes on from there.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import strawberry
from graphql import GraphQLSchema
from strawberry.types.field import StrawberryField

from opsplan.calls.context import Context
from opsplan.events.broadcast import ResyncRequired
from opsplan.reading.cursors import CursorKey
from opsplan.reading.names import camel, property_field
from opsplan.reading.reads import reads_of
from opsplan.reading.telling import happened_for
from opsplan.reading.types.making import argument, many, maybe, new_type, output, put_fields
from opsplan.reading.types.scalars import DateTimeText
from opsplan.records.declaration import Catalogue, Noun
from opsplan.records.feed import Happened, last_number
from opsplan.vocabulary.clock import instant_from_text, instant_text
from opsplan.vocabulary.errors import Invalid
from opsplan.vocabulary.sentences import Sentence, say

CURSOR_DAYS = 30
"""For how long a cursor of the feed is good."""
MOST_CHANGES = 1_000
"""Changes of one page."""
USUAL_CHANGES = 100

_FIELD = "changes"
_CHANGE = "FeedChange"
_PAGE = "FeedPage"
_END_OF_COMMIT = 2**31 - 1


def seal_place(cursors: CursorKey, context: Context, number: int, ordinal: int) -> str:
    """Make the cursor of a place in the feed, for this caller, as of now."""
    return cursors.seal([number, ordinal, instant_text(context.surroundings.clock())], _bound_to(context))


async def open_place(cursors: CursorKey, context: Context, cursor: str, field: str = "after") -> tuple[int, int]:
    """Give the place that a cursor of the feed holds: the number of a commit, the ordinal in it.

    Raises
    ------
    ResyncRequired
        When it is too old, or ahead of what there is.
    Invalid
        When it is no cursor of the feed, or another caller's.
    """
    try:
        number, ordinal, given_at = cursors.open(cursor, _bound_to(context), field=field)
    except ValueError as other:
        raise _no_cursor(cursor, field) from other
    except Invalid as forged:
        raise _no_cursor(cursor, field) from forged
    now = context.surroundings.clock()
    if now - instant_from_text(given_at) > timedelta(days=CURSOR_DAYS):
        raise _resync(
            field,
            cursor,
            say("it was given at {given_at}, and is good for {days} days", given_at=given_at, days=CURSOR_DAYS),
        )
    if number > await last_number(context.graph):
        raise _resync(field, cursor, say("it is ahead of what the service holds, which was restored from a copy"))
    return int(number), int(ordinal)


def _no_cursor(cursor: str, field: str) -> Invalid:
    return Invalid(
        say("{field}: this is no cursor that the feed has given to you.", field=field),
        field=field,
        value=cursor[:80] or None,
        remedy=say(
            "give one that came with `changes` or a subscription for the same agency and subject; or "
            "begin anew, with `changes` without `after`"
        ),
    )


def _resync(field: str, cursor: str, why: Sentence) -> ResyncRequired:
    return ResyncRequired(
        say("{field}: the feed cannot go on from this cursor: {why}.", field=field, why=why),
        field=field,
        value=cursor[:80],
        remedy=say(
            "take a new cursor (`changes` without `after`), then read everything anew, then go on from that cursor"
        ),
        days=CURSOR_DAYS,
    )


def _bound_to(context: Context) -> list[bytes]:
    actor = context.actor
    return [b"feed", (actor.agency_id or "").encode(), actor.subject.encode()]


def change_fields(nouns: Any, kinds: Any, *behind_the_id: StrawberryField) -> list[StrawberryField]:
    """Give the fields of a type of changes, of the enums of nouns and of kinds of changes; `bind_change` answers them.

    `behind_the_id` are what one type has more, behind the record's id.
    """
    return [
        output("cursor", str, "The place of this change, to go on behind it with `after`."),
        output("at", DateTimeText, "When."),
        output("kind", kinds, "What happened."),
        output("noun", nouns, "What kind of record it is."),
        output("recordId", strawberry.ID, "Which record."),
        *behind_the_id,
        output("fields", list[str], "Which of its fields are other than before."),
        output("by", str, "Who did it."),
        output("agencyId", strawberry.ID, "For which agency.", nullable=True),
        output("reason", str, "Why, where that was said.", nullable=True),
    ]


def feed_query(nouns: Any, kinds: Any) -> type:
    """Make the Strawberry type that has the query as its field, of the enums of nouns and of kinds of changes."""
    change = new_type(_CHANGE, "Something that happened to a record. Read the record by `nodes(ids: …)`.")
    put_fields(change, change_fields(nouns, kinds))
    page = new_type(_PAGE, "A page of the feed.")
    put_fields(
        page,
        [
            output("changes", many(change), "What happened, in the order of the commits."),
            output("endCursor", str, f"Where the feed goes on; good for {CURSOR_DAYS} days."),
            output("hasMore", bool, "Whether more has happened already; ask for it at once."),
        ],
    )
    made: type = new_type("FeedQuery", "What happened.")
    put_fields(
        made,
        [
            output(
                _FIELD,
                page,
                "What has happened to records behind a cursor, in the order of the commits: nothing is missing and "
                "nothing comes twice. Without `after`, the cursor of now and no changes: take it before you read "
                "everything, and go on from it.",
                [
                    argument("after", str | None, "Begin behind the place of this cursor."),
                    argument("first", int | None, f"At most {MOST_CHANGES}; {USUAL_CHANGES} when left out."),
                    argument("nouns", maybe(many(nouns)), "Only of these kinds; all, when left out."),
                ],
            )
        ],
    )
    return made


def bind_feed(schema: GraphQLSchema, catalogue: Catalogue, cursors: CursorKey) -> None:
    """Let the query be answered from the feed."""
    assert schema.query_type is not None

    async def answer(_: Any, info: Any, **arguments: Any) -> Mapping[str, Any]:
        return await _page(schema, info.context, catalogue, cursors, arguments)

    schema.query_type.fields[_FIELD].resolve = answer
    page: Any = schema.type_map[_PAGE]
    for name in ("changes", "endCursor", "hasMore"):
        page.fields[name].resolve = _member(name)
    bind_change(schema, _CHANGE, catalogue, cursors)


def bind_change(schema: GraphQLSchema, type_name: str, catalogue: Catalogue, cursors: CursorKey) -> None:
    """Let the fields of a type of changes be answered from what happened."""
    change: Any = schema.type_map[type_name]
    tellers: dict[str, Any] = {
        "cursor": lambda one, info: seal_place(cursors, info.context, one.number, one.ordinal),
        "at": lambda one, _: one.at,
        "kind": lambda one, _: one.kind,
        "noun": lambda one, _: one.noun,
        "recordId": lambda one, _: one.record_id,
        "fields": lambda one, _: _field_names(catalogue[one.noun], one.names),
        "by": lambda one, _: one.actor,
        "agencyId": lambda one, _: one.agency_id,
        "reason": lambda one, _: one.reason,
    }
    for name, tell in tellers.items():
        change.fields[name].resolve = tell


def _member(name: str) -> Any:
    return lambda page, _info, **_arguments: page[name]


async def _page(
    schema: GraphQLSchema, context: Context, catalogue: Catalogue, cursors: CursorKey, arguments: Mapping[str, Any]
) -> Mapping[str, Any]:
    first = _wanted(arguments.get("first"))
    asked = arguments.get("nouns")
    nouns = None if not asked else frozenset(getattr(each, "name", each) for each in asked)
    if arguments.get("after") is None:
        place = (await last_number(context.graph), _END_OF_COMMIT)
        return {"changes": [], "endCursor": seal_place(cursors, context, *place), "hasMore": False}
    place = await open_place(cursors, context, arguments["after"])
    # All up to here is looked through below, whatever of it may be told: the next page need not begin before it.
    last = await last_number(context.graph)
    policy = reads_of(schema).ground.policy
    found = await happened_for(policy, catalogue, place, first + 1, context, nouns=nouns, last=last)
    if len(found) > first:
        found = found[:first]
        return _made(cursors, context, found, (found[-1].number, found[-1].ordinal), has_more=True)
    end = max(place, (last, _END_OF_COMMIT), *((each.number, each.ordinal) for each in found[-1:]))
    return _made(cursors, context, found, end, has_more=False)


def _made(
    cursors: CursorKey, context: Context, found: list[Happened], place: tuple[int, int], *, has_more: bool
) -> Mapping[str, Any]:
    return {"changes": found, "endCursor": seal_place(cursors, context, *place), "hasMore": has_more}


def _wanted(first: int | None) -> int:
    if first is None:
        return USUAL_CHANGES
    if not 0 < first <= MOST_CHANGES:
        raise Invalid(
            say("first: {first:,} is out of range.", first=first),
            field="first",
            value=first,
            remedy=say("ask for 1 to {most_changes:,}", most_changes=MOST_CHANGES),
        )
    return first


def _field_names(noun: Noun, names: tuple[str, ...]) -> list[str]:
    declared = {each.name: property_field(each) for each in noun.all_properties}
    return [declared.get(name, camel(name)) for name in names]
