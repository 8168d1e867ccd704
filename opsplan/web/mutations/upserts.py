"""`upsertXs` for every noun that users enter: up to a thousand records by external id, with an answer for each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any

import strawberry

from opsplan.access.rules import Verb, require
from opsplan.calls.context import Context
from opsplan.calls.exigent import exigent_reason
from opsplan.calls.plain import plain
from opsplan.calls.refusals import Refusal, payload, refusal_of
from opsplan.calls.repeating import idempotency_key
from opsplan.reading.complete.marker import StoredRecords
from opsplan.reading.names import plural_field
from opsplan.reading.types.enums import enum_of
from opsplan.reading.types.making import input_field, many, new_input, put_fields
from opsplan.records.check import check_row
from opsplan.records.declaration import Catalogue, Noun
from opsplan.records.problem import Problem, invalid
from opsplan.records.writing.items import MOST_ITEMS, AfterCreate, Item, ItemOutcome, upsert_items
from opsplan.vocabulary.errors import Invalid, OpsplanError
from opsplan.vocabulary.sentences import say
from opsplan.web.mutations.fields import Mutation
from opsplan.web.mutations.inputs import Member, beside, input_type, members_of, placed, row_of

_PATH = "input.items"
_EXTERNAL_ID = "external_id"


class UpsertMode(StrEnum):
    """What becomes of the other items when one is refused: ATOMIC keeps them out, PARTIAL takes them."""

    ATOMIC = "ATOMIC"
    PARTIAL = "PARTIAL"


_Outcome: Any = enum_of(ItemOutcome)


@strawberry.type(description="What became of one item.")
class UpsertItem:
    """One item of the answer."""

    index: int = strawberry.field(description="Its place in the input, from 0.")
    external_id: str | None = strawberry.field(description="Its external id, as given.")
    outcome: _Outcome = strawberry.field(description="What became of it.")
    record_id: strawberry.ID | None = strawberry.field(description="The record, where there is one.")
    refusal: Refusal | None = strawberry.field(description="Why it was refused.")


def upsert_mutations(
    catalogue: Catalogue, objects: Mapping[str, Any], after_create: Mapping[str, AfterCreate]
) -> Iterator[Mutation]:
    """Give the mutation of each noun that users enter; `objects` are the types of records by noun."""
    for noun in catalogue:
        if noun.entered:
            yield _upsert(noun, _answer_type(noun, objects[noun.name]), after_create.get(noun.name))


def _answer_type(noun: Noun, record: Any) -> Any:
    def records(root: strawberry.Parent[Any]) -> Any:
        return StoredRecords(noun.name, root.record_ids)

    of = plural_field(noun)
    described = "The records of the items that were taken, in the order of these items."

    class Upserted:
        """What the mutation gives."""

        record_ids: strawberry.Private[tuple[str, ...]]
        items: list[UpsertItem] = strawberry.field(description="Each item, in the order given.")

    Upserted.__annotations__[of] = many(record)
    setattr(Upserted, of, strawberry.field(resolver=records, name=of, description=described, graphql_type=many(record)))
    return strawberry.type(Upserted, name=f"{noun.plural}Upserted", description="What became of each item.")


def _upsert(noun: Noun, answer: Any, check: AfterCreate | None) -> Mutation:
    members = tuple(_keyed(each, noun) for each in members_of(noun, changing=False))
    item = input_type(f"Upsert{noun.name}Item", f"What is said of one {noun.name}.", members)
    given = new_input(f"Upsert{noun.plural}Input", f"The {noun.plural}, and what becomes of all when one is refused.")
    most = MOST_ITEMS if noun.most_items is None else noun.most_items
    mode = "What becomes of the others when one is refused; ATOMIC, when left out."
    put_fields(
        given,
        [
            input_field("items", many(item), f"1 to {most:,} of them.", required=True),
            input_field("mode", enum_of(UpsertMode), mode, required=False),
            *(input_field(each.name, each.annotation, each.description, required=False) for each in beside(noun)),
        ],
    )
    verb = Verb.ADMINISTER if noun.owns_itself or noun.enrolled else Verb.CHANGE

    async def carry(context: Context, field: str, arguments: Mapping[str, Any]) -> Any:
        asked = arguments["input"]["items"]
        try:
            require(context.actor, verb)
            _refuse_number(len(asked), most)
            found = await upsert_items(
                context.graph,
                context.actor,
                context.clock,
                laws=context.laws,
                noun=noun,
                items=[_checked(noun, members, each, place) for place, each in enumerate(asked)],
                is_atomic=_is_atomic(arguments["input"]),
                path=_PATH,
                after_create=check,
                request_id=context.request_id,
                idempotency=idempotency_key(field, arguments.get("idempotencyKey"), plain(arguments)),
                seen=arguments["input"].get("seen") or (),
                exigent=exigent_reason(arguments["input"].get("exigentReason")),
            )
        except OpsplanError as error:
            refusal = refusal_of(error)
            if refusal is None:
                raise
            return refusal
        context.surroundings.changed()
        items = [_told(place, asked[place], each, members) for place, each in enumerate(found)]
        return answer(items=items, record_ids=_ids(found))

    return Mutation(
        f"upsert{noun.plural}",
        f"Have the graph hold what is said of up to {most:,} {noun.plural}. Each is recognised by its owner and "
        "external id, created where it is not there, and changed where it differs; what an item leaves out stays as "
        "it is. What is taken is taken in one transaction.",
        given,
        payload(f"Upsert{noun.plural}Result", answer, "What became of each; or why all was refused."),
        carry,
    )


def _keyed(member: Member, noun: Noun) -> Member:
    """Ask for the external id, but where a key of the noun's own does the same."""
    if member.column != _EXTERNAL_ID or noun.key is not None:
        return member
    return replace(member, required=True)


