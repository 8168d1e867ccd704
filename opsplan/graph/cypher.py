"""The little that is read from Cypher text itself: parameters, the ends of statements, records named by their ids."""

import re

# Where neither `$` nor `;` has a meaning: quoted text, quoted names, comments.
_OPAQUE = re.compile(
    r"""'(?:\\.|[^'\\])*' | "(?:\\.|[^"\\])*" | `(?:``|[^`])*` | //[^\n]* | /\*.*?\*/""",
    re.VERBOSE | re.DOTALL,
)
_PARAMETER = re.compile(r"\$(\w+)")
_BY_ID = re.compile(r"(?<!OPTIONAL )(MATCH \((\w+):Record \{id: [^{}]+\}\))(?=(\s|[-<]))(?!\s*USING)")


def parameters_of(text: str) -> frozenset[str]:
    """Give the names of the parameters in a statement, leaving out quoted text and comments.

    >>> sorted(parameters_of("MATCH (c {id: $id}) // not $this\\nWHERE c.name <> '$nor this' RETURN $limit"))
    ['id', 'limit']
    """
    return frozenset(_PARAMETER.findall(_OPAQUE.sub(" ", text)))


def statements_of(text: str) -> tuple[str, ...]:
    """Split a file into its statements at the semicolons outside quoted text and comments.

    >>> statements_of("CREATE (a {t: ';'}); // one; two\\n RETURN 1;")
    ("CREATE (a {t: ';'})", '// one; two\\n RETURN 1')
    """
    blanked = _OPAQUE.sub(lambda found: " " * len(found.group()), text)
    statements, start = [], 0
    for end in [*(found.start() for found in re.finditer(";", blanked)), len(text)]:
        if blanked[start:end].strip():
            statements.append(text[start:end].strip())
        start = end + 1
    return tuple(statements)


def seeking_ids(text: str) -> str:
    """Have the server seek each record that a statement names by its id, by the index of ids.

    What a server thinks best it thinks of the graph as it is: while there are few records it would rather go through
    all of an index, goes on so for a while when there are many, and plans again and again meanwhile. Optional matches
    stay as they are: a hint there says nothing of the rest.

    >>> seeking_ids("MATCH (n:Record {id: $id}) WHERE n:Unit RETURN n")
    'MATCH (n:Record {id: $id}) USING INDEX SEEK n:Record(id) WHERE n:Unit RETURN n'
    >>> seeking_ids("MATCH (n:Record {id: $id})-[:PART_OF]->(o:Operation) RETURN o")
    'MATCH (n:Record {id: $id}) USING INDEX SEEK n:Record(id) MATCH (n)-[:PART_OF]->(o:Operation) RETURN o'
    """

    def sought(found: re.Match[str]) -> str:
        whole, name, behind = found.groups()
        hint = f"{whole} USING INDEX SEEK {name}:Record(id)"
        return hint if behind.isspace() else f"{hint} MATCH ({name})"

    return _BY_ID.sub(sought, text)
