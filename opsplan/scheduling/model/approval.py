"""What a host's authority says of its part of a plan, as a noun."""

from enum import StrEnum

from opsplan.records.declaration import Direction, Kind, Noun, Property, Relation


class ApprovalState(StrEnum):
    """What an authority has said of its part of a plan."""

    ASKED = "ASKED"
    APPROVED = "APPROVED"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"
    REPLACED = "REPLACED"
    VOID = "VOID"


APPROVAL = Noun(
    "Approval",
    "Approvals",
    "What the approving authority of a host country says of its part of a plan: the actions on its soil, its units, "
    "and the times of the groups that bind them.",
    owner="scheduling",
    entered=False,
    properties=(
        Property(
            "state",
            Kind.CHOICE,
            "ASKED until the authority answers, which no silence does. REPLACED: approved, but the plan asks for "
            "another part now; it counts again wherever the part is the same. VOID: asked for in vain.",
            choices=ApprovalState,
            entered=False,
            indexed=True,
            sorted_by=True,
        ),
        Property(
            "document",
            Kind.LONG_TEXT,
            "The part, as canonical JSON (RFC 8785). These very bytes (UTF-8) are what the authority signs.",
            entered=False,
        ),
        Property("fingerprint", Kind.TEXT, "SHA-256 of the document, in hexadecimal digits.", entered=False),
        Property("asked_at", Kind.INSTANT, "When it was asked for this part.", entered=False, sorted_by=True),
        Property("answer_by", Kind.INSTANT, "Until when it may answer.", entered=False, sorted_by=True),
        Property("answered_at", Kind.INSTANT, "When it did.", entered=False, sorted_by=True),
        Property("answered_by", Kind.TEXT, "Who answered for it.", entered=False),
        Property("comment", Kind.LONG_TEXT, "What it says beside its answer.", entered=False),
        Property(
            "refusals",
            Kind.JSON,
            "Actions that it refuses: of each the `actionId` and the `reason`.",
            entered=False,
        ),
        Property(
            "signature",
            Kind.LONG_TEXT,
            "Of an approval: the detached JSON Web Signature (RFC 7515, appendix F) over the document.",
            entered=False,
        ),
        Property("key_id", Kind.TEXT, "The key that made it, by its thumbprint (`AgencyKey.keyId`).", entered=False),
    ),
    relations=(
        Relation("plan", "APPROVAL_OF", "Plan", "Of which plan.", entered=False, required=True),
        Relation("country", "APPROVES_FOR", "Country", "For which country.", entered=False, required=True),
        Relation("authority", "ASKED_OF", "Agency", "Who is asked.", entered=False, required=True),
        Relation("refused_actions", "REFUSES", "Action", "The actions that it refuses.", many=True, entered=False),
        Relation(
            "carried_from",
            "CARRIED_FROM",
            "Approval",
            "The approval of an earlier plan that holds for this one as well, as the part is the same.",
            entered=False,
        ),
        Relation(
            "carried_to",
            "CARRIED_FROM",
            "Approval",
            "Approvals of later plans that rest on this one.",
            Direction.IN,
            many=True,
            entered=False,
        ),
    ),
)
