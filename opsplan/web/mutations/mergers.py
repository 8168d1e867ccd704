"""`mergeX` and `undoMergeX` for every noun whose records can be merged: those with the relation ``merged_into``."""

from collections.abc import Iterator, Mapping
from typing import Any

import strawberry

from opsplan.access.rules import Verb
from opsplan.calls.context import Context
from opsplan.records.declaration import Catalogue, Noun
from opsplan.records.writing import Writing
from opsplan.web.mutations.carrying import carry_out, refuse_empty
from opsplan.web.mutations.fields import Mutation
from opsplan.web.mutations.inputs import Member, input_type
from opsplan.web.mutations.records import REASON

_MERGED_INTO = "merged_into"


def merger_mutations(catalogue: Catalogue, payloads: Mapping[str, Any]) -> Iterator[Mutation]:
    """Give the mutations that make one record of two, and those that undo it."""
    for noun in catalogue:
        if noun.entered and any(relation.name == _MERGED_INTO for relation in noun.relations):
            yield _merge(noun, payloads[noun.name])
            yield _undo(noun, payloads[noun.name])


def _members(noun: Noun) -> tuple[Member, ...]:
    return (
        Member("intoId", "into_id", strawberry.ID, f"The {noun.name} that stays.", True),
        Member("intoVersion", "into_version", int, "The version of it that you have seen.", True),
        Member("mergedId", "merged_id", strawberry.ID, f"The {noun.name} that turns out to be the same.", True),
        Member("mergedVersion", "merged_version", int, "The version of it that you have seen.", True),
        REASON,
    )


def _merge(noun: Noun, payload: Any) -> Mutation:
    async def carry(context: Context, field: str, arguments: Mapping[str, Any]) -> Any:
        given = arguments["input"]

        async def work(writing: Writing) -> str:
            refuse_empty(given["reason"])
            await writing.merge(
                noun,
                given["intoId"],
                given["mergedId"],
                into_version=given["intoVersion"],
                merged_version=given["mergedVersion"],
                reason=given["reason"],
            )
            return str(given["intoId"])

        return await carry_out(context, field, arguments, work, noun=noun, verb=Verb.CHANGE)

    return Mutation(
        f"merge{noun.plural}",
        f"Make one {noun.name} of two of your agency: the merged one goes out of force, its names become aliases, and "
        "all that refers to it refers to the one that stays. It can be undone.",
        input_type(f"Merge{noun.plural}Input", "Which two, and why.", _members(noun)),
        payload,
        carry,
    )


def _undo(noun: Noun, payload: Any) -> Mutation:
    async def carry(context: Context, field: str, arguments: Mapping[str, Any]) -> Any:
        given = arguments["input"]

        async def work(writing: Writing) -> str:
            refuse_empty(given["reason"])
            await writing.undo_merge(
                noun, given["mergedId"], merged_version=given["mergedVersion"], reason=given["reason"]
            )
            return str(given["mergedId"])

        return await carry_out(context, field, arguments, work, noun=noun, verb=Verb.CHANGE)

    return Mutation(
        f"undoMerge{noun.plural}",
        f"Bring a merged {noun.name} back, with the references that were moved and have not been changed since.",
        input_type(f"UndoMerge{noun.plural}Input", "Which merged record, and why.", _members(noun)[2:]),
        payload,
        carry,
    )
