"""The door for requests beside GraphQL, such as downloads: who asks is known, has a place, and is charged."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from opsplan.access.identity import Caller, Identity
from opsplan.calls.budget import Budgets
from opsplan.vocabulary.actor import Actor


@dataclass(frozen=True, slots=True)
class Door:
    """Lets callers in by their token, as far as their agency's budget goes.

    Attributes
    ----------
    identity, budgets
        Who callers are, and what they may use.
    sees
        Whether a caller may know of the record with an id; so may everybody, where there is none.
    """

    identity: Identity
    budgets: Budgets
    sees: Callable[[Actor, str], Awaitable[bool]]

    @asynccontextmanager
    async def enter(self, authorization: str | None, cost: int) -> AsyncIterator[Caller]:
        """Let a caller in for the length of a block.

        Parameters
        ----------
        authorization
            The header of that name.
        cost
            What the request costs, in records as everywhere.

        Raises
        ------
        Unauthenticated
            Without a token that holds.
        RateLimited
            If the agency has used up its budget, or has as many requests under way as it may.
        """
        caller = await self.identity.of_header(authorization)
        account = self.budgets.of(caller.actor)
        async with account.place():
            account.charge(cost)
            yield caller
