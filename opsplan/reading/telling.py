"""What of what has happened may be told to a reader: by the same policy as all reading.

What the reader may not see has not happened for it, and what changed is named as far as it may be seen. The feed is
filtered where it is read, so that a page is as full, and ends where, it would if the hidden had never been; what a
subscription has heard of is asked about as it comes.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TypeVar

from opsplan.reading.compile.conditions import where
from opsplan.reading.compile.known import closed, followed, may_see, seen
from opsplan.reading.context import ReadingContext
from opsplan.reading.policy import Policy
from opsplan.reading.unseen import may_know
from opsplan.records.declaration import Catalogue, Noun
from opsplan.records.feed import Happened, behind, happened_of
from opsplan.vocabulary.actor import Actor

_NODE = "n"

One = TypeVar("One", bound=Happened)


async def happened_for(
    policy: Policy,
    catalogue: Catalogue,
    place: tuple[int, int],
    limit: int,
    context: ReadingContext,
    *,
    last: int,
    nouns: Collection[str] | None = None,
) -> list[Happened]:
    """Give up to `limit` changes behind a place (commit, ordinal) that may be told to the reader, in order.

    Parameters
    ----------
    last
        Of no commit beyond this number, as `last_number` gives it: what is stored at this moment is seen in parts.
    nouns
        Only of these kinds; all, when None.

    Raises
    ------
    OpsplanError
        If the graph fails.
    """
    number, ordinal = place
    bounds = {"number": number, "ordinal": ordinal, "limit": limit, "last": last}
    parameters = {**bounds, "nouns": None if nouns is None else [*nouns]}
    reader = policy.parameters(context.actor)
    text = behind(_may_be_told(policy, context.actor, catalogue))
    rows = await context.graph.read_plain(text, {**parameters, "reader": reader})
    return await _named(policy, catalogue, [happened_of(*row) for row in rows], context)


async def told(policy: Policy, catalogue: Catalogue, happened: Sequence[One], context: ReadingContext) -> list[One]:
    """Give those of the changes that may be told to the reader, in order.

    Raises
    ------
    OpsplanError
        If the graph fails.
    """
    restricted = {noun.name for noun in closed(policy, context.actor, catalogue)}
    ids = [each.record_id for each in happened if each.noun in restricted]
    known = await may_know(policy, catalogue, ids, context.graph, context.actor)
    left = [each for each in happened if each.noun not in restricted or known.get(each.record_id, False)]
    return await _named(policy, catalogue, left, context)


def _may_be_told(policy: Policy, actor: Actor, catalogue: Catalogue) -> str:
    """Give the condition on a ``change``; of a record that is no more, nobody can say who might have read it."""
    restricted = closed(policy, actor, catalogue)
    if not restricted:
        return "true"
    names = ", ".join(f"'{noun.name}'" for noun in restricted)
    return (
        f"(NOT change.noun IN [{names}] OR EXISTS {{ MATCH ({_NODE}:Record|Reference {{id: change.record_id}}) "
        f"{where(seen(policy, actor, restricted, _NODE))}}})"
    )


async def _named(policy: Policy, catalogue: Catalogue, happened: Sequence[One], context: ReadingContext) -> list[One]:
    return [
        replace(
            each,
            names=await names_told(policy, catalogue, catalogue[each.noun], each.record_id, each.names, context),
        )
        for each in happened
    ]


async def names_told(
    policy: Policy, catalogue: Catalogue, noun: Noun, record_id: str, names: Sequence[str], context: ReadingContext
) -> tuple[str, ...]:
    """Give those of a record's changed properties and relations that the reader may know of, who sees the record.

    A property is named where its record, as it stands now, shows it to the reader. A relation is named only where the
    policy says nothing of it: which of its records have come and gone is not looked into.

    Raises
    ------
    OpsplanError
        If the graph fails.
    """
    actor = context.actor
    # A merge notes more beside the record than its fields.
    declared = {each.name for each in noun.all_properties} | {each.name for each in noun.relations}
    names = [name for name in names if name in declared]
    shown = {name: condition for name in names if (condition := _shown(policy, actor, noun, name)) is not None}
    open_to_all = [
        name for name in names if name not in shown and not _hides_relation(policy, catalogue, actor, noun, name)
    ]
    if not shown:
        return tuple(open_to_all)
    text = (
        f"MATCH ({_NODE}:{'Reference' if noun.system else 'Record'} {{id: $id}}) WHERE {_NODE}:{noun.label} "
        f"RETURN [{', '.join(f'coalesce({each}, false)' for each in shown.values())}]"
    )
    rows = await context.graph.read_plain(text, {"id": record_id, "reader": policy.parameters(actor)})
    told_of = {name for name, may in zip(shown, rows[0][0], strict=True) if may} if rows else set()
    return tuple(name for name in names if name in told_of or name in open_to_all)


def _shown(policy: Policy, actor: Actor, noun: Noun, name: str) -> str | None:
    """Give the condition under which the reader sees a property; None where there is none, and for relations."""
    if all(each.name != name for each in noun.all_properties):
        return None
    return may_see(policy, actor, (noun,), _NODE, name)


def _hides_relation(policy: Policy, catalogue: Catalogue, actor: Actor, noun: Noun, name: str) -> bool:
    """Whether the policy says anything of a relation, from either of its ends; False for properties."""
    relation = next((each for each in noun.relations if each.name == name), None)
    return relation is not None and bool(followed(policy, actor, catalogue, noun, relation, _NODE, "other"))
