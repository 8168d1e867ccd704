"""`requestZoneRelease`, `releaseZoneCrossing`, `refuseZoneCrossing`, `askWatchCentre`, `releaseInPlace`."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from opsplan.calls.carrying import Key, carry_out, record
from opsplan.calls.context import Context
from opsplan.calls.refusals import payload
from opsplan.calls.urgency import URGENT, URGENT_WORDS
from opsplan.deconfliction.model import CLAIM, ZONE_CROSSING, CrossingState
from opsplan.deconfliction.service import ask_watch_centre, decide_crossing, release_in_place, request_release


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


@strawberry.input(description="For which claim, in whose place, and why.")
class AskWatchCentreInput:
    """Input of `askWatchCentre`."""

    claim_id: strawberry.ID = strawberry.field(description="The claim; one of your agency.")
    contact_id: strawberry.ID = strawberry.field(
        description="The agency that was asked for its release 30 minutes ago or longer, and has not answered."
    )
    expected_version: int = strawberry.field(description="The version of the claim that you have seen.")
    reason: str = strawberry.field(description="Why it cannot wait; up to 2,000 characters, told to both agencies.")


@strawberry.input(description="For which claim, in whose place, and why.")
class ReleaseInPlaceInput:
    """Input of `releaseInPlace`."""

    claim_id: strawberry.ID = strawberry.field(description="The claim for which the watch centre was asked.")
    for_agency_id: strawberry.ID = strawberry.field(description="The agency that keeps the zones and did not answer.")
    expected_version: int = strawberry.field(description="The version of the claim that you have seen.")
    reason: str = strawberry.field(description="Why; up to 2,000 characters, told to both agencies.")


def zone_mutations(nouns: Mapping[str, Any]) -> type:
    """Make the Strawberry type that has the mutations as its fields; `nouns` are the types of records by name."""
    claim_type, crossing_type = nouns[CLAIM.name], nouns[ZONE_CROSSING.name]
    requested = payload("RequestZoneReleaseResult", claim_type, "The claim; or why nothing was asked for.")
    released = payload("ReleaseZoneCrossingResult", crossing_type, "The crossing, released; or why it is not.")
    refused = payload("RefuseZoneCrossingResult", crossing_type, "The crossing, refused; or why it is not.")

    handed_on = payload("AskWatchCentreResult", claim_type, "The claim; or why nothing was asked for.")
    in_place = payload("ReleaseInPlaceResult", claim_type, "The claim; or why it is not released.")

    @strawberry.type
    class ZoneMutations:
        """Part of `Mutation`."""

        request_zone_release: requested = strawberry.field(  # type: ignore[valid-type]
            resolver=_request,
            description="Ask an agency to let a claim cross all its zones that you are told of. A claim that is hidden "
            "is shown to that agency from then on, until it changes. " + URGENT_WORDS,
            metadata=URGENT,
        )
        release_zone_crossing: released = strawberry.field(  # type: ignore[valid-type]
            resolver=_deciding(CrossingState.RELEASED),
            description="Let a claim cross a zone of your agency, as both are now: when either changes in place, time, "
            "kind or sensitivity, the release is over. " + URGENT_WORDS,
            metadata=URGENT,
        )
        refuse_zone_crossing: refused = strawberry.field(  # type: ignore[valid-type]
            resolver=_deciding(CrossingState.REFUSED),
            description="Refuse a claim leave to cross a zone of your agency, or take it back before the claim's "
            "action is activated. " + URGENT_WORDS,
            metadata=URGENT,
        )

        ask_watch_centre: handed_on = strawberry.field(  # type: ignore[valid-type]
            resolver=_ask_watch_centre,
            description="Ask the watch centre to release in the place of an agency that has not answered for 30 "
            "minutes. A claim that is hidden is shown to it from then on, until it changes. " + URGENT_WORDS,
            metadata=URGENT,
        )
        release_in_place: in_place = strawberry.field(  # type: ignore[valid-type]
            resolver=_release_in_place,
            description="For the watch centre: let a claim cross the zones of an agency that does not answer, as it "
            "was asked to. The zone's owner may take it back until the claim's action is activated. " + URGENT_WORDS,
            metadata=URGENT,
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


async def _ask_watch_centre(
    info: Info[Context, None],
    given: Annotated[AskWatchCentreInput, strawberry.argument(name="input", description="For which claim, of whom.")],
    idempotency_key: Key = None,
) -> Any:
    async def ask(**common: Any) -> str:
        return await ask_watch_centre(**common, **vars(given))

    return await carry_out(info, ask, given, idempotency_key, record(CLAIM.name))


async def _release_in_place(
    info: Info[Context, None],
    given: Annotated[ReleaseInPlaceInput, strawberry.argument(name="input", description="For which claim, for whom.")],
    idempotency_key: Key = None,
) -> Any:
    async def ask(**common: Any) -> str:
        return await release_in_place(**common, **vars(given))

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
