"""What each role may do, as one table. Whose records may be changed is checked where they are written."""

from collections.abc import Mapping
from enum import StrEnum

from opsplan.vocabulary.actor import Actor, Role
from opsplan.vocabulary.errors import Forbidden
from opsplan.vocabulary.sentences import say


class Verb(StrEnum):
    """What somebody may want to do."""

    READ = "READ"
    """Read records, plans and changes."""
    CHANGE = "CHANGE"
    """Create, change, retire and merge records of the own agency."""
    MOVE_STATE = "MOVE_STATE"
    """Move an operation or an action through its states."""
    SCHEDULE = "SCHEDULE"
    """Request and cancel schedules, publish plans, of operations that the own agency coordinates."""
    APPROVE = "APPROVE"
    """Approve or refuse the own country's part of a plan, where the own agency is its approving authority."""
    CONNECT = "CONNECT"
    """Say where the own agency is told of changes (webhooks), and with which secret."""
    ADMINISTER = "ADMINISTER"
    """Create agencies, register their keys, and write for any agency."""


ALLOWED: Mapping[Role, frozenset[Verb]] = {
    Role.READER: frozenset({Verb.READ}),
    Role.PLANNER: frozenset({Verb.READ, Verb.CHANGE}),
    Role.COORDINATOR: frozenset({Verb.READ, Verb.CHANGE, Verb.MOVE_STATE, Verb.SCHEDULE, Verb.CONNECT}),
    Role.APPROVER: frozenset({Verb.READ, Verb.APPROVE}),
    # Not even an administrator consents for a country.
    Role.ADMINISTRATOR: frozenset(Verb) - {Verb.APPROVE},
}
"""From each role, what it allows. A caller with several roles may do what any of them allows."""


def may(actor: Actor, verb: Verb) -> bool:
    """Whether one of the actor's roles allows `verb`.

    >>> may(Actor("anna", roles=frozenset({Role.READER})), Verb.CHANGE)
    False
    """
    return any(verb in ALLOWED[role] for role in actor.roles)


def require(actor: Actor, verb: Verb) -> None:
    """Let the actor pass when one of its roles allows `verb`.

    Raises
    ------
    Forbidden
        Which names the roles that would do.
    """
    if not may(actor, verb):
        enough = " or ".join(role for role in Role if verb in ALLOWED[role])
        raise Forbidden(
            say("This needs the role {roles}.", roles=enough),
            remedy=say("ask with a token that carries the role {roles}", roles=enough),
            verb=str(verb),
        )
