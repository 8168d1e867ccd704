"""Where a Neo4j server is, and how to log in."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from opsplan.vocabulary.errors import SetupError
from opsplan.vocabulary.sentences import say

_SCHEMES = frozenset({"bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc"})


@dataclass(frozen=True, slots=True)
class GraphAddress:
    """Where a Neo4j server is and how to log in.

    `uri` is ``bolt://host:port`` for one server, ``neo4j://`` for a cluster, with ``+s`` for TLS.
    """

    uri: str
    user: str
    password: str
    database: str = "neo4j"

    def __repr__(self) -> str:
        # The password must not reach a log through a formatted value.
        return f"GraphAddress(uri={self.uri!r}, user={self.user!r}, database={self.database!r})"


def refuse_malformed(uri: str) -> None:
    """Refuse what the driver would take for something else, or leave half-open.

    Raises
    ------
    SetupError
        If `uri` is no address of a Neo4j server.
    """
    try:
        parts = urlsplit(uri)
        fits = parts.scheme in _SCHEMES and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        fits = False
    if not fits:
        raise SetupError(
            say("{uri!r} is no address of a Neo4j server.", uri=uri),
            field="OPSPLAN_NEO4J_URI",
            value=uri,
            remedy=say(
                "write it as bolt://host:7687, or neo4j://host:7687 for a cluster; +s behind the scheme for TLS"
            ),
        )
