"""`requestZoneRelease`, `releaseZoneCrossing`, `refuseZoneCrossing`."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from opsplan.calls.carrying import Key, carry_out, record
from opsplan.calls.context import Context
from opsplan.calls.refusals import payload
from opsplan.deconfliction.model import CLAIM, ZONE_CROSSING, CrossingState
from opsplan.deconfliction.service import decide_crossing, request_release


@strawberry.input(description="For which claim, of whom, and why.")
class RequestZoneReleaseInput:
    """Input of `requestZoneRelease`."""

    claim_id: strawberry.ID = strawberry.field(description="The claim; one of your agency.")
    contact_id: strawberry.ID = strawberry.field(
        description="The agency whose zones it crosses, as a crossing or a zone notice of the claim names it."
    )
    expected_version: int = strawberry.field(description="The version of the claim that you have seen.")
    reason: str = strawberry.field(description="Why it has to cross; up to 2,000 characters, told to that agency.")


@strawberry.input(description="Which crossing, and why.")
class DecideZoneCrossingInput:
    """Input of `releaseZoneCrossing` and `refuseZoneCrossing`."""

    id: strawberry.ID = strawberry.field(description="The crossing; one of a zone of your agency.")
    expected_version: int = strawberry.field(
        description="The version that you have seen; it is another one as soon as claim or zone have changed."
    )
    reason: str = strawberry.field(description="Why; up to 2,000 characters, told to the claim's owner.")


def zone_mutations(nouns: Mapping[str, Any]) -> type:
    """Make the Strawberry type that has the mutations as its fields; `nouns` are the types of records by name."""
    claim_type, crossing_type = nouns[CLAIM.name], nouns[ZONE_CROSSING.name]
    requested = payload("RequestZoneReleaseResult", claim_type, "The claim; or why nothing was asked for.")
    released = payload("ReleaseZoneCrossingResult", crossing_type, "The crossing, released; or why it is not.")
    refused = payload("RefuseZoneCrossingResult", crossing_type, "The crossing, refused; or why it is not.")

    @strawberry.type
    class ZoneMutations:
        """Part of `Mutation`."""

        request_zone_release: requested = strawberry.field(  # type: ignore[valid-type]
            resolver=_request,
            description="Ask an agency to let a claim cross all its zones that you are told of. A claim that is hidden "
            "is shown to that agency from then on, until it changes.",
        )
        release_zone_crossing: released = strawberry.field(  # type: ignore[valid-type]
            resolver=_deciding(CrossingState.RELEASED),
            description="Let a claim cross a zone of your agency, as both are now: when either changes in place, time, "
            "kind or sensitivity, the release is over.",
        )
        refuse_zone_crossing: refused = strawberry.field(  # type: ignore[valid-type]
            resolver=_deciding(CrossingState.REFUSED),
            description="Refuse a claim leave to cross a zone of your agency, or take it back before the claim's "
            "action is activated.",
        )

    return ZoneMutations


async def _request(
    info: Info[Context, None],
    given: Annotated[
        RequestZoneReleaseInput, strawberry.argument(name="input", description="For which claim, of whom.")
    ],
    idempotency_key: Key = None,
) -> Any:
    async def ask(**common: Any) -> str:
        return await request_release(**common, **vars(given))

    return await carry_out(info, ask, given, idempotency_key, record(CLAIM.name))


def _deciding(to: CrossingState) -> Callable[..., Awaitable[Any]]:
    async def decide(
        info: Info[Context, None],
        given: Annotated[DecideZoneCrossingInput, strawberry.argument(name="input", description="Which, and why.")],
        idempotency_key: Key = None,
    ) -> Any:
        async def ask(**common: Any) -> str:
            return await decide_crossing(
                **common, crossing_id=given.id, to=to, expected_version=given.expected_version, reason=given.reason
            )

        return await carry_out(info, ask, given, idempotency_key, record(ZONE_CROSSING.name))

    return decide
