"""What of a change may be told to a reader: by the same policy as all reading, in one statement or in none."""

from collections.abc import Sequence

from opsplan.reading.compile.conditions import where
from opsplan.reading.compile.known import followed, may_see, seen
from opsplan.reading.context import ReadingContext
from opsplan.reading.policy import Policy
from opsplan.records.declaration import Catalogue, Noun
from opsplan.vocabulary.actor import Actor


async def names_told(
    policy: Policy, catalogue: Catalogue, noun: Noun, record_id: str, names: Sequence[str], context: ReadingContext
) -> tuple[str, ...] | None:
    """Give those of a record's changed properties and relations that the reader may know of.

    A property is named where its record, as it stands now, shows it to the reader. A relation is named only where the
    policy says nothing of it: which of its records have come and gone is not looked into.

    Returns
    -------
    tuple of str or None
        None where the record itself is not there for the reader. One that was removed is there for those alone from
        whom the policy hides nothing of its noun.

    Raises
    ------
    OpsplanError
        If the graph fails.
    """
    actor = context.actor
    # A merge notes more beside the record than its fields.
    declared = {each.name for each in noun.all_properties} | {each.name for each in noun.relations}
    names = [name for name in names if name in declared]
    visible = seen(policy, actor, (noun,), _NODE)
    shown = {name: condition for name in names if (condition := _shown(policy, actor, noun, name)) is not None}
    open_to_all = [
        name for name in names if name not in shown and not _hides_relation(policy, catalogue, actor, noun, name)
    ]
    if not visible and not shown:
        return tuple(open_to_all)
    text = (
        f"MATCH ({_NODE}:{'Reference' if noun.system else 'Record'} {{id: $id}}) "
        f"{where([f'{_NODE}:{noun.label}', *visible])}"
        f"RETURN [{', '.join(f'coalesce({each}, false)' for each in shown.values())}]"
    )
    rows = await context.graph.read_plain(text, {"id": record_id, "reader": policy.parameters(actor)})
    if not rows:
        return None
    told = {name for name, may in zip(shown, rows[0][0], strict=True) if may}
    return tuple(name for name in names if name in told or name in open_to_all)


_NODE = "n"


def _shown(policy: Policy, actor: Actor, noun: Noun, name: str) -> str | None:
    """Give the condition under which the reader sees a property; None where there is none, and for relations."""
    if all(each.name != name for each in noun.all_properties):
        return None
    return may_see(policy, actor, (noun,), _NODE, name)


def _hides_relation(policy: Policy, catalogue: Catalogue, actor: Actor, noun: Noun, name: str) -> bool:
    """Whether the policy says anything of a relation, from either of its ends; False for properties."""
    relation = next((each for each in noun.relations if each.name == name), None)
    return relation is not None and bool(followed(policy, actor, catalogue, noun, relation, _NODE, "other"))