def _checked(
    noun: Noun, members: tuple[Member, ...], given: Mapping[str, Any], place: int
) -> dict[str, Any] | OpsplanError:
    """Give an item as a row, or what is wrong with it."""
    path = f"{_PATH}[{place}]"
    raw = row_of(members, given)
    row, problems = check_row(noun, raw, path=path)
    # What is null is taken away, where it may be.
    gone, missed = check_row(noun, dict.fromkeys(_nulls(raw)), path=path, partial=True)
    problems += [each for each in missed if each.name not in {one.name for one in problems}]
    if noun.key is None and not str(raw.get(_EXTERNAL_ID) or "").strip():
        what = say("it is recognised by it, and there is none")
        problems.append(Problem(f"{path}.{_EXTERNAL_ID}", raw.get(_EXTERNAL_ID), what, say("give one"), _EXTERNAL_ID))
    if problems:
        return invalid([_placed(each, members, place) for each in problems])
    return {**row, **gone}


def _nulls(raw: Mapping[str, Any]) -> list[str]:
    return [name for name, value in raw.items() if value is None and name != "owner"]


def _placed(problem: Problem, members: tuple[Member, ...], place: int) -> Problem:
    bare = replace(problem, field=problem.field.removeprefix(f"{_PATH}[{place}]."))
    return replace(problem, field=placed(members, bare).replace("input.", f"{_PATH}[{place}].", 1))


def _told(place: int, given: Mapping[str, Any], item: Item, members: tuple[Member, ...]) -> UpsertItem:
    return UpsertItem(
        index=place,
        external_id=given.get("externalId"),
        outcome=item.outcome,
        record_id=None if item.record_id is None else strawberry.ID(item.record_id),
        refusal=None
        if item.refusal is None
        else refusal_of(item.refusal, lambda problem: _placed(problem, members, place).field),
    )


def _is_atomic(given: Mapping[str, Any]) -> bool:
    mode = given.get("mode")
    return mode is None or getattr(mode, "name", mode) == UpsertMode.ATOMIC.name


def _refuse_number(count: int, most: int) -> None:
    if not 0 < count <= most:
        raise Invalid(
            say("{path}: {count:,} are given.", path=_PATH, count=count),
            field=_PATH,
            value=count,
            remedy=say("give 1 to {most_items:,} in one call", most_items=most),
        )


def _ids(items: Sequence[Item]) -> tuple[str, ...]:
    return tuple(each.record_id for each in items if each.record_id is not None)
