"""`acknowledgeNotice`, `sendConflictMessage`, `proposeResolution`, `signResolution`, `declineResolution` and
`justifyOverride`.
"""

from collections.abc import Mapping
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from opsplan.calls.carrying import Key, carry_out, record
from opsplan.calls.context import Context
from opsplan.calls.refusals import payload
from opsplan.calls.urgency import URGENT, URGENT_WORDS
from opsplan.deconfliction.model import CONFLICT_MESSAGE, NOTICE, OVERRIDE, RESOLUTION, ResolutionOutcome
from opsplan.deconfliction.service import (
    acknowledge_notice,
    decline_resolution,
    justify_override,
    propose_resolution,
    sign_resolution,
    write_message,
)
from opsplan.reading.types.enums import enum_of

_Outcome: Any = enum_of(ResolutionOutcome)


@strawberry.input(description="Of which conflict your agency knows.")
class AcknowledgeNoticeInput:
    """Input of `acknowledgeNotice`."""

    notice_id: strawberry.ID = strawberry.field(description="The notice of your agency.")


@strawberry.input(description="What your side writes to the other.")
class SendConflictMessageInput:
    """Input of `sendConflictMessage`."""

    notice_id: strawberry.ID = strawberry.field(description="The notice of your agency.")
    body: str = strawberry.field(description="What you write, in up to 10,000 characters.")


@strawberry.input(description="How a conflict is to end.")
class ProposeResolutionInput:
    """Input of `proposeResolution`."""

    notice_id: strawberry.ID = strawberry.field(description="The notice of your agency.")
    outcome: _Outcome = strawberry.field(description="How it ends.")
    words: str = strawberry.field(description="What has been agreed, in words that both sides sign.")
    yields_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The agency, by id or code, whose side changes its plan (DELAY, CANCEL), or gives it up for the "
        "other's (JOINT).",
    )


@strawberry.input(description="Which resolution is signed, and the signature.")
class SignResolutionInput:
    """Input of `signResolution`."""

    resolution_id: strawberry.ID = strawberry.field(description="The resolution.")
    signature: str = strawberry.field(
        description="A detached JSON Web Signature (RFC 7515, appendix F) over `Resolution.document`, by a key of your "
        "agency for approvals."
    )
    for_agency_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="For the watch centre: the side for which it signs, as that cannot be reached. Its notice came to "
        "the watch centre and is still not acknowledged, and its plan is not activated.",
    )


@strawberry.input(description="Which resolution is declined, and why.")
class DeclineResolutionInput:
    """Input of `declineResolution`."""

    resolution_id: strawberry.ID = strawberry.field(description="The resolution.")
    reason: str = strawberry.field(description="Why.")


@strawberry.input(description="Which override, and why it was necessary.")
class JustifyOverrideInput:
    """Input of `justifyOverride`."""

    override_id: strawberry.ID = strawberry.field(description="The override.")
    justification: str = strawberry.field(description="Why it could not wait.")


