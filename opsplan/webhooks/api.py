"""`registerWebhookEndpoint` and what else agencies do with their endpoints."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from opsplan.calls.carrying import Key, carry_out, record
from opsplan.calls.context import Context
from opsplan.calls.refusals import payload
from opsplan.reading.complete.marker import StoredRecord
from opsplan.reading.types.enums import enum_of
from opsplan.reading.types.scalars import DateTimeText, DurationMinutes
from opsplan.webhooks import service
from opsplan.webhooks.model import LONGEST_DESCRIPTION, WEBHOOK_DELIVERY, WEBHOOK_ENDPOINT, WebhookOutcome
from opsplan.webhooks.sending import Attempt
from opsplan.webhooks.service.rotate import USUAL_OVERLAP
from opsplan.webhooks.worker import WebhookOffice

_WebhookOutcome: Any = enum_of(WebhookOutcome)
_ROLE = " Needs the role COORDINATOR or ADMINISTRATOR of the endpoint's agency."
_NOUNS = "Kinds of records that it is told of, by their names in `RecordNoun`; all, when there are none."


@strawberry.input(description="Where your agency is to be told of changes, and of which.")
class RegisterWebhookEndpointInput:
    """Input of `registerWebhookEndpoint`."""

    url: str = strawberry.field(description="Where requests are sent; https only.")
    description: str | None = strawberry.field(
        default=None, description=f"What it is for, in up to {LONGEST_DESCRIPTION} characters."
    )
    nouns: list[str] = strawberry.field(default_factory=list, description=_NOUNS)


@strawberry.input(description="Which endpoint, and what of it is to be other; what is left out stays as it is.")
class ChangeWebhookEndpointInput:
    """Input of `changeWebhookEndpoint`."""

    endpoint_id: strawberry.ID = strawberry.field(description="The endpoint.")
    description: str | None = strawberry.field(default=strawberry.UNSET, description="What it is for.")
    nouns: list[str] | None = strawberry.field(default=strawberry.UNSET, description=_NOUNS)


@strawberry.input(description="Which endpoint.")
class WebhookEndpointInput:
    """Input of what needs no more."""

    endpoint_id: strawberry.ID = strawberry.field(description="The endpoint.")


@strawberry.input(description="Which endpoint, and where it goes on.")
class ResumeWebhookEndpointInput:
    """Input of `proveWebhookEndpoint` and `resumeWebhookEndpoint`."""

    endpoint_id: strawberry.ID = strawberry.field(description="The endpoint.")
    from_now: bool = strawberry.field(
        default=False,
        description="Leave out what has happened since it was told last. One that is proven for the first time is told "
        "from then on in any case.",
    )


@strawberry.input(description="Which endpoint gets another secret, and for how long the one before signs as well.")
class RotateWebhookSecretInput:
    """Input of `rotateWebhookSecret`."""

    endpoint_id: strawberry.ID = strawberry.field(description="The endpoint.")
    overlap: DurationMinutes | None = strawberry.field(
        default=None, description="From PT0S, which ends it at once, to P7D; PT24H when left out."
    )


@strawberry.input(description="Which delivery.")
class RedeliverWebhookInput:
    """Input of `redeliverWebhook`."""

    delivery_id: strawberry.ID = strawberry.field(description="The delivery; one that is over.")


@strawberry.type(description="What came of one request to an endpoint.")
class WebhookAttempt:
    """Of `proveWebhookEndpoint`, `testWebhookEndpoint` and `redeliverWebhook`."""

    outcome: _WebhookOutcome = strawberry.field(description="What came of it; OK, or why it did not succeed.")
    is_ok: bool = strawberry.field(description="Whether it succeeded.")
    status_code: int | None = strawberry.field(description="The HTTP status of the answer, where there was one.")
    took_ms: int = strawberry.field(description="How long it took, in milliseconds.")
    excerpt: str | None = strawberry.field(description="The first characters of the answer.")


def webhook_mutations(nouns: Mapping[str, Any]) -> type:
    """Make the Strawberry type that has the mutations as its fields; `nouns` are the types of records by name."""
    endpoint_type, delivery_type = nouns[WEBHOOK_ENDPOINT.name], nouns[WEBHOOK_DELIVERY.name]

    @strawberry.type(description="An endpoint that was registered.")
    class WebhookEndpointRegistered:
        """What `registerWebhookEndpoint` gives."""

        endpoint_id: strawberry.Private[str]
        endpoint: endpoint_type = strawberry.field(  # type: ignore[valid-type]
            resolver=_endpoint, description="The endpoint, PENDING until it is proven."
        )
        secret: str | None = strawberry.field(
            description="What its messages are signed with (`whsec_…`). It is shown now and never again; null where "
            "this call repeats an earlier one."
        )

    @strawberry.type(description="An endpoint with another secret.")
    class WebhookSecretRotated:
        """What `rotateWebhookSecret` gives."""

        endpoint_id: strawberry.Private[str]
        endpoint: endpoint_type = strawberry.field(  # type: ignore[valid-type]
            resolver=_endpoint, description="The endpoint."
        )
        secret: str | None = strawberry.field(
            description="The new secret, shown now and never again; null where this call repeats an earlier one."
        )
        previous_until: DateTimeText = strawberry.field(description="Until when the secret before signs as well.")

    @strawberry.type(description="What came of a request to an endpoint, and how it stands now.")
    class WebhookEndpointTried:
        """What `proveWebhookEndpoint` and `testWebhookEndpoint` give."""

        endpoint_id: strawberry.Private[str]
        endpoint: endpoint_type = strawberry.field(  # type: ignore[valid-type]
            resolver=_endpoint, description="The endpoint as it stands now."
        )
        attempt: WebhookAttempt = strawberry.field(description="What came of the request.")

    @strawberry.type(description="What came of sending a delivery again, and how it stands now.")
    class WebhookRedelivered:
        """What `redeliverWebhook` gives."""

        delivery_id: strawberry.Private[str]
        delivery: delivery_type = strawberry.field(  # type: ignore[valid-type]
            resolver=_delivery, description="The delivery as it stands now."
        )
        attempt: WebhookAttempt = strawberry.field(description="What came of the request.")

    def result(name: str, answer: Any, words: str) -> Any:
        return payload(f"{name}Result", answer, f"{words}; or why not.")

    async def register(
        info: Info[Context, None],
        given: Annotated[RegisterWebhookEndpointInput, strawberry.argument(name="input", description="Where, what.")],
        idempotency_key: Key = None,
    ) -> Any:
        office = info.context.part(WebhookOffice)

        async def ask(**common: Any) -> service.Registered:
            return await service.register_endpoint(
                **common,
                sealing=office.sealing,
                ports=office.limits.ports,
                networks=office.limits.networks,
                **vars(given),
            )

        return await carry_out(
            info, ask, given, idempotency_key, lambda made: WebhookEndpointRegistered(**_parts(made))
        )

    async def rotate(
        info: Info[Context, None],
        given: Annotated[RotateWebhookSecretInput, strawberry.argument(name="input", description="Which, how long.")],
        idempotency_key: Key = None,
    ) -> Any:
        office = info.context.part(WebhookOffice)

        async def ask(**common: Any) -> service.Rotated:
            overlap = USUAL_OVERLAP if given.overlap is None else timedelta(minutes=given.overlap)
            return await service.rotate_secret(
                **common, sealing=office.sealing, endpoint_id=given.endpoint_id, overlap=overlap
            )

        return await carry_out(info, ask, given, idempotency_key, lambda made: WebhookSecretRotated(**_parts(made)))

    async def prove(
        info: Info[Context, None],
        given: Annotated[ResumeWebhookEndpointInput, strawberry.argument(name="input", description="Which endpoint.")],
    ) -> Any:
        office = info.context.part(WebhookOffice)

        async def ask(**common: Any) -> Attempt:
            del common["idempotency"]
            attempt = await service.prove_endpoint(**common, dispatch=office.dispatch, **vars(given))
            office.nudge(given.endpoint_id)
            return attempt

        return await carry_out(
            info,
            ask,
            given,
            None,
            lambda made: WebhookEndpointTried(endpoint_id=given.endpoint_id, attempt=_told(made)),
        )

    async def test(
        info: Info[Context, None],
        given: Annotated[WebhookEndpointInput, strawberry.argument(name="input", description="Which endpoint.")],
    ) -> Any:
        dispatch = info.context.part(WebhookOffice).dispatch

        async def ask(*, graph: Any, actor: Any, clock: Any, **_: Any) -> Attempt:
            return await service.try_endpoint(graph, actor, clock, dispatch=dispatch, endpoint_id=given.endpoint_id)

        return await carry_out(
            info,
            ask,
            given,
            None,
            lambda made: WebhookEndpointTried(endpoint_id=given.endpoint_id, attempt=_told(made)),
        )

    async def redeliver(
        info: Info[Context, None],
        given: Annotated[RedeliverWebhookInput, strawberry.argument(name="input", description="Which delivery.")],
    ) -> Any:
        dispatch = info.context.part(WebhookOffice).dispatch

        async def ask(*, graph: Any, actor: Any, clock: Any, laws: Any, **_: Any) -> Attempt:
            return await service.redeliver(
                graph, actor, clock, laws=laws, dispatch=dispatch, delivery_id=given.delivery_id
            )

        return await carry_out(
            info, ask, given, None, lambda made: WebhookRedelivered(delivery_id=given.delivery_id, attempt=_told(made))
        )

    registered = result("RegisterWebhookEndpoint", WebhookEndpointRegistered, "The endpoint and its secret")
    changed = result("ChangeWebhookEndpoint", endpoint_type, "The endpoint, changed")
    proven = result("ProveWebhookEndpoint", WebhookEndpointTried, "What came of the challenge")
    paused = result("PauseWebhookEndpoint", endpoint_type, "The endpoint, PAUSED")
    resumed = result("ResumeWebhookEndpoint", endpoint_type, "The endpoint, ACTIVE again")
    rotated = result("RotateWebhookSecret", WebhookSecretRotated, "The endpoint and its new secret")
    retired = result("RetireWebhookEndpoint", endpoint_type, "The endpoint, retired")
    tested = result("TestWebhookEndpoint", WebhookEndpointTried, "What came of the test")
    redelivered = result("RedeliverWebhook", WebhookRedelivered, "What came of it")

    @strawberry.type
    class WebhookMutations:
        """Part of `Mutation`."""

        register_webhook_endpoint: registered = strawberry.field(  # type: ignore[valid-type]
            resolver=register,
            description="Register an address that is to be told of changes, and get its secret. Nothing is sent until "
            "it is proven with `proveWebhookEndpoint`. See docs/webhooks.md." + _ROLE,
        )
        change_webhook_endpoint: changed = strawberry.field(  # type: ignore[valid-type]
            resolver=_change,
            description="Change what an endpoint is for, or told of from its next message on. Its address stays: "
            "register another one." + _ROLE,
        )
        prove_webhook_endpoint: proven = strawberry.field(  # type: ignore[valid-type]
            resolver=prove,
            description="Send a challenge to an endpoint that is PENDING or DISABLED. One that answers with the word "
            "in it (`data.challenge`) becomes ACTIVE." + _ROLE,
        )
        pause_webhook_endpoint: paused = strawberry.field(  # type: ignore[valid-type]
            resolver=_pause, description="Tell an ACTIVE endpoint nothing until it is resumed." + _ROLE
        )
        resume_webhook_endpoint: resumed = strawberry.field(  # type: ignore[valid-type]
            resolver=_resume, description="Go on telling a PAUSED endpoint." + _ROLE
        )
        rotate_webhook_secret: rotated = strawberry.field(  # type: ignore[valid-type]
            resolver=rotate,
            description="Give an endpoint another secret. Until the one before ends, messages are signed by both."
            + _ROLE,
        )
        retire_webhook_endpoint: retired = strawberry.field(  # type: ignore[valid-type]
            resolver=_retire, description="Take an endpoint out of force for good." + _ROLE
        )
        test_webhook_endpoint: tested = strawberry.field(  # type: ignore[valid-type]
            resolver=test,
            description="Send a signed test (`webhook.test`) to an endpoint in whatever state, and say what came of "
            "it. It changes nothing." + _ROLE,
        )
        redeliver_webhook: redelivered = strawberry.field(  # type: ignore[valid-type]
            resolver=redeliver,
            description="Send a delivery that is over again, at once and under its id, and say what came of it."
            + _ROLE,
        )

    return WebhookMutations


async def _change(
    info: Info[Context, None],
    given: Annotated[ChangeWebhookEndpointInput, strawberry.argument(name="input", description="Which, and what.")],
    idempotency_key: Key = None,
) -> Any:
    async def ask(**common: Any) -> str:
        said = {name: each for name, each in vars(given).items() if each is not strawberry.UNSET}
        return await service.change_endpoint(**common, endpoint_id=said.pop("endpoint_id"), given=said)

    return await _carry_out(info, ask, given, idempotency_key)


async def _pause(
    info: Info[Context, None],
    given: Annotated[WebhookEndpointInput, strawberry.argument(name="input", description="Which endpoint.")],
    idempotency_key: Key = None,
) -> Any:
    async def ask(**common: Any) -> str:
        return await service.pause_endpoint(**common, endpoint_id=given.endpoint_id)

    return await _carry_out(info, ask, given, idempotency_key)


async def _resume(
    info: Info[Context, None],
    given: Annotated[ResumeWebhookEndpointInput, strawberry.argument(name="input", description="Which, from where.")],
    idempotency_key: Key = None,
) -> Any:
    async def ask(**common: Any) -> str:
        return await service.resume_endpoint(**common, **vars(given))

    return await _carry_out(info, ask, given, idempotency_key)


async def _retire(
    info: Info[Context, None],
    given: Annotated[WebhookEndpointInput, strawberry.argument(name="input", description="Which endpoint.")],
    idempotency_key: Key = None,
) -> Any:
    async def ask(**common: Any) -> str:
        return await service.retire_endpoint(**common, endpoint_id=given.endpoint_id)

    return await _carry_out(info, ask, given, idempotency_key)


async def _carry_out(
    info: Info[Context, None], ask: Callable[..., Awaitable[str]], given: Any, idempotency_key: str | None
) -> Any:
    answer = await carry_out(info, ask, given, idempotency_key, record(WEBHOOK_ENDPOINT.name))
    if isinstance(answer, StoredRecord):
        info.context.part(WebhookOffice).nudge(answer.id)
    return answer


def _parts(made: Any) -> dict[str, Any]:
    return {name: getattr(made, name) for name in made.__dataclass_fields__}


def _told(attempt: Attempt) -> WebhookAttempt:
    return WebhookAttempt(
        outcome=attempt.outcome,
        is_ok=attempt.is_ok,
        status_code=attempt.status_code,
        took_ms=attempt.took_ms,
        excerpt=attempt.excerpt,
    )


def _endpoint(root: strawberry.Parent[Any]) -> Any:
    return StoredRecord(WEBHOOK_ENDPOINT.name, root.endpoint_id)


def _delivery(root: strawberry.Parent[Any]) -> Any:
    return StoredRecord(WEBHOOK_DELIVERY.name, root.delivery_id)
