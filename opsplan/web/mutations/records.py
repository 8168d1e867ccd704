"""`createX`, `changeX`, `retireX` and `restoreX` for every noun that users enter."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any

import strawberry

from opsplan.access.rules import Verb
from opsplan.calls.context import Context
from opsplan.records.check import check_row
from opsplan.records.declaration import Catalogue, Noun
from opsplan.records.problem import a, invalid
from opsplan.records.writing import Writing
from opsplan.web.mutations.carrying import carry_out, refuse_empty
from opsplan.web.mutations.fields import Mutation
from opsplan.web.mutations.inputs import Member, beside, input_type, members_of, placed, row_of

ID = Member("id", "id", strawberry.ID, "The record's id.", True)
EXPECTED_VERSION = Member(
    "expectedVersion",
    "expected_version",
    int,
    "The version that you have seen; when the record has another one by now, nothing is changed.",
    True,
)
REASON = Member("reason", "reason", str, "Why; kept in the record's history.", True)
REASON_IF_ANY = Member("reason", "reason", str, "Why, if that is worth keeping; it stands in the history.", False)

AfterCreate = Callable[[Writing, str], Awaitable[None]]
"""What a capability checks once a record of its noun is created, in the same transaction: it raises to refuse."""


def record_mutations(
    catalogue: Catalogue, payloads: Mapping[str, Any], after_create: Mapping[str, AfterCreate]
) -> Iterator[Mutation]:
    """Give the mutations of all nouns that users enter.

    Parameters
    ----------
    catalogue
        All nouns.
    payloads
        By noun name: the payload union of its mutations.
    after_create
        By noun name: what its capability checks.
    """
    for noun in catalogue:
        if noun.entered:
            payload = payloads[noun.name]
            yield _create(noun, payload, after_create.get(noun.name))
            yield _change(noun, payload)
            yield _retire(noun, payload)
            yield _restore(noun, payload)


def _verb(noun: Noun, doing: str) -> Verb:
    """What it takes to create, change, retire or restore one.

    An agency changes itself; and what an administrator has registered, its agency may take back.
    """
    is_administered = (noun.owns_itself and doing != "change") or (noun.enrolled and doing != "retire")
    return Verb.ADMINISTER if is_administered else Verb.CHANGE


def _create(noun: Noun, payload: Any, check: AfterCreate | None) -> Mutation:
    members = members_of(noun, changing=False)

    async def carry(context: Context, field: str, arguments: Mapping[str, Any]) -> Any:
        async def work(writing: Writing) -> str:
            row, problems = check_row(noun, row_of(members, arguments["input"]), path="input")
            if problems:
                raise invalid(problems)
            record_id = (await writing.create(noun, [row]))[0]
            if check is not None:
                await check(writing, record_id)
            return record_id

        return await carry_out(
            context,
            field,
            arguments,
            work,
            noun=noun,
            verb=_verb(noun, "create"),
            rename=lambda problem: placed(members, problem),
        )

    return Mutation(
        f"create{noun.name}",
        f"Enter a new record. {noun.description}",
        input_type(f"Create{noun.name}Input", f"A new {noun.name}.", (*members, *beside(noun))),
        payload,
        carry,
    )


def _change(noun: Noun, payload: Any) -> Mutation:
    values = members_of(noun, changing=True)
    members = (ID, EXPECTED_VERSION, *values, REASON_IF_ANY)

    async def carry(context: Context, field: str, arguments: Mapping[str, Any]) -> Any:
        async def work(writing: Writing) -> str:
            given = arguments["input"]
            row, problems = check_row(noun, row_of(values, given), path="input", partial=True)
            if problems:
                raise invalid(problems)
            await writing.change(noun, [{**row, "id": given["id"], "expected_version": given["expectedVersion"]}])
            return str(given["id"])

        return await carry_out(
            context,
            field,
            arguments,
            work,
            noun=noun,
            verb=_verb(noun, "change"),
            rename=lambda problem: placed(members, problem),
        )

    return Mutation(
        f"change{noun.name}",
        f"Change {a(noun.name)}: what is left out stays as it is, null removes a value.",
        input_type(f"Change{noun.name}Input", f"What is to be other about {a(noun.name)}.", (*members, *beside(noun))),
        payload,
        carry,
    )


def _retire(noun: Noun, payload: Any) -> Mutation:
    async def work(writing: Writing, given: Mapping[str, Any]) -> None:
        await writing.retire(noun, [(given["id"], given["expectedVersion"])], given["reason"])

    return _of_force(
        noun,
        payload,
        "retire",
        f"Take {a(noun.name)} out of force. It stays readable, with its history, and can be restored.",
        work,
    )


def _restore(noun: Noun, payload: Any) -> Mutation:
    async def work(writing: Writing, given: Mapping[str, Any]) -> None:
        await writing.restore(noun, [(given["id"], given["expectedVersion"])], given["reason"])

    return _of_force(noun, payload, "restore", f"Bring {a(noun.name)} that was retired back into force.", work)


def _of_force(
    noun: Noun,
    payload: Any,
    verb: str,
    description: str,
    work: Callable[[Writing, Mapping[str, Any]], Awaitable[None]],
) -> Mutation:
    members = (ID, EXPECTED_VERSION, REASON, *(beside(noun) if verb == "restore" else ()))

    async def carry(context: Context, field: str, arguments: Mapping[str, Any]) -> Any:
        given = arguments["input"]

        async def whole(writing: Writing) -> str:
            refuse_empty(given["reason"])
            await work(writing, given)
            return str(given["id"])

        return await carry_out(context, field, arguments, whole, noun=noun, verb=_verb(noun, verb))

    return Mutation(
        f"{verb}{noun.name}",
        description,
        input_type(f"{verb.capitalize()}{noun.name}Input", f"Which {noun.name}, and why.", members),
        payload,
        carry,
    )