def settling_mutations(nouns: Mapping[str, Any]) -> type:
    """Make the Strawberry type that has the mutations as its fields; `nouns` are the types of records by name."""

    def result(name: str, noun: str, words: str) -> Any:
        return payload(f"{name}Result", nouns[noun], f"{words}; or why not.")

    acknowledged = result("AcknowledgeNotice", NOTICE.name, "The notice")
    written = result("SendConflictMessage", CONFLICT_MESSAGE.name, "The message")
    proposed = result("ProposeResolution", RESOLUTION.name, "The resolution, with the document to sign")
    signed = result("SignResolution", RESOLUTION.name, "The resolution")
    declined = result("DeclineResolution", RESOLUTION.name, "The resolution")
    justified = result("JustifyOverride", OVERRIDE.name, "The override")

    @strawberry.type
    class SettlingMutations:
        """Part of `Mutation`."""

        acknowledge_notice: acknowledged = strawberry.field(  # type: ignore[valid-type]
            resolver=_acknowledge,
            description="Say that your agency knows of a conflict; else its notice goes to the next post, and then to "
            "the watch centre. " + URGENT_WORDS,
            metadata=URGENT,
        )
        send_conflict_message: written = strawberry.field(  # type: ignore[valid-type]
            resolver=_write,
            description="Write to the other side of a conflict. " + URGENT_WORDS,
            metadata=URGENT,
        )
        propose_resolution: proposed = strawberry.field(  # type: ignore[valid-type]
            resolver=_propose,
            description="Propose how a conflict ends, in place of what was proposed before. Both sides sign it; of a "
            "SILENT claim its owner alone. " + URGENT_WORDS,
            metadata=URGENT,
        )
        sign_resolution: signed = strawberry.field(  # type: ignore[valid-type]
            resolver=_sign,
            description="Sign a resolution for your side; with the last signature the conflict is resolved, until one "
            "of the plans changes. " + URGENT_WORDS,
            metadata=URGENT,
        )
        decline_resolution: declined = strawberry.field(  # type: ignore[valid-type]
            resolver=_decline, description="Decline a resolution. " + URGENT_WORDS, metadata=URGENT
        )
        justify_override: justified = strawberry.field(  # type: ignore[valid-type]
            resolver=_justify, description="Say why what was committed in an emergency could not wait."
        )

    return SettlingMutations


async def _acknowledge(
    info: Info[Context, None],
    given: Annotated[AcknowledgeNoticeInput, strawberry.argument(name="input", description="Which notice.")],
    idempotency_key: Key = None,
) -> Any:
    async def ask(**common: Any) -> str:
        return await acknowledge_notice(**common, notice_id=given.notice_id)

    return await carry_out(info, ask, given, idempotency_key, record(NOTICE.name))


async def _write(
    info: Info[Context, None],
    given: Annotated[SendConflictMessageInput, strawberry.argument(name="input", description="On which, and what.")],
    idempotency_key: Key = None,
) -> Any:
    async def ask(**common: Any) -> str:
        return await write_message(**common, notice_id=given.notice_id, body=given.body)

    return await carry_out(info, ask, given, idempotency_key, record(CONFLICT_MESSAGE.name))


async def _propose(
    info: Info[Context, None],
    given: Annotated[ProposeResolutionInput, strawberry.argument(name="input", description="Of which, and how.")],
    idempotency_key: Key = None,
) -> Any:
    async def ask(**common: Any) -> str:
        return await propose_resolution(
            **common,
            notice_id=given.notice_id,
            outcome=ResolutionOutcome(getattr(given.outcome, "value", given.outcome)),
            words=given.words,
            yields_id=given.yields_id,
        )

    return await carry_out(info, ask, given, idempotency_key, record(RESOLUTION.name))


async def _sign(
    info: Info[Context, None],
    given: Annotated[SignResolutionInput, strawberry.argument(name="input", description="Which, and the signature.")],
    idempotency_key: Key = None,
) -> Any:
    async def ask(**common: Any) -> str:
        return await sign_resolution(
            **common,
            resolution_id=given.resolution_id,
            signature=given.signature,
            for_agency_id=given.for_agency_id,
        )

    return await carry_out(info, ask, given, idempotency_key, record(RESOLUTION.name))


async def _decline(
    info: Info[Context, None],
    given: Annotated[DeclineResolutionInput, strawberry.argument(name="input", description="Which, and why.")],
    idempotency_key: Key = None,
) -> Any:
    async def ask(**common: Any) -> str:
        return await decline_resolution(**common, resolution_id=given.resolution_id, reason=given.reason)

    return await carry_out(info, ask, given, idempotency_key, record(RESOLUTION.name))


async def _justify(
    info: Info[Context, None],
    given: Annotated[JustifyOverrideInput, strawberry.argument(name="input", description="Which, and why.")],
    idempotency_key: Key = None,
) -> Any:
    async def ask(**common: Any) -> str:
        return await justify_override(**common, override_id=given.override_id, justification=given.justification)

    return await carry_out(info, ask, given, idempotency_key, record(OVERRIDE.name))
