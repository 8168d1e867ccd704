"""The keys by which agencies sign what they consent to: parts of plans, and how conflicts end."""

import json
from collections.abc import Iterable

from jwt import PyJWK

from opsplan.access.detached import BadSignature, check_detached
from opsplan.access.jwk import NoPublicKey, public_key
from opsplan.graph.query import Mode, Query
from opsplan.graph.transaction import Tx
from opsplan.vocabulary.errors import Invalid
from opsplan.vocabulary.sentences import Sentence, say


class SignatureRefused(Invalid):
    """The signature does not hold over the document that was to be signed."""

    code = "BAD_SIGNATURE"


KEYS = Query(
    "jurisdiction.signing_keys",
    Mode.READ,
    """
    UNWIND $agencies AS agency
    MATCH (:Record {id: agency})<-[:KEY_OF]-(key:AgencyKey)
    WHERE key.retired_at IS NULL AND key.use = 'APPROVAL' AND coalesce(key.end, '9999') > $now
    RETURN agency, key.key_id AS key_id, key.jwk AS jwk
    """,
)


async def signing_keys_of(tx: Tx, agency_ids: Iterable[str], now: str) -> dict[str, dict[str, PyJWK]]:
    """Give the keys by which agencies sign at an instant, by agency and key id."""
    found: dict[str, dict[str, PyJWK]] = {}
    for row in await tx.run(KEYS, agencies=sorted(set(agency_ids)), now=now):
        try:
            key = public_key(json.loads(row["jwk"]))
        except (NoPublicKey, ValueError):
            continue
        found.setdefault(row["agency"], {})[row["key_id"]] = key
    return found


async def key_that_signed(tx: Tx, agency_id: str, document: str, signature: str, now: str, *, remedy: Sentence) -> str:
    """Give the id of the agency's key whose detached signature over a document this is.

    Parameters
    ----------
    remedy
        What to sign, and with which key, for who gave another signature.

    Raises
    ------
    SignatureRefused
        When it was not made over the document with a key of the agency that is in force.
    """
    keys = await signing_keys_of(tx, [agency_id], now)
    try:
        return check_detached(signature, document.encode(), keys.get(agency_id, {}))
    except BadSignature as bad:
        raise SignatureRefused(
            say("input.signature: {why}.", why=bad.message), field="input.signature", remedy=remedy
        ) from bad
