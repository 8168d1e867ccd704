"""`mergeTargets` and `undoMerge`."""

from collections.abc import Iterator, Mapping
from typing import Any

import strawberry

from opsplan.access.rules import Verb
from opsplan.calls.context import Context
from opsplan.records.writing import Writing
from opsplan.targets.model import TARGET
from opsplan.targets.service import merge_targets, undo_merge
from opsplan.web.mutations.carrying import carry_out, refuse_empty
from opsplan.web.mutations.fields import Mutation
from opsplan.web.mutations.inputs import Member, input_type
from opsplan.web.mutations.records import REASON

_MERGE = (
    Member("intoId", "into_id", strawberry.ID, "The target that stays.", True),
    Member("intoVersion", "into_version", int, "The version of it that you have seen.", True),
    Member("mergedId", "merged_id", strawberry.ID, "The target that turns out to be the same.", True),
    Member("mergedVersion", "merged_version", int, "The version of it that you have seen.", True),
    REASON,
)
_UNDO = (*_MERGE[2:4], REASON)


def merger_mutations(payloads: Mapping[str, Any]) -> Iterator[Mutation]:
    """Give the mutations that merge targets and undo that."""
    yield Mutation(
        "mergeTargets",
        "Make one target of two of your agency: the merged one goes out of force, its names become aliases, and all "
        "that refers to it refers to the one that stays. It can be undone.",
        input_type("MergeTargetsInput", "Which two, and why.", _MERGE),
        payloads[TARGET.name],
        _merge,
    )
    yield Mutation(
        "undoMerge",
        "Bring a merged target back, with the references that were moved and have not been changed since.",
        input_type("UndoMergeInput", "Which merged target, and why.", _UNDO),
        payloads[TARGET.name],
        _undo,
    )


async def _merge(context: Context, field: str, arguments: Mapping[str, Any]) -> Any:
    given = arguments["input"]

    async def work(writing: Writing) -> str:
        refuse_empty(given["reason"])
        return await merge_targets(
            writing,
            into_id=given["intoId"],
            into_version=given["intoVersion"],
            merged_id=given["mergedId"],
            merged_version=given["mergedVersion"],
            reason=given["reason"],
        )

    return await carry_out(context, field, arguments, work, noun=TARGET, verb=Verb.CHANGE)


async def _undo(context: Context, field: str, arguments: Mapping[str, Any]) -> Any:
    given = arguments["input"]

    async def work(writing: Writing) -> str:
        refuse_empty(given["reason"])
        return await undo_merge(
            writing, merged_id=given["mergedId"], merged_version=given["mergedVersion"], reason=given["reason"]
        )

    return await carry_out(context, field, arguments, work, noun=TARGET, verb=Verb.CHANGE)
