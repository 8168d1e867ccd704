"""Approvals as evidence: what is written to a file, and read again, to be checked where there is no service."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opsplan.vocabulary.errors import Invalid
from opsplan.vocabulary.sentences import say


@dataclass(frozen=True, slots=True)
class Evidence:
    """A part's document and the detached signature over it."""

    document: str
    signature: str


def evidence_of(signed: Sequence[Mapping[str, Any]]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Give what a file of approvals holds, and the set of the keys that they name (RFC 7517).

    Of each entry of `signed` are read: country, authority, document, fingerprint, signature, key_id, answered_at, jwk.
    """
    approvals = [
        {
            "country": each["country"],
            "authority": each["authority"],
            "answeredAt": each["answered_at"],
            "fingerprint": each["fingerprint"],
            "keyId": each["key_id"],
            "document": each["document"],
            "signature": each["signature"],
        }
        for each in signed
    ]
    keys = {
        each["key_id"]: {**json.loads(each["jwk"]), "kid": each["key_id"], "use": "sig"}
        for each in signed
        if each["jwk"] is not None
    }
    return approvals, {"keys": [keys[key_id] for key_id in sorted(keys)]}


def read_evidence(content: object, name: str) -> list[Evidence]:
    """Find the approvals in a file's JSON: a list of them, or an answer of the API that holds some anywhere.

    Raises
    ------
    Invalid
        When there are none, or one lacks its document or signature.
    """
    found = list(_entries(content))
    if not found:
        raise Invalid(
            say("FILE: {name} holds no approvals.", name=name),
            field="FILE",
            value=name,
            remedy=say(
                "give what `opsplan approval export` wrote, or an answer with `document` and `signature` of each"
            ),
        )
    evidence: list[Evidence] = []
    for place, each in enumerate(found):
        document, signature = each.get("document"), each.get("signature")
        if not isinstance(document, str) or not isinstance(signature, str) or not _is_object(document):
            raise Invalid(
                say("FILE: entry {place} of {name} has no document that was signed.", place=place + 1, name=name),
                field="FILE",
                value=name,
                remedy=say("leave out what is not approved; take documents as they are"),
            )
        evidence.append(Evidence(document, signature))
    return evidence


def _entries(content: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(content, list):
        for each in content:
            yield from _entries(each)
    elif isinstance(content, dict):
        if "document" in content and "signature" in content:
            yield content
        else:
            for each in content.values():
                yield from _entries(each)


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False
