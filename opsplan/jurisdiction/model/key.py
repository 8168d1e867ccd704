"""The public keys of an agency, as a noun: whose signatures count for it."""

from enum import StrEnum

from opsplan.records.declaration import Authority, Kind, Noun, Property, Relation
from opsplan.vocabulary.actor import Role


class KeyUse(StrEnum):
    """What a key's signatures are taken for: the approval of plans, or the getting of tokens by a client."""

    APPROVAL = "APPROVAL"
    CLIENT = "CLIENT"


AGENCY_KEY = Noun(
    "AgencyKey",
    "AgencyKeys",
    "A public key whose signatures count for an agency. An administrator registers it; the agency takes it back by "
    "retiring it.",
    owner="jurisdiction",
    enrolled=True,
    properties=(
        Property(
            "name",
            Kind.TEXT,
            "The post that holds the private part.",
            required=True,
            max_length=200,
            sorted_by=True,
            example="EXERCISE Prosecutor on duty",
        ),
        Property(
            "use",
            Kind.CHOICE,
            "What its signatures are taken for.",
            choices=KeyUse,
            default=KeyUse.APPROVAL,
            changeable=False,
        ),
        Property(
            "roles",
            Kind.CHOICE_LIST,
            "Of a CLIENT: what the tokens that it gets allow. Never to administer.",
            choices=Role,
            max_length=len(Role),
            administered=True,
            example=[Role.PLANNER.name],
        ),
        Property(
            "jwk",
            Kind.JSON,
            "The public key as a JSON Web Key (RFC 7517): Ed25519 (`OKP`) or P-256 (`EC`).",
            required=True,
            changeable=False,
            example={"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
        ),
        Property(
            "key_id",
            Kind.TEXT,
            "Its thumbprint (RFC 7638), which signatures name as `kid`.",
            entered=False,
            indexed=True,
        ),
        Property("end", Kind.INSTANT, "Until when its signatures are taken; open when none."),
    ),
    relations=(
        Relation(
            "agency",
            "KEY_OF",
            "Agency",
            "Whose key it is.",
            required=True,
            changeable=False,
            authority=Authority.OWNER,
            example="KH-PROSECUTOR",
        ),
    ),
)
