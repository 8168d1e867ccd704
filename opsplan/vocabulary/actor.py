"""Who acts: the person or system behind a change, as every room below the web knows it."""

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What a token holder is entitled to do within their own agency."""

    READER = "READER"
    PLANNER = "PLANNER"
    COORDINATOR = "COORDINATOR"
    APPROVER = "APPROVER"
    ADMINISTRATOR = "ADMINISTRATOR"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who reads or changes records.

    Attributes
    ----------
    subject
        The token's subject, or ``machine:<user>`` for a command run on this machine.
    agency_id, agency_code
        The agency acted for; both None for a machine administrator without an agency.
    roles
        What they may do. ADMINISTRATOR may write for any agency (loading, exercises); PLANNER changes records of
        the own agency; COORDINATOR also requests and publishes schedules of operations the agency coordinates; APPROVER
        approves plans where the own agency is a host's approving authority.
    reads_all
        Whether nothing is hidden from it: a command on the machine where the data lie, or the service itself. No role
        of a token holder gives that.
    """

    subject: str
    agency_id: str | None = None
    agency_code: str | None = None
    roles: frozenset[Role] = field(default_factory=frozenset)
    reads_all: bool = False

    @property
    def is_administrator(self) -> bool:
        """Whether the actor may write for any agency."""
        return Role.ADMINISTRATOR in self.roles
