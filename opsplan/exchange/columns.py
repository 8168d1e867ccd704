"""The columns of a noun's files, in the order in which they are written."""

from opsplan.records.declaration import Noun


def columns_of(noun: Noun) -> list[str]:
    """Give a noun's columns: who and what it is first, then properties, then references.

    >>> from opsplan.targets.model import IDENTIFIER
    >>> columns_of(IDENTIFIER)
    ['id', 'external_id', 'owner', 'scheme', 'value', 'target', 'source', 'marking']
    """
    own = [each.name for each in noun.properties if each in noun.kept_in_files]
    references = [each.name for each in noun.entered_relations]
    first = ["id", "external_id", "exercise" if noun.owns_itself else "owner"]
    return [*first, *own, *references, "source", "marking"]
