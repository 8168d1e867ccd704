"""An endpoint that is told of changes, and what was sent to it, as nouns."""

from enum import StrEnum

from opsplan.records.declaration import Direction, Kind, Noun, Property, Readership, Relation

LONGEST_URL = 2_000
LONGEST_DESCRIPTION = 500
LONGEST_EXCERPT = 200
"""Characters that are kept of what an endpoint answered."""


class WebhookEndpointState(StrEnum):
    """Whether an endpoint is told of changes."""

    PENDING = "PENDING"
    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"
    DISABLED = "DISABLED"


class WebhookDeliveryState(StrEnum):
    """Whether a delivery has arrived."""

    WAITING = "WAITING"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"
    WITHDRAWN = "WITHDRAWN"


class WebhookOutcome(StrEnum):
    """What came of one attempt to reach an endpoint."""

    OK = "OK"
    REFUSED_STATUS = "REFUSED_STATUS"
    GONE = "GONE"
    REDIRECTED = "REDIRECTED"
    TIMED_OUT = "TIMED_OUT"
    NOT_RESOLVED = "NOT_RESOLVED"
    ADDRESS_REFUSED = "ADDRESS_REFUSED"
    NOT_CONNECTED = "NOT_CONNECTED"
    NOT_TRUSTED = "NOT_TRUSTED"
    BROKEN_OFF = "BROKEN_OFF"
    TOO_LARGE = "TOO_LARGE"
    WRONG_ANSWER = "WRONG_ANSWER"
    NO_SECRET = "NO_SECRET"  # noqa: S105 - it says that there is none


_LAST_ATTEMPT = (
    Property(
        "outcome",
        Kind.CHOICE,
        "What came of the last attempt: OK for a status from 200 to 299; REFUSED_STATUS, GONE (410) and REDIRECTED by "
        "the status; TIMED_OUT, TOO_LARGE and BROKEN_OFF for how it answered; NOT_RESOLVED, ADDRESS_REFUSED, "
        "NOT_CONNECTED and NOT_TRUSTED (its certificate) for why it was not reached; NO_SECRET where none can be read.",
        choices=WebhookOutcome,
        entered=False,
    ),
    Property("status_code", Kind.INTEGER, "The HTTP status of that attempt's answer.", entered=False),
)

WEBHOOK_ENDPOINT = Noun(
    "WebhookEndpoint",
    "WebhookEndpoints",
    "An address of an agency that is told, by signed requests, what happens to records that the agency may read. It is "
    "there for its agency alone.",
    owner="webhooks",
    entered=False,
    changed_by_state_machine="state",
    properties=(
        Property(
            "url",
            Kind.TEXT,
            "Where requests are sent; https only.",
            max_length=LONGEST_URL,
            entered=False,
            changeable=False,
        ),
        Property(
            "description", Kind.TEXT, "What it is for.", max_length=LONGEST_DESCRIPTION, entered=False, sorted_by=True
        ),
        Property(
            "nouns", Kind.TEXT_LIST, "Kinds of records that it is told of; all, when there are none.", entered=False
        ),
        Property(
            "state",
            Kind.CHOICE,
            "PENDING until it is proven; ACTIVE while it is told; PAUSED by its agency; DISABLED after it answered 410 "
            "or failed for too long.",
            choices=WebhookEndpointState,
            default=WebhookEndpointState.PENDING,
            entered=False,
            indexed=True,
            sorted_by=True,
        ),
        Property("state_reason", Kind.TEXT, "Why it is in that state.", entered=False),
        Property("secret_rotated_at", Kind.INSTANT, "When it was given another secret.", entered=False, sorted_by=True),
        Property("proven_at", Kind.INSTANT, "When it last answered the challenge.", entered=False, sorted_by=True),
        Property("last_delivered_at", Kind.INSTANT, "When a delivery last arrived.", entered=False, sorted_by=True),
        Property(
            "failing_since",
            Kind.INSTANT,
            "Since when no attempt has succeeded; null while the last one did.",
            entered=False,
            sorted_by=True,
        ),
    ),
    relations=(
        Relation(
            "deliveries",
            "DELIVERY_TO",
            "WebhookDelivery",
            "What was sent to it, and is to be sent.",
            Direction.IN,
            many=True,
            entered=False,
        ),
    ),
    readership=Readership(condition="{node}.owner_id = $reader.agency_id"),
)

WEBHOOK_DELIVERY = Noun(
    "WebhookDelivery",
    "WebhookDeliveries",
    "One message to an endpoint: what has happened since the one before. Its id is the `webhook-id` it is sent with.",
    owner="webhooks",
    entered=False,
    changed_by_state_machine="state",
    properties=(
        Property(
            "state",
            Kind.CHOICE,
            "WAITING for its next attempt; DELIVERED once the endpoint answered with a status from 200 to 299; FAILED "
            "when all attempts were used up; WITHDRAWN when nothing of it may be told any more.",
            choices=WebhookDeliveryState,
            default=WebhookDeliveryState.WAITING,
            entered=False,
            sorted_by=True,
        ),
        Property(
            "sequence",
            Kind.INTEGER,
            "Its place among the messages to this endpoint, from 1: they are sent one after the other.",
            entered=False,
            sorted_by=True,
        ),
        Property("changes", Kind.INTEGER, "How many changes it told of when it was made.", entered=False),
        Property("attempts", Kind.INTEGER, "How often it was tried.", entered=False, sorted_by=True),
        Property("next_attempt_at", Kind.INSTANT, "When it is tried next.", entered=False, sorted_by=True),
        Property("last_attempt_at", Kind.INSTANT, "When it was last tried.", entered=False, sorted_by=True),
        Property("delivered_at", Kind.INSTANT, "When it first arrived.", entered=False, sorted_by=True),
        *_LAST_ATTEMPT,
        Property("took_ms", Kind.INTEGER, "How long the last attempt took, in milliseconds.", entered=False),
        Property(
            "excerpt",
            Kind.LONG_TEXT,
            f"The first characters of what was answered to the last attempt, at most {LONGEST_EXCERPT}.",
            max_length=LONGEST_EXCERPT,
            entered=False,
        ),
    ),
    relations=(
        Relation("endpoint", "DELIVERY_TO", "WebhookEndpoint", "To which endpoint.", entered=False, required=True),
    ),
    found_together=(("state", "created_at"),),
)

NOUNS = (WEBHOOK_ENDPOINT, WEBHOOK_DELIVERY)
"""All of them."""
