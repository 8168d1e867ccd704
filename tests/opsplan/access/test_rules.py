"""Rights: the table of roles says what is allowed, and nothing else does."""

import pytest

from opsplan.access.rules import ALLOWED, Verb, may, require
from opsplan.vocabulary.actor import Actor, Role
from opsplan.vocabulary.errors import Forbidden


def _actor(*roles: Role) -> Actor:
    return Actor("anna", "agency_1", "XA-NCB", frozenset(roles))


def test_every_role_may_read_and_only_the_administrator_may_do_everything():
    """Each role reads; a reader does nothing else; an administrator may do all there is but consent for a country."""
    assert all(Verb.READ in allowed for allowed in ALLOWED.values())
    assert ALLOWED[Role.READER] == {Verb.READ}
    assert ALLOWED[Role.ADMINISTRATOR] == set(Verb) - {Verb.APPROVE}
    assert set(ALLOWED) == set(Role)


def test_several_roles_add_up_and_none_allows_nothing():
    """A caller may do what any of their roles allows; without a role, nothing."""
    assert may(_actor(Role.READER, Role.PLANNER), Verb.CHANGE)
    assert not may(_actor(Role.READER, Role.PLANNER), Verb.SCHEDULE)
    assert not any(may(_actor(), verb) for verb in Verb)


def test_a_refusal_names_the_roles_that_would_do():
    """Somebody who may not is told which role it takes."""
    with pytest.raises(Forbidden) as caught:
        require(_actor(Role.PLANNER), Verb.SCHEDULE)
    assert "COORDINATOR or ADMINISTRATOR" in caught.value.message
    require(_actor(Role.COORDINATOR), Verb.SCHEDULE)
