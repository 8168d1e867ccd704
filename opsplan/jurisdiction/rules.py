"""The rules of contact points (a zone, some way to reach it, a deputy that is another post) and of keys. Pure."""

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from opsplan.access.jwk import NoPublicKey, bare, public_key, thumbprint
from opsplan.geography.errors import UnknownTimeZone
from opsplan.geography.zones import known_zone
from opsplan.graph.query import Mode, Query
from opsplan.jurisdiction.model import KeyUse
from opsplan.records.laws import Afterwards, Draft, Filled, NounRules
from opsplan.records.problem import Problem
from opsplan.records.values import canonical_json
from opsplan.vocabulary.actor import Role
from opsplan.vocabulary.sentences import say


def fill_contact_point(draft: Draft) -> Filled:
    """Refuse a post of another agency, in no time zone, that cannot be reached, or that deputises for itself."""
    row = draft.row
    problems: list[Problem] = []
    if row.get("agency") is not None and row["agency"] != draft.owner_id:
        what = say("a contact point belongs to the agency that it is a post of")
        problems.append(Problem("agency", row["agency"], what, say("name the agency that owns it"), "agency"))
    problems += _zone(row.get("time_zone") or "")
    if not row.get("phone") and not row.get("secure_channel"):
        what = say("nothing says how it is reached")
        problems.append(Problem("phone", None, what, say("give a phone or a secure channel"), "phone"))
    deputy = draft.only("deputy")
    if deputy is not None and deputy.get("owner_id") != draft.owner_id:
        what = say("{id} is a post of another agency", id=deputy["id"])
        problems.append(
            Problem("deputy", row.get("deputy"), what, say("name another post of the same agency"), "deputy")
        )
    if deputy is not None and deputy["id"] == row.get("id"):
        what = say("a post cannot be its own deputy")
        problems.append(Problem("deputy", row.get("deputy"), what, say("name another post"), "deputy"))
    return {}, problems


def _zone(name: str) -> list[Problem]:
    try:
        known_zone(name)
    except UnknownTimeZone as unknown:
        return [
            Problem("time_zone", name, say("it is no IANA time zone"), unknown.remedy or say("give one"), "time_zone")
        ]
    if "/" not in name and name != "UTC":
        # Not every reader of the database knows them, and EST stands still where New York's clocks change.
        what = say("it is an abbreviation, which names no place")
        return [Problem("time_zone", name, what, say("give a zone as Area/City, such as Asia/Phnom_Penh"), "time_zone")]
    return []


def fill_agency_key(draft: Draft) -> Filled:
    """Refuse what is no public key, or another agency's; fill in its id, and keep nothing beside the key itself."""
    row = draft.row
    if row.get("agency") is not None and row["agency"] != draft.owner_id:
        what = say("a key belongs to the agency that signs with it")
        remedy = say("name one agency as its owner (ownerId) and as its agency")
        return {}, [Problem("agency", row["agency"], what, remedy, "agency")]
    problems = _roles(row)
    if problems:
        return {}, problems
    key = json.loads(row.get("jwk") or "null")
    try:
        public_key(key)
    except NoPublicKey as wrong:
        # What was given may be a secret: it is not repeated.
        return {}, [Problem("jwk", None, wrong.message, wrong.remedy, "jwk")]
    return {"jwk": canonical_json(bare(key)), "key_id": thumbprint(key)}, []


def _roles(row: Mapping[str, Any]) -> list[Problem]:
    roles = row.get("roles") or []
    if row.get("use") == KeyUse.CLIENT.name and not roles:
        return [
            Problem(
                "roles", None, say("nothing says what its tokens allow"), say("name roles, such as PLANNER"), "roles"
            )
        ]
    if row.get("use") != KeyUse.CLIENT.name and roles:
        return [
            Problem(
                "roles", roles, say("only a CLIENT gets tokens"), say("leave them out, or give use CLIENT"), "roles"
            )
        ]
    if Role.ADMINISTRATOR.name in roles:
        what = say("no key on another machine gets the tokens of an administrator")
        return [Problem("roles", Role.ADMINISTRATOR.name, what, say("name other roles"), "roles")]
    return []


KEYS_OF_OTHERS = Query(
    "jurisdiction.keys_of_others",
    Mode.READ,
    """
    UNWIND $ids AS id
    MATCH (key:Record {id: id}) WHERE key:AgencyKey
    MATCH (other:AgencyKey {key_id: key.key_id})
    WHERE other.id <> id AND (other.owner_id <> key.owner_id OR (other.retired_at IS NULL AND key.retired_at IS NULL))
    RETURN id, other.id AS other, other.owner_id = key.owner_id AS is_own
    ORDER BY id, other
    """,
)


def registered_twice(rows: Sequence[Mapping[str, Any]]) -> list[Problem]:
    """Refuse a key that is another's, or was once: what it has signed must be one agency's alone."""
    return [
        Problem(
            "jwk",
            None,
            say("the key is registered already, as {other}", other=row["other"]),
            say("leave it as it is"),
            "jwk",
        )
        if row["is_own"]
        else Problem("jwk", None, say("the key is, or was, another agency's"), say("make a new key pair"), "jwk")
        for row in rows
    ]


RULES: Final[Mapping[str, NounRules]] = MappingProxyType(
    {
        "ContactPoint": NounRules(fill=fill_contact_point, looks_up=("deputy",)),
        "AgencyKey": NounRules(fill=fill_agency_key, afterwards=(Afterwards(KEYS_OF_OTHERS, registered_twice),)),
    }
)
"""The rules of this room's nouns, by name."""
