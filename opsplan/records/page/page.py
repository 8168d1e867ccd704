"""The generated parts of `graph_schema/README.md`, in Markdown."""

import re
from collections.abc import Mapping, Sequence

from opsplan.records.declaration import Catalogue, Direction, Noun, Relation
from opsplan.records.integrity.labels import Label
from opsplan.records.schema import schema_of

_MOST_NAMED = 4
"""Targets of a relation that are named; of one that leads to more kinds, the first."""
_PART = "<!-- {name}: generated -->\n{text}<!-- end of {name} -->"


def in_page(page: str, parts: Mapping[str, str]) -> str:
    """Put generated texts between their marks ``<!-- name: generated -->`` and ``<!-- end of name -->``.

    Raises
    ------
    ValueError
        When a page lacks the marks of a part.
    """
    for name, text in parts.items():
        marks = re.compile(rf"<!-- {name}: generated -->\n.*?<!-- end of {name} -->", re.DOTALL)
        found = marks.findall(page)
        if len(found) != 1:
            raise ValueError(f"the page must have the marks of {name} once")
        page = page.replace(found[0], _PART.format(name=name, text=text))
    return page


def nouns_table(catalogue: Catalogue) -> str:
    """Give one row per noun: label, room, what it is, what is unique, what else is found by an index."""
    rows = ["| label | room | what it is | unique | found by |", "|---|---|---|---|---|"]
    for noun in catalogue:
        rules = schema_of(noun)
        unique = ["id", *(" + ".join(each.properties) for each in rules if each.kind == "UNIQUENESS")]
        found = [_found_by(each.kind, each.properties) for each in rules if each.kind != "UNIQUENESS"]
        rows.append(
            f"| `{noun.label}` | {noun.owner} | {noun.description} | {', '.join(unique)} | {', '.join(found) or ' '} |"
        )
    return "\n".join(rows) + "\n"


def _found_by(kind: str, names: Sequence[str]) -> str:
    name = " + ".join(names)
    return {"POINT": f"{name} (distance, box)", "FULLTEXT": "text"}.get(kind, name)


def relationship_sentences(catalogue: Catalogue) -> str:
    """Give each relationship as a sentence from the noun that holds it, with how many and whether it must be there."""
    lines: list[str] = []
    for noun in catalogue:
        mutual = [each for each in noun.relations if each.direction is Direction.BOTH]
        lines.extend(f"- {_sentence(noun, relation)}" for relation in (*noun.own_relations, *mutual))
    return "\n".join(lines) + "\n"


def _sentence(noun: Noun, relation: Relation) -> str:
    some = relation.targets[:_MOST_NAMED]
    others = len(relation.targets) - len(some)
    target = " or ".join(f"`{name}`" for name in some) + (f" or one of {others} others" if others else "")
    many = "any number" if relation.many else "one" if relation.required else "one or none"
    kept = "" if relation.entered or noun.system else ", kept by the service"
    way = "both ways, " if relation.direction is Direction.BOTH else ""
    return f"`{noun.label}` **{relation.type}** {target} ({way}{many}{kept}): {relation.description}"


def service_labels_table(catalogue: Catalogue, labels: Mapping[str, Label]) -> str:
    """Give the labels that stand for no noun: what the service itself keeps in the graph."""
    rows = ["| label | room | what it is |", "|---|---|---|"]
    rows += [
        f"| `{each.name}` | {each.owner} | {each.means} |" for each in labels.values() if each.name not in catalogue
    ]
    return "\n".join(rows) + "\n"
