"""What a reader may know, as Cypher: the policy's predicates put on records, properties, and declared ways.

Everything that a statement says of a record passes here, so that there is one place to look for how a policy's words
become conditions.
"""

import re
from collections.abc import Sequence

from opsplan.reading.policy import Policy
from opsplan.reading.shape.ways import Gone, Stretch, WayText
from opsplan.records.declaration import Catalogue, Direction, Noun, Relation
from opsplan.vocabulary.actor import Actor

_OPPOSITE = {Direction.OUT: Direction.IN, Direction.IN: Direction.OUT, Direction.BOTH: Direction.BOTH}
_ENDS = re.compile(r"\{node\}|\{other\}")


def closed(policy: Policy, actor: Actor, catalogue: Catalogue) -> list[Noun]:
    """Give the nouns of which not every record is there for the reader."""
    return [noun for noun in catalogue if policy.predicate(actor, noun) is not None]


def seen(policy: Policy, actor: Actor, nouns: Sequence[Noun], node: str) -> list[str]:
    """Give the conditions under which a record, of one of several nouns, is there for the reader at all."""
    predicates = [policy.predicate(actor, noun) for noun in nouns]
    if all(each is None for each in predicates):
        return []
    if len(set(predicates)) == 1:
        return [holds(str(predicates[0]).replace("{node}", node))]
    shared = policy.shared(actor, nouns)
    if shared is not None:
        return [holds(shared.replace("{node}", node))]
    return [holds(_by_noun(nouns, predicates, node))]


def shown(policy: Policy, actor: Actor, nouns: Sequence[Noun], node: str, name: str) -> str | None:
    """Give the expression of a property as the reader may see it; None where it is the plain one."""
    condition = may_see(policy, actor, nouns, node, name)
    return None if condition is None else f"(CASE WHEN {condition} THEN {node}.{name} END)"


def may_see(policy: Policy, actor: Actor, nouns: Sequence[Noun], node: str, name: str) -> str | None:
    """Give the condition under which the reader may see a property; None where nothing stands in the way.

    `nouns` are those that the record may be of; those without such a property say nothing.
    """
    holders = [noun for noun in nouns if any(each.name == name for each in noun.all_properties)]
    predicates = [policy.predicate(actor, noun, declared=noun.property_named(name)) for noun in holders]
    if all(each is None for each in predicates):
        return None
    if len(set(predicates)) == 1 and len(holders) == len(nouns):
        return str(predicates[0]).replace("{node}", node)
    return _by_noun(holders, predicates, node)


def restricted(policy: Policy, actor: Actor, catalogue: Catalogue, way: WayText) -> str:
    """Give a declared text with the policy's conditions on each node, relationship and property of its way.

    ``{node}`` and ``{other}`` are still in it; what the caller knows of them is the caller's to ask.
    """
    properties = {
        (name, read): expression
        for name, read in way.read_properties
        if (expression := shown(policy, actor, way.nouns[name], name, read)) is not None
    }
    first, *rest = way.pieces
    text = way.with_properties(first, properties)
    for stretch, piece in zip(way.stretches, rest, strict=True):
        text += _known(policy, actor, catalogue, stretch) + way.with_properties(piece, properties)
    return text


def _known(policy: Policy, actor: Actor, catalogue: Catalogue, stretch: Stretch) -> str:
    conditions = [each for node in stretch.nodes for each in seen(policy, actor, node.nouns, node.name)]
    conditions += [each for hop in stretch.hops for each in _gone(policy, actor, catalogue, hop)]
    return f"({' AND '.join(conditions)})" if conditions else "true"


def _gone(policy: Policy, actor: Actor, catalogue: Catalogue, hop: Gone) -> list[str]:
    """Give the conditions under which the reader may know of a relationship, whatever type and ends it has."""
    found: dict[str, None] = {}
    several = len({relation.type for _, relation in hop.relations}) > 1
    nouns = {noun.name for noun, _ in hop.relations}
    for noun, relation in hop.relations:
        for condition in followed(policy, actor, catalogue, noun, relation, hop.start, hop.end):
            guarded = f"(NOT {hop.start}:{noun.label} OR {condition})" if len(nouns) > 1 else condition
            found[f"(type({hop.name}) <> '{relation.type}' OR {guarded})" if several else guarded] = None
    return list(found)


def followed(
    policy: Policy, actor: Actor, catalogue: Catalogue, noun: Noun, relation: Relation, node: str, other: str
) -> list[str]:
    """Give the conditions under which the reader may know that `node`, of a noun, has a relation to `other`.

    The policy is asked from both ends, wherever one comes from: what it hides of a relation that one noun declares is
    hidden of the same relationship seen from the other noun.
    """
    own = policy.predicate(actor, noun, hop=relation)
    found = {} if own is None else {holds(between(own, node, other)): None}
    for target in relation.targets:
        for back in catalogue[target].relations:
            opposite = back.type == relation.type and back.direction is _OPPOSITE[relation.direction]
            if opposite and noun.name in back.targets and (target, back) != (noun.name, relation):
                predicate = policy.predicate(actor, catalogue[target], hop=back)
                if predicate is not None:
                    condition = holds(between(predicate, other, node))
                    several = len(relation.targets) > 1
                    found[f"(NOT {other}:{target} OR {condition})" if several else condition] = None
    return list(found)


def holds(condition: str) -> str:
    """Write a policy's condition as a filter: unknown is no, and the server begins nowhere but where the list begins.

    As it comes, an OR of two indexed properties is carried out as a union of two seeks, which loses the order of the
    list: then a page of 20 is had by sorting everything that the reader may see.
    """
    return f"coalesce({condition}, false)"


def between(predicate: str, node: str, other: str) -> str:
    """Put the variables of two records into a policy's predicate on the way from one to the other.

    >>> between("{node}.owner_id = {other}.owner_id", "{other}", "n1")
    '{other}.owner_id = n1.owner_id'
    """
    names = {"{node}": node, "{other}": other}
    return _ENDS.sub(lambda each: names[each[0]], predicate)


def _by_noun(nouns: Sequence[Noun], predicates: Sequence[str | None], node: str) -> str:
    cases = (
        f"{node}:{noun.label}"
        if predicate is None
        else f"({node}:{noun.label} AND ({predicate.replace('{node}', node)}))"
        for noun, predicate in zip(nouns, predicates, strict=True)
    )
    return f"({' OR '.join(cases)})"
