"""Who the caller is: the query `viewer`."""

from typing import Any

import strawberry
from strawberry.types import Info

from opsplan.calls.context import Context
from opsplan.reading.types.scalars import DateTimeText
from opsplan.vocabulary.actor import Role
from opsplan.vocabulary.clock import instant_text

RoleEnum: Any = strawberry.enum(Role, description="What a token holder may do within their own agency.")


@strawberry.type(description="What the caller's agency may use, and what is left of it.")
class Limits:
    """As answers tell it in `extensions.cost`."""

    cost_per_minute: int = strawberry.field(description="Cost of its operations within any minute.")
    remaining: int = strawberry.field(description="What is left of that now, this operation counted.")
    reset_seconds: int = strawberry.field(description="Seconds until all of it is there again.")
    at_once: int = strawberry.field(description="Operations that it may have under way at once.")


@strawberry.type(description="The holder of the token that this request came with.")
class Viewer:
    """The caller."""

    subject: str = strawberry.field(description="Who the token was made for.")
    agency_id: strawberry.ID | None = strawberry.field(description="The agency that the caller acts for, by id.")
    agency_code: str | None = strawberry.field(description="The same agency, by code.")
    roles: list[RoleEnum] = strawberry.field(description="What the caller may do.")
    expires_at: DateTimeText = strawberry.field(description="Until when the token holds.")
    limits: Limits = strawberry.field(description="What the caller's agency may use.")


def _viewer(info: Info[Context, None]) -> Viewer:
    caller = info.context.caller
    assert caller is not None
    actor = caller.actor
    return Viewer(
        subject=actor.subject,
        agency_id=None if actor.agency_id is None else strawberry.ID(actor.agency_id),
        agency_code=actor.agency_code,
        roles=[role for role in Role if role in actor.roles],
        expires_at=DateTimeText(instant_text(caller.expires_at)),
        limits=_limits(info.context),
    )


def _limits(context: Context) -> Limits:
    bill = context.bill
    assert bill is not None, "an operation under way has somebody who pays for it"
    standing, share = bill.account.standing(), bill.account.share
    return Limits(
        cost_per_minute=standing.limit,
        remaining=standing.remaining,
        reset_seconds=standing.reset_s,
        at_once=share.at_once,
    )


@strawberry.type
class ViewerQuery:
    """Part of `Query`."""

    viewer: Viewer = strawberry.field(
        resolver=_viewer, description="Who is asking, as which agency, with which roles, until when."
    )
