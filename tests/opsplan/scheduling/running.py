"""A service under test, and how it is asked."""

from dataclasses import dataclass
from typing import Any

from opsplan.demo.client import Client
from opsplan.main.capabilities import CAPABILITIES
from opsplan.main.commands import make_token
from opsplan.settings import Settings
from opsplan.vocabulary.actor import Role
from tests.opsplan.scheduling.theatre import Theatre

SCHEDULING = [each for each in CAPABILITIES if each.api is not None]
"""The capabilities that bring fields of their own, alone: these tests need no gazetteer."""


@dataclass
class Running:
    """A service on a free port."""

    url: str
    settings: Settings

    def client(self, theatre: Theatre, agency: str = "A", *roles: Role) -> Client:
        """Give a client with a token of an agency of the theatre's world."""
        return Client(self.url, self.token(theatre, agency, *roles))

    def token(self, theatre: Theatre, agency: str = "A", *roles: Role) -> str:
        """Make a token."""
        code = f"{agency}-{theatre.world.tag}"
        return make_token(self.settings, agency_code=code, roles=roles or (Role.COORDINATOR,))


async def asked(client: Client, document: str, **variables: Any) -> dict[str, Any]:
    """Ask for the only field of a document."""
    (answer,) = (await client.ask(document, **variables)).values()
    given: dict[str, Any] = answer
    return given
