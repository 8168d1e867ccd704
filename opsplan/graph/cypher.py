"""The little that is read from Cypher text itself: parameters and the ends of statements."""

import re

# Where neither `$` nor `;` has a meaning: quoted text, quoted names, comments.
_OPAQUE = re.compile(
    r"""'(?:\\.|[^'\\])*' | "(?:\\.|[^"\\])*" | `(?:``|[^`])*` | //[^\n]* | /\*.*?\*/""",
    re.VERBOSE | re.DOTALL,
)
_PARAMETER = re.compile(r"\$(\w+)")


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
