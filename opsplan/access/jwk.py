"""Public keys as JSON Web Keys (RFC 7517), and their ids (RFC 7638)."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from jwt import PyJWK
from jwt.exceptions import PyJWTError
from jwt.utils import base64url_encode

from opsplan.vocabulary.sentences import Sentence, say

ALGORITHMS: Mapping[tuple[str, str], str] = {
    ("OKP", "Ed25519"): "EdDSA",
    ("EC", "P-256"): "ES256",
}
"""By a key's `kty` and `crv`: the one algorithm that it signs by."""

_MEMBERS: Mapping[str, tuple[str, ...]] = {"OKP": ("crv", "kty", "x"), "EC": ("crv", "kty", "x", "y")}
"""The members that make a key, in the order of RFC 7638."""


class NoPublicKey(ValueError):
    """What was given is no public key that may be registered; `remedy` says what would be."""

    def __init__(self, message: Sentence, remedy: Sentence) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


def public_key(given: object) -> PyJWK:
    """Give the key that a JSON Web Key describes; its `algorithm_name` is what it signs by.

    Raises
    ------
    NoPublicKey
        If it is none of Ed25519 or P-256, or holds a private part.
    """
    kinds = ", ".join(f"{kty} {crv}" for kty, crv in ALGORITHMS)
    if not isinstance(given, Mapping):
        raise NoPublicKey(
            say("it is no JSON Web Key"), say("give a JSON object of one of the kinds {kinds}", kinds=kinds)
        )
    kind = (str(given.get("kty")), str(given.get("crv")))
    if kind not in ALGORITHMS:
        raise NoPublicKey(
            say("it is of a kind that is not taken"), say("make a key of one of the kinds {kinds}", kinds=kinds)
        )
    if "d" in given:
        raise NoPublicKey(
            say("it holds the private part, which is not secret any more"),
            say("make a new pair, and register its public part alone"),
        )
    try:
        return PyJWK(bare(given), algorithm=ALGORITHMS[kind])
    except (PyJWTError, ValueError, TypeError, KeyError) as failure:
        raise NoPublicKey(
            say("its numbers are no point of its curve"), say("give the key as its tool wrote it")
        ) from failure


def bare(key: Mapping[str, Any]) -> dict[str, Any]:
    """Give the members that make a key, and nothing else."""
    return {name: key[name] for name in _MEMBERS[key["kty"]] if name in key}


def thumbprint(key: Mapping[str, Any]) -> str:
    """Give the id of a key: the SHA-256 of its members, base64url (RFC 7638).

    >>> thumbprint({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})
    'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k'
    """
    text = json.dumps(bare(key), sort_keys=True, separators=(",", ":"))
    return base64url_encode(hashlib.sha256(text.encode()).digest()).decode()
